/** Why something could not be read. Stable, of low cardinality: answers and metrics carry it. */
export const QueryErrorCode = {
  /** A cursor that was not made here, or not for this list. */
  cursorInvalid: 'cursor_invalid',
  /** The database could not be reached, or is busy: the same may succeed later. */
  databaseUnavailable: 'database_unavailable',
  /** The query took longer than it may. */
  tooSlow: 'too_slow',
  /** The answer is larger, or needs more memory, than it may. */
  tooLarge: 'too_large',
  /** The database answered with an error that the same query will get again. */
  databaseRefused: 'database_refused',
} as const;
export type QueryErrorCode = (typeof QueryErrorCode)[keyof typeof QueryErrorCode];

/** Reading failed. Message: what happened, what was expected, what was received. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: QueryErrorCode;
  /** Whether the same may succeed later. */
  readonly retryable: boolean;

  constructor(code: QueryErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = code === QueryErrorCode.databaseUnavailable || code === QueryErrorCode.tooSlow;
  }
}
