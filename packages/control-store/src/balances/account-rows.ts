// Accounts, reservations and entries as they are in the database.

import type { Insertable, Kysely, Selectable } from 'kysely';
import { lockedRow, type Dialect } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { AccountBook, type AppliedEntry, type Reservation } from './account-book.ts';
import type { BalanceAccountName, BalanceEntry, BalanceEntryKind, BalanceUnit } from './balances.ts';
import { readLots, writeLots } from './lots.ts';

export type AccountRow = Selectable<Tables['balance_accounts']>;

export const ACCOUNT_COLUMNS = [
  'id',
  'tenant',
  'account',
  'unit',
  'sequence',
  'free',
  'reserved',
  'spent',
  'expired',
  'granted',
  'refunded',
  'uncovered',
  'lots',
  'due_at_ms',
  'created_at_ms',
] as const;

export const ENTRY_COLUMNS = [
  'sequence',
  'kind',
  'amount',
  'uncovered',
  'refers_to',
  'expires_at_ms',
  'idempotency_key',
  'note',
  'written_by',
  'at_ms',
  'free_after',
  'reserved_after',
  'spent_after',
] as const;

type EntryRow = Pick<Selectable<Tables['balance_entries']>, (typeof ENTRY_COLUMNS)[number]>;

/** Until the transaction ends nobody else changes the account. */
export async function lockAccount(
  db: Kysely<Tables>,
  dialect: Dialect,
  { tenant, account, unit }: BalanceAccountName,
): Promise<AccountRow | undefined> {
  const query = db
    .selectFrom('balance_accounts')
    .select(ACCOUNT_COLUMNS)
    .where('tenant', '=', tenant)
    .where('account', '=', account)
    .where('unit', '=', unit);
  return lockedRow(dialect, query).executeTakeFirst();
}

export function bookOf(row: AccountRow, reservations: readonly Reservation[]): AccountBook {
  const { free, reserved, spent, expired, granted, refunded, uncovered } = row;
  const amounts = { free, reserved, spent, expired, granted, refunded, uncovered };
  return new AccountBook({ amounts, sequence: Number(row.sequence), lots: readLots(row.lots) }, reservations);
}

/** Those that are due, and the one that is asked for, if it is open. */
export async function loadReservations(
  db: Kysely<Tables>,
  account: AccountRow,
  { nowMs, asked }: { readonly nowMs: number; readonly asked?: number | undefined },
): Promise<readonly Reservation[]> {
  const isDue = account.due_at_ms !== null && account.due_at_ms <= BigInt(nowMs);
  if (!isDue && asked === undefined) return [];
  const rows = await db
    .selectFrom('balance_reservations')
    .select(['sequence', 'lots', 'expires_at_ms'])
    .where('account_id', '=', account.id)
    .where((where) =>
      where.or([
        ...(asked === undefined ? [] : [where('sequence', '=', BigInt(asked))]),
        ...(isDue ? [where('expires_at_ms', '<=', BigInt(nowMs))] : []),
      ]),
    )
    .orderBy('sequence')
    .execute();
  return rows.map(reservationOf);
}

export function reservationOf(
  row: Pick<Selectable<Tables['balance_reservations']>, 'sequence' | 'lots' | 'expires_at_ms'>,
): Reservation {
  return {
    sequence: Number(row.sequence),
    lots: readLots(row.lots),
    expiresAtMs: row.expires_at_ms === null ? null : Number(row.expires_at_ms),
  };
}

export interface SavedBook {
  readonly account: AccountRow;
  readonly book: AccountBook;
  /** As they were loaded. */
  readonly reservations: readonly Reservation[];
  readonly entries: readonly Insertable<Tables['balance_entries']>[];
  readonly nowMs: number;
}

/** Everything that the entries changed; an account without new entries keeps its row, but for when something is due next. */
export async function saveBook(db: Kysely<Tables>, saved: SavedBook): Promise<void> {
  const { account, book, entries } = saved;
  if (entries.length > 0)
    await db
      .insertInto('balance_entries')
      .values([...entries])
      .execute();
  await saveReservations(db, saved);
  await db
    .updateTable('balance_accounts')
    .set({
      ...book.amounts,
      sequence: book.sequence,
      lots: writeLots(book.lots),
      due_at_ms: await nextDueOf(db, saved),
    })
    .where('id', '=', account.id)
    .execute();
}

