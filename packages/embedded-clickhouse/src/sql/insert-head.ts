import { Lexer, TokenKind } from './lexer.ts';

/** Where the parts of an INSERT that carries data are. Offsets are bytes. */
export interface InsertHead {
  /** The end of `INSERT INTO t (a, b)`. */
  readonly targetEnd: number;
  /** Start and end of `SETTINGS a = 1, b = 2`, equal if there is none. */
  readonly settings: readonly [start: number, end: number];
  /** `Values` where the statement says VALUES. */
  readonly format: string;
  readonly dataStart: number;
}

/** What an INSERT turned out to be, read up to its data or its SELECT. */
export type InsertForm =
  | { readonly form: 'data'; readonly head: InsertHead }
  | { readonly form: 'select' }
  | { readonly form: 'infile' }
  /** The text ended before it could be told. */
  | { readonly form: 'unfinished' }
  | { readonly form: 'unknown'; readonly at: number };

/**
 * Reads `[INSERT INTO] [TABLE] [FUNCTION] target [(columns)] [SETTINGS ...]` and tells what follows.
 * The lexer stands on INSERT.
 */
export function readInsertHead(sql: Uint8Array, lexer: Lexer): InsertForm {
  lexer.next();
  if (lexer.isWord('INTO')) lexer.next();
  if (lexer.isWord('TABLE')) lexer.next();
  let targetEnd = lexer.isWord('FUNCTION') ? skipTableFunction(lexer) : skipTableName(lexer);
  if (lexer.is('(')) {
    if (startsSelect(sql, lexer)) return { form: 'select' };
    skipBrackets(lexer);
    targetEnd = lexer.end;
    lexer.next();
  }
  if (lexer.isWord('FROM') && peekWord(sql, lexer, 'INFILE')) return { form: 'infile' };
  const settingsStart = lexer.start;
  const settingsEnd = lexer.isWord('SETTINGS') ? skipSettings(lexer) : settingsStart;
  return readSource(sql, lexer, targetEnd, [settingsStart, settingsEnd]);
}

function readSource(sql: Uint8Array, lexer: Lexer, targetEnd: number, settings: readonly [number, number]): InsertForm {
  const data = (format: string, dataStart: number): InsertForm => ({
    form: 'data',
    head: { targetEnd, settings, format, dataStart },
  });
  if (lexer.isWord('VALUES')) return data('Values', lexer.end);
  if (lexer.isWord('SELECT') || lexer.isWord('WITH') || lexer.is('(')) return { form: 'select' };
  if (lexer.isWord('FORMAT')) {
    const kind = lexer.next();
    if (kind === TokenKind.word) return data(lexer.raw(), skipLineStart(sql, lexer.end));
  }
  const isCut = lexer.kind === TokenKind.end || lexer.kind === TokenKind.unclosed;
  return isCut ? { form: 'unfinished' } : { form: 'unknown', at: lexer.start };
}

/** Data starts after the spaces behind the format's name and one line break, if there is one (`ParserInsertQuery.cpp`). */
function skipLineStart(sql: Uint8Array, from: number): number {
  let at = from;
  while (sql[at] === 0x20 || sql[at] === 0x09 || sql[at] === 0x0c) at++;
  if (sql[at] === 0x0d) at++;
  if (sql[at] === 0x0a) at++;
  return at;
}

/** `[db.]table`, each a name, a quoted name or `{parameter:Identifier}`. Leaves the lexer behind it. */
function skipTableName(lexer: Lexer): number {
  let end = skipName(lexer);
  while (lexer.is('.')) {
    lexer.next();
    end = skipName(lexer);
  }
  return end;
}

function skipName(lexer: Lexer): number {
  if (lexer.is('{')) skipBrackets(lexer);
  const end = lexer.end;
  lexer.next();
  return end;
}

/** `FUNCTION name(...) [PARTITION BY expression]`. Leaves the lexer behind it. */
function skipTableFunction(lexer: Lexer): number {
  let end = lexer.end;
  while (lexer.kind !== TokenKind.end && lexer.kind !== TokenKind.unclosed) {
    lexer.next();
    if (SOURCES.some((word) => lexer.isWord(word))) break;
    if (lexer.is('(')) skipBrackets(lexer);
    end = lexer.end;
  }
  return end;
}

const SOURCES = ['SETTINGS', 'VALUES', 'FORMAT', 'SELECT', 'WITH', 'FROM'] as const;

/** `SETTINGS name = value, ...`; a value is one literal or something in brackets. Leaves the lexer behind it. */
function skipSettings(lexer: Lexer): number {
  let end: number;
  do {
    while (!lexer.is('=') && lexer.next() !== TokenKind.end && lexer.kind !== TokenKind.unclosed);
    lexer.next();
    if (lexer.is('-') || lexer.is('+')) lexer.next();
    if (lexer.is('{') || lexer.is('[') || lexer.is('(')) skipBrackets(lexer);
    end = lexer.end;
    lexer.next();
  } while (lexer.is(','));
  return end;
}

/** From an opening bracket to its closing one, on which the lexer is left. */
function skipBrackets(lexer: Lexer): void {
  let depth = 0;
  do {
    if (lexer.is('(') || lexer.is('[') || lexer.is('{')) depth++;
    if (lexer.is(')') || lexer.is(']') || lexer.is('}')) depth--;
    if (depth === 0) return;
    lexer.next();
  } while (lexer.kind !== TokenKind.end && lexer.kind !== TokenKind.unclosed);
}

/** Tells `(SELECT 1)` from a list of columns. */
function startsSelect(sql: Uint8Array, lexer: Lexer): boolean {
  const ahead = new Lexer(sql, lexer.end);
  ahead.next();
  return ahead.is('(') || ahead.isWord('SELECT') || ahead.isWord('WITH');
}

function peekWord(sql: Uint8Array, lexer: Lexer, word: string): boolean {
  const ahead = new Lexer(sql, lexer.end);
  ahead.next();
  return ahead.isWord(word);
}
