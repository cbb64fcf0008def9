// One account while entries are added to it: what each kind of entry does. Requests and replay go through here. Pure.

import assert from 'node:assert/strict';
import { BalanceEntryKind, type BalanceAmounts, type BalanceEntry } from './balances.ts';
import { addLots, removeLot, sumOf, takeLots, type Lots } from './lots.ts';

export interface Reservation {
  /** The number of the entry that reserved. */
  readonly sequence: number;
  readonly lots: Lots;
  readonly expiresAtMs: number | null;
}

/** What an entry says; what there is after it follows. */
export type EntryDraft = Pick<BalanceEntry, 'kind' | 'amount' | 'uncovered' | 'refersTo' | 'expiresAtMs'>;
export type AppliedEntry = EntryDraft & Pick<BalanceEntry, 'sequence' | 'freeAfter' | 'reservedAfter' | 'spentAfter'>;

export type MutableAmounts = { -readonly [Name in keyof BalanceAmounts]: bigint };

export const NOTHING: BalanceAmounts = {
  free: 0n,
  reserved: 0n,
  spent: 0n,
  expired: 0n,
  granted: 0n,
  refunded: 0n,
  uncovered: 0n,
};

export class AccountBook {
  readonly amounts: MutableAmounts;
  sequence: number;
  /** What is free. */
  lots: Lots;
  /** Open ones; of an account that is read to be changed only those that the request is about. */
  readonly reservations: Map<number, Reservation>;

  constructor(
    {
      amounts,
      sequence,
      lots,
    }: { readonly amounts: BalanceAmounts; readonly sequence: number; readonly lots: Lots } = {
      amounts: NOTHING,
      sequence: 0,
      lots: [],
    },
    reservations: readonly Reservation[] = [],
  ) {
    this.amounts = { ...amounts };
    this.sequence = sequence;
    this.lots = lots;
    this.reservations = new Map(reservations.map((reservation) => [reservation.sequence, reservation]));
  }

  /** @throws RangeError for an entry that cannot be */
  apply(draft: EntryDraft): AppliedEntry {
    this.sequence += 1;
    this.#change(draft);
    const { free, reserved, spent, expired, granted, refunded } = this.amounts;
    assert.equal(free, sumOf(this.lots), 'what is free is what its lots hold');
    assert.equal(granted + refunded, free + reserved + spent + expired, 'nothing appears and nothing is lost');
    if (free < 0n || reserved < 0n || spent < 0n)
      throw new RangeError(`The balance would be negative by ${draft.kind}.`);
    return { ...draft, sequence: this.sequence, freeAfter: free, reservedAfter: reserved, spentAfter: spent };
  }

  #change(draft: EntryDraft): void {
    switch (draft.kind) {
      case BalanceEntryKind.GRANT:
        this.amounts.granted += draft.amount;
        return this.#free([draft]);
      case BalanceEntryKind.REFUND:
        this.amounts.refunded += draft.amount;
        return this.#free([draft]);
      case BalanceEntryKind.RESERVE:
        return this.#reserve(draft);
      case BalanceEntryKind.DEDUCT:
        this.#take(draft.amount);
        this.amounts.spent += draft.amount;
        return;
      case BalanceEntryKind.SETTLE:
        return this.#settle(draft);
      case BalanceEntryKind.RELEASE:
      case BalanceEntryKind.LAPSE:
        return this.#free(this.#close(draft.refersTo));
      case BalanceEntryKind.EXPIRE:
        return this.#expire(draft);
    }
  }

  #free(lots: Lots): void {
    this.lots = addLots(this.lots, lots);
    this.amounts.free += sumOf(lots);
  }

  #take(amount: bigint): Lots {
    const { taken, rest } = takeLots(this.lots, amount);
    this.lots = rest;
    this.amounts.free -= amount;
    return taken;
  }

  #reserve({ amount, expiresAtMs }: EntryDraft): void {
    const lots = this.#take(amount);
    this.amounts.reserved += amount;
    this.reservations.set(this.sequence, { sequence: this.sequence, lots, expiresAtMs });
  }

  /** Ends a reservation; one that lapsed before holds nothing. */
  #close(reservation: number | null): Lots {
    const { lots = [] } = this.reservations.get(reservation ?? 0) ?? {};
    this.reservations.delete(reservation ?? 0);
    this.amounts.reserved -= sumOf(lots);
    return lots;
  }

  #settle({ amount, uncovered, refersTo }: EntryDraft): void {
    const held = this.#close(refersTo);
    const fromHeld = sumOf(held) < amount ? sumOf(held) : amount;
    this.#free(takeLots(held, fromHeld).rest);
    this.#take(amount - fromHeld - uncovered);
    this.amounts.spent += amount - uncovered;
    this.amounts.uncovered += uncovered;
  }

  #expire({ amount, expiresAtMs, refersTo }: EntryDraft): void {
    const gone = { amount, expiresAtMs };
    const reservation = refersTo === null ? undefined : this.reservations.get(refersTo);
    if (refersTo === null) {
      this.lots = removeLot(this.lots, gone);
      this.amounts.free -= amount;
    } else {
      if (reservation === undefined) throw new RangeError(`There is no open reservation ${refersTo}.`);
      this.reservations.set(refersTo, { ...reservation, lots: removeLot(reservation.lots, gone) });
      this.amounts.reserved -= amount;
    }
    this.amounts.expired += amount;
  }
}
