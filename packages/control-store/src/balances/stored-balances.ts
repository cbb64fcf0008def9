import { BalanceReader } from './balance-reader.ts';
import { BalanceWriter } from './balance-writer.ts';
import {
  BalanceEntryKind,
  type AccountPage,
  type Balance,
  type BalanceAccountName,
  type BalanceAnswer,
  type BalanceEntry,
  type BalancePage,
  type BalanceStanding,
  type Balances,
  type DaySpending,
  type DeductBalance,
  type GrantBalance,
  type RefundBalance,
  type ReleaseBalance,
  type ReplayReport,
  type ReserveBalance,
  type SettleBalance,
  type StandingPage,
} from './balances.ts';
import { applyEnd, applyGrant, applySettle, applyTaking } from './draft-entries.ts';
import { readDaySpending } from './read-day-spending.ts';
import { replayBalances } from './replay-balances.ts';
import { refuseClosed, refuseHighRefund } from './referred-entries.ts';
import type { Database } from '../database/database.ts';

const { GRANT, RESERVE, SETTLE, RELEASE, DEDUCT, REFUND } = BalanceEntryKind;

export class StoredBalances implements Balances {
  readonly #database: Database;
  readonly #writer: BalanceWriter;
  readonly #reader: BalanceReader;

  constructor(database: Database) {
    this.#database = database;
    this.#writer = new BalanceWriter(database);
    this.#reader = new BalanceReader(database);
  }

  grant(request: GrantBalance): Promise<BalanceAnswer> {
    const { amount, expiresAtMs = null } = request;
    return this.#writer.perform({ kind: GRANT, request, amount, expiresAtMs }, ({ book }) => [
      applyGrant(book, { kind: GRANT, amount, expiresAtMs }),
    ]);
  }

  reserve(request: ReserveBalance): Promise<BalanceAnswer> {
    const { amount, expiresAtMs = null } = request;
    return this.#writer.perform({ kind: RESERVE, request, amount, expiresAtMs }, ({ book }) => [
      applyTaking(book, { kind: RESERVE, amount, expiresAtMs }),
    ]);
  }

  settle(request: SettleBalance): Promise<BalanceAnswer> {
    const { amount, reservation, nowMs } = request;
    return this.#writer.perform(
      { kind: SETTLE, request, amount, refersTo: reservation },
      async ({ db, account, book }) => {
        if (!book.reservations.has(reservation)) {
          await refuseClosed(db, account, { reservation, closedBy: [SETTLE, RELEASE] });
        }
        return applySettle(book, { reservation, amount, nowMs });
      },
    );
  }

  release(request: ReleaseBalance): Promise<BalanceAnswer> {
    const { reservation, nowMs } = request;
    return this.#writer.perform({ kind: RELEASE, request, refersTo: reservation }, async ({ db, account, book }) => {
      const open = book.reservations.get(reservation);
      if (open !== undefined) return applyEnd(book, { kind: RELEASE, reservation: open, nowMs });
      // One that lapsed is free already, and that is told.
      return refuseClosed(db, account, { reservation, closedBy: [SETTLE, RELEASE, BalanceEntryKind.LAPSE] });
    });
  }

  deduct(request: DeductBalance): Promise<BalanceAnswer> {
    const { amount } = request;
    return this.#writer.perform({ kind: DEDUCT, request, amount }, ({ book }) => [
      applyTaking(book, { kind: DEDUCT, amount }),
    ]);
  }

  refund(request: RefundBalance): Promise<BalanceAnswer> {
    const { amount, spending, expiresAtMs = null } = request;
    return this.#writer.perform(
      { kind: REFUND, request, amount, refersTo: spending, expiresAtMs },
      async ({ db, account, book }) => {
        await refuseHighRefund(db, account, { spending, amount });
        return [applyGrant(book, { kind: REFUND, amount, expiresAtMs, refersTo: spending })];
      },
    );
  }

  expireDue(nowMs: number): Promise<number> {
    return this.#writer.expireDue(nowMs);
  }

  find(name: BalanceAccountName & { readonly nowMs: number }): Promise<Balance | undefined> {
    return this.#reader.find(name);
  }

  list(filter: AccountPage & { readonly tenant: string; readonly nowMs: number }): Promise<readonly Balance[]> {
    return this.#reader.list(filter);
  }

  standings(filter: StandingPage & { readonly nowMs: number }): Promise<readonly BalanceStanding[]> {
    return this.#reader.standings(filter);
  }

  entries(filter: BalancePage & BalanceAccountName): Promise<readonly BalanceEntry[]> {
    return this.#reader.entries(filter);
  }

  spentByDay(filter: BalanceAccountName & { readonly fromDay: number }): Promise<readonly DaySpending[]> {
    return this.#database.read((db) => readDaySpending(db, filter));
  }

  replay({ tenant }: { readonly tenant?: string | undefined } = {}): Promise<ReplayReport> {
    return this.#database.snapshot((db) => replayBalances(db, tenant));
  }
}