async function saveReservations(db: Kysely<Tables>, { account, book, reservations }: SavedBook): Promise<void> {
  const known = new Set(reservations.map(({ sequence }) => sequence));
  for (const sequence of known) {
    if (book.reservations.has(sequence)) continue;
    await db
      .deleteFrom('balance_reservations')
      .where('account_id', '=', account.id)
      .where('sequence', '=', BigInt(sequence))
      .execute();
  }
  for (const { sequence, lots, expiresAtMs } of book.reservations.values()) {
    if (known.has(sequence)) continue;
    await db
      .insertInto('balance_reservations')
      .values({ account_id: account.id, sequence, lots: writeLots(lots), expires_at_ms: expiresAtMs })
      .execute();
  }
}

/** When something expires or lapses next, or earlier: then it is looked up anew. */
async function nextDueOf(db: Kysely<Tables>, { account, book, nowMs }: SavedBook): Promise<bigint | null> {
  const times = [book.lots[0]?.expiresAtMs ?? null, ...[...book.reservations.values()].map((open) => open.expiresAtMs)]
    .filter((time) => time !== null)
    .map(BigInt);
  if (account.due_at_ms !== null) {
    if (account.due_at_ms > BigInt(nowMs)) times.push(account.due_at_ms);
    else times.push(...(await firstLapseOf(db, account)));
  }
  return times.length === 0 ? null : times.reduce((first, time) => (time < first ? time : first));
}

async function firstLapseOf(db: Kysely<Tables>, account: AccountRow): Promise<readonly bigint[]> {
  const row = await db
    .selectFrom('balance_reservations')
    .select('expires_at_ms')
    .where('account_id', '=', account.id)
    .where('expires_at_ms', 'is not', null)
    .orderBy('expires_at_ms')
    .limit(1)
    .executeTakeFirst();
  return row?.expires_at_ms == null ? [] : [row.expires_at_ms];
}

/** An entry that nobody asked for has no key. */
export function entryRowOf(
  applied: AppliedEntry,
  account: Pick<AccountRow, 'id' | 'tenant'>,
  said: {
    readonly atMs: number;
    readonly idempotencyKey?: string;
    readonly fingerprint?: string;
    readonly note?: string | undefined;
    readonly by?: string;
  },
): Insertable<Tables['balance_entries']> {
  return {
    account_id: account.id,
    sequence: applied.sequence,
    tenant: account.tenant,
    kind: applied.kind,
    amount: applied.amount,
    uncovered: applied.uncovered,
    refers_to: applied.refersTo,
    expires_at_ms: applied.expiresAtMs,
    idempotency_key: said.idempotencyKey ?? null,
    fingerprint: said.fingerprint ?? null,
    note: said.note ?? null,
    written_by: said.by ?? null,
    at_ms: said.atMs,
    free_after: applied.freeAfter,
    reserved_after: applied.reservedAfter,
    spent_after: applied.spentAfter,
  };
}

export function entryOf(row: EntryRow): BalanceEntry {
  return {
    sequence: Number(row.sequence),
    kind: row.kind as BalanceEntryKind,
    amount: row.amount,
    uncovered: row.uncovered,
    refersTo: row.refers_to === null ? null : Number(row.refers_to),
    expiresAtMs: row.expires_at_ms === null ? null : Number(row.expires_at_ms),
    idempotencyKey: row.idempotency_key,
    note: row.note,
    by: row.written_by,
    atMs: Number(row.at_ms),
    freeAfter: row.free_after,
    reservedAfter: row.reserved_after,
    spentAfter: row.spent_after,
  };
}

export function accountNameOf({ tenant, account, unit }: AccountRow): BalanceAccountName {
  return { tenant, account, unit: unit as BalanceUnit };
}
