// In: the ledger. Out: every account in which something does not add up. Each entry is applied anew, as if nothing but the ledger were there.

import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { AccountBook, type Reservation } from './account-book.ts';
import {
  ACCOUNT_COLUMNS,
  ENTRY_COLUMNS,
  accountNameOf,
  entryOf,
  reservationOf,
  type AccountRow,
} from './account-rows.ts';
import type { BalanceAmounts, BalanceEntry, BalanceFinding, ReplayReport } from './balances.ts';
import { writeLots } from './lots.ts';

/** Read at once. */
const ACCOUNTS_PAGE = 200;
const ENTRIES_PAGE = 1000;
/** More would not help anybody; how many accounts were looked at is told. */
const FINDINGS_MAX = 1000;

const AMOUNTS: readonly (keyof BalanceAmounts)[] = [
  'free',
  'reserved',
  'spent',
  'expired',
  'granted',
  'refunded',
  'uncovered',
];

type Finding = Pick<BalanceFinding, 'sequence' | 'detail'>;

export async function replayBalances(db: Kysely<Tables>, tenant: string | undefined): Promise<ReplayReport> {
  const findings: BalanceFinding[] = [];
  let accounts = 0;
  let entries = 0;
  let last = 0n;
  for (;;) {
    const rows = await accountsAfter(db, last, tenant);
    for (const row of rows) {
      const replayed = await replayAccount(db, row);
      entries += replayed.entries;
      if (replayed.finding !== undefined && findings.length < FINDINGS_MAX) {
        findings.push({ ...accountNameOf(row), ...replayed.finding });
      }
      last = row.id;
    }
    accounts += rows.length;
    if (rows.length < ACCOUNTS_PAGE) return { accounts, entries, findings };
  }
}

async function accountsAfter(
  db: Kysely<Tables>,
  id: bigint,
  tenant: string | undefined,
): Promise<readonly AccountRow[]> {
  return db
    .selectFrom('balance_accounts')
    .select(ACCOUNT_COLUMNS)
    .where('id', '>', id)
    .$if(tenant !== undefined, (query) => query.where('tenant', '=', tenant ?? ''))
    .orderBy('id')
    .limit(ACCOUNTS_PAGE)
    .execute();
}

async function replayAccount(
  db: Kysely<Tables>,
  account: AccountRow,
): Promise<{ readonly entries: number; readonly finding?: Finding | undefined }> {
  const book = new AccountBook();
  for (;;) {
    const rows = await db
      .selectFrom('balance_entries')
      .select(ENTRY_COLUMNS)
      .where('account_id', '=', account.id)
      .where('sequence', '>', BigInt(book.sequence))
      .orderBy('sequence')
      .limit(ENTRIES_PAGE)
      .execute();
    for (const row of rows) {
      const detail = replayEntry(book, entryOf(row));
      if (detail !== undefined) return { entries: book.sequence, finding: { sequence: Number(row.sequence), detail } };
    }
    if (rows.length < ENTRIES_PAGE) break;
    // A ledger may be long, and others wait for the same thread.
    await setImmediate();
  }
  const detail = differenceOf(book, account) ?? (await differenceOfReservations(db, book, account));
  return { entries: book.sequence, finding: detail === undefined ? undefined : { sequence: null, detail } };
}

function replayEntry(book: AccountBook, entry: BalanceEntry): string | undefined {
  if (entry.sequence !== book.sequence + 1) return `expected entry ${book.sequence + 1}, found ${entry.sequence}`;
  try {
    const { freeAfter, reservedAfter, spentAfter } = book.apply(entry);
    const expected = `${freeAfter} free, ${reservedAfter} reserved, ${spentAfter} spent`;
    const found = `${entry.freeAfter} free, ${entry.reservedAfter} reserved, ${entry.spentAfter} spent`;
    return expected === found ? undefined : `expected ${expected} after it, found ${found}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function differenceOf(book: AccountBook, account: AccountRow): string | undefined {
  if (Number(account.sequence) !== book.sequence) {
    return `the account has ${account.sequence} entries, the ledger ${book.sequence}`;
  }
  const name = AMOUNTS.find((amount) => account[amount] !== book.amounts[amount]);
  if (name !== undefined) return `${name} is ${account[name]}, by the ledger ${book.amounts[name]}`;
  if (account.lots === writeLots(book.lots)) return undefined;
  return `what is free expires otherwise: ${account.lots}, by the ledger ${writeLots(book.lots)}`;
}

async function differenceOfReservations(
  db: Kysely<Tables>,
  book: AccountBook,
  account: AccountRow,
): Promise<string | undefined> {
  const rows = await db
    .selectFrom('balance_reservations')
    .select(['sequence', 'lots', 'expires_at_ms'])
    .where('account_id', '=', account.id)
    .orderBy('sequence')
    .execute();
  const found = rows.map((row) => lineOf(reservationOf(row))).join(' ');
  const expected = [...book.reservations.values()].map(lineOf).join(' ');
  return found === expected ? undefined : `open reservations are ${found}, by the ledger ${expected}`;
}

function lineOf({ sequence, lots, expiresAtMs }: Reservation): string {
  return `${sequence}:${writeLots(lots)}:${expiresAtMs ?? ''}`;
}
