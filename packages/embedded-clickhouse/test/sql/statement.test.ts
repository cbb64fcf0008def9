import { describe, expect, it } from 'vitest';
import { findOutsideCall } from '../../src/sql/outside-call.ts';
import { readStatement, sqlFromInfile, sqlIntoOutfile, sqlOfCommand } from '../../src/sql/statement.ts';

/** What the engine is given for a statement, and what is left as data. */
function rewritten(sql: string): string {
  const bytes = Buffer.from(sql);
  const statement = readStatement(bytes, true);
  switch (statement?.kind) {
    case 'rows':
      return sqlIntoOutfile(statement, '/pipe', 'TSV');
    case 'insert':
      return `${sqlFromInfile(statement, '/data')} <- ${bytes.subarray(statement.head.dataStart).toString()}`;
    case 'command':
      return sqlOfCommand(statement, 'ID');
    case undefined:
      return 'nothing';
  }
}

const OUT = "INTO OUTFILE '/pipe' TRUNCATE";
const IN = "FROM INFILE '/data' COMPRESSION 'none'";

describe('a statement that gives rows', () => {
  it.each([
    ['SELECT 1', `SELECT 1 ${OUT} FORMAT TSV`],
    ['SELECT 1 -- ;', `SELECT 1 ${OUT} FORMAT TSV`],
    ['(SELECT 1) UNION ALL (SELECT 2);', `(SELECT 1) UNION ALL (SELECT 2) ${OUT} FORMAT TSV`],
    ['SELECT 1 FORMAT JSON', `SELECT 1 ${OUT} FORMAT JSON`],
    ['SELECT 1 format `JSON` settings a = 1', `SELECT 1 ${OUT} format \`JSON\` settings a = 1`],
    ['SELECT 1 AS format FORMAT CSV;', `SELECT 1 AS format ${OUT} FORMAT CSV`],
    ['SELECT format x', `SELECT format x ${OUT} FORMAT TSV`],
    ['SELECT a, format b', `SELECT a, format b ${OUT} FORMAT TSV`],
    ['SELECT t.format f FROM t', `SELECT t.format f FROM t ${OUT} FORMAT TSV`],
    ['SELECT * FROM format FORMAT CSV', `SELECT * FROM format ${OUT} FORMAT CSV`],
    ['SELECT (SELECT 1 FORMAT x)', `SELECT (SELECT 1 FORMAT x) ${OUT} FORMAT TSV`],
    ["SELECT ' FORMAT CSV'", `SELECT ' FORMAT CSV' ${OUT} FORMAT TSV`],
    [
      'WITH insert AS (SELECT 1) SELECT * FROM insert',
      `WITH insert AS (SELECT 1) SELECT * FROM insert ${OUT} FORMAT TSV`,
    ],
    ['SHOW TABLES', `SHOW TABLES ${OUT} FORMAT TSV`],
  ])('%s is sent into the pipe', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });
});

describe('an INSERT with data', () => {
  it.each([
    ['INSERT INTO t VALUES (1)', `INSERT INTO t ${IN} FORMAT Values <-  (1)`],
    ['insert t values', `insert t ${IN} FORMAT Values <- `],
    ['INSERT INTO t FORMAT CSV\n\n1', `INSERT INTO t ${IN} FORMAT CSV <- \n1`],
    ['INSERT INTO t FORMAT CSV \r\n1', `INSERT INTO t ${IN} FORMAT CSV <- 1`],
    ['INSERT INTO t FORMAT CSV 1', `INSERT INTO t ${IN} FORMAT CSV <- 1`],
    ['INSERT INTO TABLE d.`t t` (a, `b`) FORMAT CSV', `INSERT INTO TABLE d.\`t t\` (a, \`b\`) ${IN} FORMAT CSV <- `],
    ['INSERT INTO t (* EXCEPT(a)) VALUES', `INSERT INTO t (* EXCEPT(a)) ${IN} FORMAT Values <- `],
    [
      'INSERT INTO {d:Identifier}.{t:Identifier} VALUES',
      `INSERT INTO {d:Identifier}.{t:Identifier} ${IN} FORMAT Values <- `,
    ],
    [
      "INSERT INTO t SETTINGS a = 'FORMAT x', b = {'c':1}, d = -1 FORMAT CSV",
      `INSERT INTO t ${IN} SETTINGS a = 'FORMAT x', b = {'c':1}, d = -1 FORMAT CSV <- `,
    ],
    [
      "INSERT INTO FUNCTION remote('FORMAT', x.y) PARTITION BY a FORMAT CSV",
      `INSERT INTO FUNCTION remote('FORMAT', x.y) PARTITION BY a ${IN} FORMAT CSV <- `,
    ],
    ['INSERT INTO format FORMAT CSV', `INSERT INTO format ${IN} FORMAT CSV <- `],
    ['/* x */ INSERT -- y\nINTO t FORMAT CSV', `/* x */ INSERT -- y\nINTO t ${IN} FORMAT CSV <- `],
  ])('%s reads it from the file', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });

  it('is known before its data has arrived, and not before its head has', () => {
    const sql = Buffer.from('INSERT INTO t (a, b) FORMAT JSONEachRow\n{"a":1}');
    const headEnd = sql.indexOf('{') + 2;
    for (let length = 0; length < headEnd; length++)
      expect(readStatement(sql.subarray(0, length), false)).toBeUndefined();
    expect(readStatement(sql.subarray(0, headEnd), false)).toMatchObject({
      kind: 'insert',
      head: { format: 'JSONEachRow' },
    });
  });

  it('may be followed by bytes that are no text', () => {
    const sql = Buffer.concat([Buffer.from('INSERT INTO t FORMAT Native\n'), Buffer.from([0xff, 0x27, 0x00, 0xfe])]);
    expect(readStatement(sql, true)).toMatchObject({ kind: 'insert', head: { dataStart: 28 } });
  });
});

