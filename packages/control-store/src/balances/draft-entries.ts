// In: an account and a request. Out: the entries it makes. Refused: what the balance does not have. Pure.

import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { AccountBook, AppliedEntry, EntryDraft, Reservation } from './account-book.ts';
import { BalanceEntryKind } from './balances.ts';
import { expiredOf, sumOf, takeLots, type Lots } from './lots.ts';

const PLAIN = { uncovered: 0n, refersTo: null, expiresAtMs: null } as const;

/** What has expired or lapsed by now is written down, before anything else is looked at. */
export function applyDue(book: AccountBook, nowMs: number): readonly AppliedEntry[] {
  const applied: AppliedEntry[] = [];
  const due = [...book.reservations.values()].filter(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= nowMs);
  for (const reservation of due) applied.push(...applyEnd(book, { kind: BalanceEntryKind.LAPSE, reservation, nowMs }));
  for (const lot of expiredOf(book.lots, nowMs)) {
    applied.push(book.apply({ ...PLAIN, ...lot, kind: BalanceEntryKind.EXPIRE }));
  }
  return applied;
}

/** Frees what a reservation holds; what of it has expired meanwhile is gone. */
export function applyEnd(
  book: AccountBook,
  end: { readonly kind: 'release' | 'lapse'; readonly reservation: Reservation; readonly nowMs: number },
): readonly AppliedEntry[] {
  const { kind, reservation, nowMs } = end;
  const expired = applyExpiryOfHeld(book, { reservation, unused: reservation.lots, nowMs });
  const amount = sumOf(book.reservations.get(reservation.sequence)?.lots ?? []);
  return [...expired, book.apply({ ...PLAIN, kind, amount, refersTo: reservation.sequence })];
}

/**
 * Ends a reservation by what was used. What is above the reservation comes from what is free; what is above that is uncovered. Of a reservation
 * that lapsed everything comes from what is free.
 */
export function applySettle(
  book: AccountBook,
  settle: { readonly reservation: number; readonly amount: bigint; readonly nowMs: number },
): readonly AppliedEntry[] {
  const { reservation: refersTo, amount, nowMs } = settle;
  const reservation = book.reservations.get(refersTo);
  const held = sumOf(reservation?.lots ?? []);
  const missing = amount - held - book.amounts.free;
  const uncovered = missing > 0n ? missing : 0n;
  const expired =
    reservation === undefined || amount >= held
      ? []
      : applyExpiryOfHeld(book, { reservation, unused: takeLots(reservation.lots, amount).rest, nowMs });
  return [...expired, book.apply({ ...PLAIN, kind: BalanceEntryKind.SETTLE, amount, uncovered, refersTo })];
}

/** Reserves or spends what is free. @throws ControlStoreError insufficient_balance */
export function applyTaking(
  book: AccountBook,
  draft: Pick<EntryDraft, 'kind' | 'amount'> & { readonly expiresAtMs?: number | null },
): AppliedEntry {
  const { free } = book.amounts;
  if (draft.amount > free) {
    throw new ControlStoreError(`The balance has too little: expected at least ${draft.amount} free, it has ${free}.`, {
      code: ControlStoreErrorCode.INSUFFICIENT_BALANCE,
      field: 'amount',
    });
  }
  return book.apply({ ...PLAIN, ...draft });
}

export function applyGrant(
  book: AccountBook,
  draft: Pick<EntryDraft, 'kind' | 'amount' | 'expiresAtMs'> & { readonly refersTo?: number },
): AppliedEntry {
  return book.apply({ ...PLAIN, ...draft });
}

function applyExpiryOfHeld(
  book: AccountBook,
  { reservation, unused, nowMs }: { readonly reservation: Reservation; readonly unused: Lots; readonly nowMs: number },
): readonly AppliedEntry[] {
  return expiredOf(unused, nowMs).map((lot) =>
    book.apply({ ...PLAIN, ...lot, kind: BalanceEntryKind.EXPIRE, refersTo: reservation.sequence }),
  );
}
