import { ClickHouseException } from '../clickhouse-exception.ts';
import { readInsertHead, type InsertHead } from './insert-head.ts';
import { Lexer, TokenKind } from './lexer.ts';
import { quoteText } from './literals.ts';
import { scanStatement, type StatementFacts } from './statement-facts.ts';

/** A statement, told apart by how its data travels. */
export type Statement =
  /** Gives rows, perhaps without end: they leave the engine through a pipe. */
  | { readonly kind: 'rows'; readonly sql: Uint8Array; readonly facts: StatementFacts }
  /** Takes the rest of the request as data. */
  | { readonly kind: 'insert'; readonly sql: Uint8Array; readonly head: InsertHead }
  /** Anything else: its answer is short. */
  | { readonly kind: 'command'; readonly sql: Uint8Array; readonly facts: StatementFacts };

/**
 * Reads the beginning of a request. An INSERT with data is known as soon as its head is there; anything else has to be
 * there as a whole, and until it is, the answer is undefined.
 *
 * @throws ClickHouseException if the statement is not one, or not one that may run.
 */
export function readStatement(sql: Uint8Array, isWhole: boolean): Statement | undefined {
  const lexer = new Lexer(sql);
  if (lexer.next() === TokenKind.word && lexer.isWord('INSERT')) {
    const insert = readInsertHead(sql, lexer);
    switch (insert.form) {
      case 'data':
        // The format's name, or the line break behind it, may continue in what has not arrived yet.
        return isWhole || insert.head.dataStart + 2 <= sql.length ? insertStatement(sql, insert.head) : undefined;
      case 'infile':
        throw infileRefused();
      case 'unknown':
        if (isWhole) throw syntaxError(sql, insert.at, 'VALUES, FORMAT, SELECT or WITH');
        return undefined;
      case 'unfinished':
        if (isWhole) throw syntaxError(sql, sql.length, 'VALUES, FORMAT, SELECT or WITH');
        return undefined;
      case 'select':
        break;
    }
  }
  if (!isWhole) return undefined;
  const facts = scanStatement(sql);
  return { kind: givesRows(facts) ? 'rows' : 'command', sql, facts };
}

/** The statement with its rows sent to the file, in the format it names itself or else in the default one. */
export function sqlIntoOutfile(statement: Statement & { kind: 'rows' }, file: string, defaultFormat: string): string {
  const { format, end } = statement.facts;
  const outfile = `INTO OUTFILE ${quoteText(file)} TRUNCATE`;
  return format === undefined
    ? `${decode(statement.sql.subarray(0, end))} ${outfile} FORMAT ${defaultFormat}`
    : `${decode(statement.sql.subarray(0, format.at))}${outfile} ${decode(statement.sql.subarray(format.at, end))}`;
}

/** The INSERT with its data read from the file, its columns and settings as they were. */
export function sqlFromInfile(statement: Statement & { kind: 'insert' }, file: string): string {
  const { targetEnd, settings, format } = statement.head;
  const target = decode(statement.sql.subarray(0, targetEnd));
  const clause = decode(statement.sql.subarray(settings[0], settings[1]));
  const infile = `FROM INFILE ${quoteText(file)} COMPRESSION 'none'`;
  return [target, infile, clause, `FORMAT ${format}`].filter((part) => part !== '').join(' ');
}

/**
 * The statement as it is, without what follows its end. In `KILL QUERY WHERE query_id = 'x'` the name becomes the
 * expression that finds our ids in the engine's process list.
 */
export function sqlOfCommand(statement: Statement & { kind: 'command' }, queryIdExpression: string): string {
  const { queryIdsOfKill, end } = statement.facts;
  let text = '';
  let from = 0;
  for (const [start, stop] of queryIdsOfKill) {
    text += decode(statement.sql.subarray(from, start)) + queryIdExpression;
    from = stop;
  }
  return text + decode(statement.sql.subarray(from, end));
}

/** `;` right behind the format's name is ClickHouse's own error: the data would begin with it. */
function insertStatement(sql: Uint8Array, head: InsertHead): Statement {
  if (head.format !== 'Values' && sql[head.dataStart] === 0x3b) {
    throw ClickHouseException.of('SYNTAX_ERROR', "You have excessive ';' symbol before data for INSERT.");
  }
  return { kind: 'insert', sql, head };
}

/** Those that end in `[INTO OUTFILE] [FORMAT]` and whose answer may be long. */
function givesRows(facts: StatementFacts): boolean {
  return ROWS.has(facts.firstWord) && !facts.isInsertSelect;
}

const ROWS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'FROM', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'WATCH']);

function infileRefused(): ClickHouseException {
  return ClickHouseException.of(
    'NOT_IMPLEMENTED',
    'FROM INFILE is not supported over HTTP: send the data as the body of the request',
  );
}

function syntaxError(sql: Uint8Array, at: number, expected: string): ClickHouseException {
  const near = Buffer.from(sql.subarray(at, at + 80)).toString('utf8');
  const place = near === '' ? 'end of query' : near;
  return ClickHouseException.of(
    'SYNTAX_ERROR',
    `Syntax error: failed at position ${at + 1} (${place}). Expected ${expected}`,
  );
}

/** SQL is text; only data may be anything. */
function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw ClickHouseException.of('BAD_ARGUMENTS', 'The query is not valid UTF-8; bind binary values as parameters', {
      cause,
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