describe('another statement', () => {
  it.each([
    ['DROP TABLE t; -- done', 'DROP TABLE t'],
    ['INSERT INTO t SELECT 1', 'INSERT INTO t SELECT 1'],
    ['INSERT INTO t (SELECT 1)', 'INSERT INTO t (SELECT 1)'],
    ['INSERT INTO t (a) (SELECT 1)', 'INSERT INTO t (a) (SELECT 1)'],
    ['WITH 1 AS x INSERT INTO t SELECT x', 'WITH 1 AS x INSERT INTO t SELECT x'],
    ['EXPLAIN SELECT 1', 'EXPLAIN SELECT 1'],
    [
      "KILL QUERY WHERE query_id = 'query_id' OR `query_id` = 'x' SYNC",
      "KILL QUERY WHERE ID = 'query_id' OR ID = 'x' SYNC",
    ],
    ['SYSTEM FLUSH LOGS', 'SYSTEM FLUSH LOGS'],
  ])('%s is run as it is', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected);
  });

  it.each([
    ['', 62],
    [' ; -- x', 62],
    ['SELECT 1; SELECT 2', 62],
    ["SELECT ';'; DROP TABLE t", 62],
    ['INSERT INTO t SELECT 1; DROP TABLE t', 62],
    ["SELECT 1 INTO OUTFILE 'x'", 358],
    ["SELECT 1 into -- a\n outfile 'x'", 358],
    ["EXPLAIN SELECT 1 INTO OUTFILE 'x'", 358],
    ["INSERT INTO t FROM INFILE 'x' FORMAT CSV", 48],
    ["INSERT INTO t FROM/**/INFILE 'x'", 48],
    ['EXPLAIN INSERT INTO t VALUES (1)', 48],
    ['EXPLAIN INSERT INTO t FORMAT CSV 1\n\nDROP TABLE t', 48],
    ['CREATE TABLE a (n Int8) ENGINE = Memory PARALLEL WITH INSERT INTO t VALUES (1)', 48],
    ["INSERT INTO t SELECT * FROM input('a Int8') FORMAT CSV", 48],
    ['INSERT INTO t', 62],
    ['INSERT INTO t (a', 62],
    ['INSERT INTO t WHERE 1', 62],
    ["SELECT '", 62],
    ['SELECT /*', 62],
  ])('%j is refused with %i', (sql, code) => {
    expect(() => rewritten(sql)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a call that reaches outside', () => {
  it.each([
    ["SELECT file('/etc/passwd')", 'file'],
    ["SELECT FILE /* x */ ('/etc/passwd')", 'FILE'],
    ["SELECT `file`('/etc/passwd')", 'file'],
    ["SELECT `fi\\x6ce`('/etc/passwd')", 'fi\\x6ce'],
    ["SELECT * APPLY(file) FROM (SELECT '/etc/passwd')", 'file'],
    ["SELECT * APPLY file FROM (SELECT '/etc/passwd')", 'file'],
    ['CREATE TABLE t (n Int8) ENGINE = MergeTree ORDER BY n SETTINGS disk = disk(type = web)', 'disk'],
  ])('is found in %s', (sql, call) => {
    expect(findOutsideCall(Buffer.from(sql))).toBe(call);
  });

  it.each([
    "SELECT 'file(x)'",
    'SELECT file FROM t',
    'SELECT file, (1)',
    'SELECT profile(1) -- file(',
    'SELECT disk AS d',
  ])('is not found in %s', (sql) => {
    expect(findOutsideCall(Buffer.from(sql))).toBeUndefined();
  });
});
