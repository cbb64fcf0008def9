/** The stable codes of {@link BudgetError}. */
export const BudgetErrorCode = {
  /** An amount is no whole number from 0 to 2^53 − 1. */
  INVALID_AMOUNT: 'invalid_amount',
  /** A reservation was settled or released before. */
  RESERVATION_CLOSED: 'reservation_closed',
} as const;
export type BudgetErrorCode = (typeof BudgetErrorCode)[keyof typeof BudgetErrorCode];

/** What this package throws: a mistake of the calling code. That a budget is used up is a result and no error. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
  /** Stable, low cardinality. */
  readonly code: BudgetErrorCode;
  /** The same call would fail again. */
  readonly retryable = false;

  constructor(code: BudgetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
