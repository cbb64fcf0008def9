import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { AccountBook } from './account-book.ts';

/** Times at which parts of a balance expire: they are read and written as one. */
const EXPIRIES_MAX = 1000;
/** The largest whole number that both databases hold. */
const AMOUNT_MAX = 2n ** 63n - 1n;

/** @throws ControlStoreError limit_reached */
export function refuseTooMuch({ amounts, lots }: AccountBook): void {
  if (amounts.granted + amounts.refunded > AMOUNT_MAX || amounts.uncovered > AMOUNT_MAX) {
    throw new ControlStoreError(`The balance would be too large: expected at most ${AMOUNT_MAX} in all.`, {
      code: ControlStoreErrorCode.LIMIT_REACHED,
      field: 'amount',
    });
  }
  if (lots.length <= EXPIRIES_MAX) return;
  throw new ControlStoreError(
    `Parts of the balance would expire at more than ${EXPIRIES_MAX} times: expected grants that expire at the same times, such as midnight.`,
    { code: ControlStoreErrorCode.LIMIT_REACHED, field: 'expiresAtMs' },
  );
}
