import { BudgetError, BudgetErrorCode } from './budget-error.ts';

/** Money and tokens, both whole. */
export interface SpendAmount {
  readonly nanoUsd: number;
  /** Input and output. */
  readonly tokens: number;
}

/** A number that is no amount compares as false with every limit, and once added to a sum it never leaves it again. */
export function refuseNoAmount({ nanoUsd, tokens }: SpendAmount): void {
  refuseNoCount('nanoUsd', nanoUsd);
  refuseNoCount('tokens', tokens);
}

/** Refuses one field of an amount, or of what one is made of. */
export function refuseNoCount(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new BudgetError(
    BudgetErrorCode.INVALID_AMOUNT,
    `The amount is refused; expected ${field} as a whole number from 0 to 2^53 - 1, received ${String(value)}`,
  );
}
