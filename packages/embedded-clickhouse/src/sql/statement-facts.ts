import { ClickHouseException } from '../clickhouse-exception.ts';
import { readInsertHead } from './insert-head.ts';
import { Lexer, TokenKind } from './lexer.ts';

/** What has to be known of a statement before it may be handed to the engine. Offsets are bytes. */
export interface StatementFacts {
  /** In upper case, brackets before it left out. */
  readonly firstWord: string;
  /** The end of the last token that belongs to the statement. */
  readonly end: number;
  /** The FORMAT clause: where it begins and what it names. */
  readonly format: { readonly at: number; readonly name: string } | undefined;
  readonly isInsertSelect: boolean;
  /** The engine named by CREATE DATABASE. */
  readonly databaseEngine: string | undefined;
  /** Where KILL QUERY says `query_id`. */
  readonly queryIdsOfKill: readonly (readonly [start: number, end: number])[];
}

/**
 * Reads a whole statement once.
 *
 * @throws ClickHouseException where the engine, left alone, would do what ClickHouse's HTTP interface does not: run a
 * second statement, write a file, or read inline data, which it would cut at the first blank line.
 */
export function scanStatement(sql: Uint8Array): StatementFacts {
  const scan = new Scan(sql);
  const lexer = new Lexer(sql);
  while (lexer.next() !== TokenKind.end) scan.accept(lexer);
  return scan.finish();
}

class Scan {
  #firstWord = '';
  #secondWord = '';
  #end = 0;
  #isEnded = false;
  #depth = 0;
  /** The last token, if it was a word (in upper case) or a symbol. */
  #previous = '';
  #previousStart = 0;
  #format: { at: number; name: string } | undefined;
  /** How much of `FORMAT name` or `FORMAT name SETTINGS` has been read. */
  #formatState: 'none' | 'keyword' | 'named' | 'settings' = 'none';
  #formatAt = 0;
  #isInsertSelect = false;
  #databaseEngine: string | undefined;
  #isAfterEngine = false;
  readonly #queryIds: [number, number][] = [];
  readonly #sql: Uint8Array;

  constructor(sql: Uint8Array) {
    this.#sql = sql;
  }

  accept(lexer: Lexer): void {
    if (lexer.kind === TokenKind.unclosed) throw syntaxError('a string, a quoted name or a comment is not closed');
    if (lexer.is(';')) {
      this.#isEnded = this.#firstWord !== '';
      return;
    }
    if (this.#isEnded) throw syntaxError('Multi-statements are not allowed');
    const word = lexer.kind === TokenKind.word ? lexer.word() : '';
    this.#acceptFormat(lexer, word);
    if (lexer.is('(') || lexer.is('[') || lexer.is('{')) this.#depth++;
    if (lexer.is(')') || lexer.is(']') || lexer.is('}')) this.#depth--;
    if (word !== '') this.#acceptWord(lexer, word);
    else if (this.#firstWord === '' && !lexer.is('(')) this.#firstWord = lexer.raw();
    const isQueryId = lexer.kind === TokenKind.quotedName || word === 'QUERY_ID';
    if (this.#firstWord === 'KILL' && isQueryId && QUERY_ID.test(lexer.raw())) {
      this.#queryIds.push([lexer.start, lexer.end]);
    }
    if (this.#isInsertSelect && lexer.is('(') && this.#previous === 'INPUT') throw inputRefused();
    this.#previousStart = lexer.start;
    this.#previous = word === '' && lexer.kind === TokenKind.symbol ? lexer.raw() : word;
    this.#end = lexer.end;
  }

  finish(): StatementFacts {
    if (this.#firstWord === '') throw syntaxError('Empty query');
    return {
      firstWord: this.#firstWord,
      end: this.#end,
      format: this.#formatState === 'named' || this.#formatState === 'settings' ? this.#format : undefined,
      isInsertSelect: this.#isInsertSelect,
      databaseEngine: this.#databaseEngine,
      queryIdsOfKill: this.#queryIds,
    };
  }

  #acceptWord(lexer: Lexer, word: string): void {
    if (this.#firstWord === '') this.#firstWord = word;
    else if (this.#secondWord === '') this.#secondWord = word;
    if (word === 'OUTFILE' && this.#previous === 'INTO') throw outfileRefused();
    if (word === 'INTO' && this.#previous === 'INSERT') this.#acceptInsert(this.#previousStart);
    this.#acceptDatabaseEngine(lexer, word);
  }

  /** `CREATE DATABASE d ENGINE = Name` or `... ENGINE Name`. */
  #acceptDatabaseEngine(lexer: Lexer, word: string): void {
    const isDatabase =
      this.#secondWord === 'DATABASE' && (this.#firstWord === 'CREATE' || this.#firstWord === 'ATTACH');
    if (!isDatabase || this.#depth > 0) return;
    const isNamed = this.#isAfterEngine && (this.#previous === 'ENGINE' || this.#previous === '=');
    if (isNamed) this.#databaseEngine ??= lexer.raw();
    this.#isAfterEngine = word === 'ENGINE';
  }

  /** An INSERT inside another statement (EXPLAIN, WITH, PARALLEL WITH) may select, but not carry data. */
  #acceptInsert(from: number): void {
    const ahead = new Lexer(this.#sql, from);
    ahead.next();
    const { form } = readInsertHead(this.#sql, ahead);
    if (form === 'select') this.#isInsertSelect = true;
    else if (form === 'data' || form === 'infile') throw nestedDataRefused();
  }

  /**
   * The clause is the last `FORMAT name` outside of brackets that nothing but SETTINGS follows, and not a column of that
   * name: `SELECT format x`, `SELECT t.format f`.
   */
  #acceptFormat(lexer: Lexer, word: string): void {
    if (this.#formatState === 'settings') return;
    if (this.#formatState === 'keyword' && (word !== '' || lexer.kind === TokenKind.quotedName)) {
      this.#format = { at: this.#formatAt, name: lexer.raw().replaceAll(/[`"]/g, '') };
      this.#formatState = 'named';
      return;
    }
    const isSettings = this.#formatState === 'named' && word === 'SETTINGS';
    this.#formatState = isSettings ? 'settings' : 'none';
    if (word === 'FORMAT' && this.#depth === 0 && !NOT_BEFORE_FORMAT.has(this.#previous)) {
      this.#formatState = 'keyword';
      this.#formatAt = lexer.start;
    }
  }
}

const QUERY_ID = /^[`"]?query_id[`"]?$/;

/** After these, `format` is the name of a column or of a table. */
const NOT_BEFORE_FORMAT: ReadonlySet<string> = new Set(
  'SELECT DISTINCT AS FROM JOIN BY AND OR NOT WHERE PREWHERE HAVING ON IN LIKE BETWEEN THEN ELSE WHEN CASE , . ( [ + - / % = < > !'.split(
    ' ',
  ),
);

function syntaxError(what: string): ClickHouseException {
  return ClickHouseException.of('SYNTAX_ERROR', `Syntax error: ${what}`);
}

function outfileRefused(): ClickHouseException {
  return ClickHouseException.of('INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed');
}

function inputRefused(): ClickHouseException {
  return ClickHouseException.of(
    'NOT_IMPLEMENTED',
    'The table function input() is not supported by the embedded engine: insert into a temporary table within a session',
  );
}

function nestedDataRefused(): ClickHouseException {
  return ClickHouseException.of(
    'NOT_IMPLEMENTED',
    'An INSERT with data is not supported inside of another statement: send it by itself',
  );
}
