import { QueryError, QueryErrorCode } from './query-error.ts';

/** Where a page of a list ended: after the row with this key. New rows before it move nothing. */
export interface Position {
  /** Value that the list is ordered by, an integer as text. */
  readonly key: string;
  readonly sessionId: string;
  /** Tells apart what belongs to no session. */
  readonly workflow: string;
}

/** Longer ones were not made here: a session id of a megabyte is one and a third in base64. */
const CURSOR_LENGTH_MAX = 4_000_000;

/** A position as text that says nothing to others. `list` names the list and its order, to which alone it belongs. */
export function writeCursor(list: string, { key, sessionId, workflow }: Position): string {
  return Buffer.from(JSON.stringify([list, key, sessionId, workflow]), 'utf8').toString('base64url');
}

/** @throws QueryError `cursor_invalid` */
export function readCursor(list: string, cursor: string): Position {
  const parts = cursor.length > CURSOR_LENGTH_MAX ? undefined : parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 4 || !parts.every((part) => typeof part === 'string')) throw invalid();
  const [of, key, sessionId, workflow] = parts as [string, string, string, string];
  if (of !== list || !isInt64(key)) throw invalid();
  return { key, sessionId, workflow };
}

function isInt64(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function invalid(): QueryError {
  return new QueryError(
    QueryErrorCode.cursorInvalid,
    'The cursor cannot be read: expected next_cursor of an answer to the same list in the same order',
  );
}
