import { BudgetError, BudgetErrorCode } from './budget-error.ts';

/** Money and tokens, both whole. */
export interface SpendAmount {
  readonly nanoUsd: number;
  /** Input and output. */
  readonly tokens: number;
}

/** A number that is no amount compares as false with every limit, and once added to a sum it never leaves it again. */
export function refuseNoAmount({ nanoUsd, tokens }: SpendAmount): void {
  if (!isAmount(nanoUsd)) throw noAmount('nanoUsd', nanoUsd);
  if (!isAmount(tokens)) throw noAmount('tokens', tokens);
}

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function noAmount(field: string, value: unknown): BudgetError {
  return new BudgetError(
    BudgetErrorCode.INVALID_AMOUNT,
    `The amount is refused; expected ${field} as a whole number from 0 to 2^53 - 1, received ${String(value)}`,
  );
}
