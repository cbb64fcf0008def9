import { Lexer, TokenKind } from './lexer.ts';

/**
 * Finds a call that reaches outside of the data directory though no grant keeps it from that: the scalar function `file`,
 * which in an embedded engine reads any file, `disk(...)` in a table's settings, which may be on another server, and
 * `sqlite`, which makes the file before it looks for the grant.
 */
export function findOutsideCall(sql: Uint8Array): string | undefined {
  const lexer = new Lexer(sql);
  const before = ['', ''];
  let candidate: string | undefined;
  while (lexer.next() !== TokenKind.end && lexer.kind !== TokenKind.unclosed) {
    if (candidate !== undefined && lexer.is('(')) return candidate;
    const name = nameOf(lexer);
    candidate = name !== undefined && isOutside(name) ? name : undefined;
    // `SELECT * APPLY(file)` and `* APPLY file` call it without brackets behind its name.
    const isApplied = before[1] === 'APPLY' || (before[1] === '(' && before[0] === 'APPLY');
    if (candidate !== undefined && isApplied) return candidate;
    before.shift();
    before.push(lexer.kind === TokenKind.text ? '' : lexer.word());
  }
  return undefined;
}

function nameOf(lexer: Lexer): string | undefined {
  if (lexer.kind === TokenKind.word) return lexer.raw();
  return lexer.kind === TokenKind.quotedName ? lexer.raw().slice(1, -1) : undefined;
}

/** A quoted name may spell any letter as an escape (`fi\x6ce`); nobody else writes a call like that. */
function isOutside(name: string): boolean {
  return OUTSIDE.has(name.toLowerCase()) || name.includes('\\');
}

const OUTSIDE: ReadonlySet<string> = new Set(['file', 'disk', 'sqlite']);
