// In: what is asked of a balance. Out: its entry, once. Refused: what cannot be, another request with the same key.

import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { checkAmount, checkNames, checkOneOf, checkText, checkWhole, invalid } from '../check-input.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { NOTHING, type AccountBook, type AppliedEntry } from './account-book.ts';
import {
  ENTRY_COLUMNS,
  bookOf,
  entryOf,
  entryRowOf,
  loadReservations,
  lockAccount,
  saveBook,
  type AccountRow,
} from './account-rows.ts';
import { BalanceEntryKind, BalanceUnit, type BalanceAccountName, type BalanceAnswer } from './balances.ts';
import { applyDue } from './draft-entries.ts';
import { refuseTooMuch } from './ledger-limits.ts';

/** What is the same if it is asked again. */
export interface AskedEntry {
  readonly kind: BalanceEntryKind;
  readonly request: BalanceAccountName & {
    readonly idempotencyKey: string;
    readonly note?: string | undefined;
    readonly by: string;
    readonly nowMs: number;
  };
  readonly amount?: bigint;
  readonly refersTo?: number;
  readonly expiresAtMs?: number | null;
}

interface Opened {
  readonly db: Kysely<Tables>;
  readonly account: AccountRow;
  readonly book: AccountBook;
}

/** The last one answers the request. */
type Entering = (opened: Opened) => readonly AppliedEntry[] | Promise<readonly AppliedEntry[]>;

/** Accounts of which something is due, read at once. */
const DUE_ACCOUNTS_MAX = 500;

export class BalanceWriter {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async perform(asked: AskedEntry, enter: Entering): Promise<BalanceAnswer> {
    checkAsked(asked);
    const { request } = asked;
    return this.#database.write(async (db) => {
      const account = await this.#openAccount(db, asked);
      const done = await findDone(db, asked);
      if (done !== undefined) return done;
      if (account === undefined) throw accountNotFound(request);
      const reservations = await loadReservations(db, account, { nowMs: request.nowMs, asked: asked.refersTo });
      const book = bookOf(account, reservations);
      const due = applyDue(book, request.nowMs);
      const entered = await enter({ db, account, book });
      refuseTooMuch(book);
      const [last, ...before] = [...due, ...entered].toReversed();
      if (last === undefined) throw new RangeError('A request makes an entry.');
      const answering = entryRowOf(last, account, {
        atMs: request.nowMs,
        idempotencyKey: request.idempotencyKey,
        fingerprint: fingerprintOf(asked),
        note: request.note,
        by: request.by,
      });
      const following = before.toReversed().map((entry) => entryRowOf(entry, account, { atMs: request.nowMs }));
      await saveBook(db, { account, book, reservations, entries: [...following, answering], nowMs: request.nowMs });
      return { entry: answeredOf(last, asked), isRepeated: false };
    });
  }

  async expireDue(nowMs: number): Promise<number> {
    checkWhole('nowMs', nowMs);
    let entries = 0;
    for (;;) {
      const due = await this.#database.read((db) =>
        db
          .selectFrom('balance_accounts')
          .select(['tenant', 'account', 'unit'])
          .where('due_at_ms', '<=', BigInt(nowMs))
          .limit(DUE_ACCOUNTS_MAX)
          .execute(),
      );
      if (due.length === 0) return entries;
      const swept = due.map((name) => this.#expireAccount({ ...name, unit: name.unit as BalanceUnit }, nowMs));
      for (const count of await Promise.all(swept)) entries += count;
    }
  }

  async #expireAccount(name: BalanceAccountName, nowMs: number): Promise<number> {
    return this.#database.write(async (db) => {
      const account = await lockAccount(db, this.#database.dialect, name);
      if (account === undefined) return 0;
      const reservations = await loadReservations(db, account, { nowMs });
      const book = bookOf(account, reservations);
      const entries = applyDue(book, nowMs).map((entry) => entryRowOf(entry, account, { atMs: nowMs }));
      await saveBook(db, { account, book, reservations, entries, nowMs });
      return entries.length;
    });
  }

  /** Only a grant makes an account. */
  async #openAccount(db: Kysely<Tables>, { kind, request }: AskedEntry): Promise<AccountRow | undefined> {
    const known = await lockAccount(db, this.#database.dialect, request);
    if (known !== undefined || kind !== BalanceEntryKind.GRANT) return known;
    const { value } = await db
      .updateTable('counters')
      .set({ value: sql<bigint>`value + 1` })
      .where('name', '=', 'balance_accounts')
      .returning('value')
      .executeTakeFirstOrThrow();
    const { tenant, account, unit, nowMs } = request;
    await db
      .insertInto('balance_accounts')
      .values({
        ...NOTHING,
        id: value,
        tenant,
        account,
        unit,
        sequence: 0,
        lots: '[]',
        due_at_ms: null,
        created_at_ms: nowMs,
      })
      .onConflict((conflict) => conflict.columns(['tenant', 'account', 'unit']).doNothing())
      .execute();
    return lockAccount(db, this.#database.dialect, request);
  }
}

function checkAsked({ request, amount, refersTo, expiresAtMs, kind }: AskedEntry): void {
  checkNames(request, ['tenant', 'account', 'by', 'idempotencyKey']);
  checkOneOf('unit', request.unit, Object.values(BalanceUnit));
  checkWhole('nowMs', request.nowMs);
  if (request.note !== undefined) checkText('note', request.note);
  // A call may have cost nothing; nothing else is done with nothing.
  if (amount !== undefined) checkAmount('amount', amount, { min: kind === BalanceEntryKind.SETTLE ? 0n : 1n });
  if (refersTo !== undefined) {
    checkWhole(kind === BalanceEntryKind.REFUND ? 'spending' : 'reservation', refersTo, { min: 1 });
  }
  if (expiresAtMs === undefined || expiresAtMs === null) return;
  checkWhole('expiresAtMs', expiresAtMs);
}

/** The entry of the same request, if it was done. @throws ControlStoreError idempotency_conflict */
async function findDone(db: Kysely<Tables>, asked: AskedEntry): Promise<BalanceAnswer | undefined> {
  const { tenant, idempotencyKey } = asked.request;
  const row = await db
    .selectFrom('balance_entries')
    .select([...ENTRY_COLUMNS, 'fingerprint'])
    .where('tenant', '=', tenant)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  if (row === undefined) {
    refusePast(asked);
    return undefined;
  }
  if (row.fingerprint === fingerprintOf(asked)) return { entry: entryOf(row), isRepeated: true };
  throw new ControlStoreError(
    `The idempotency key "${idempotencyKey}" was used for another request: a ${row.kind} of ${row.amount}.`,
    { code: ControlStoreErrorCode.IDEMPOTENCY_CONFLICT, field: 'idempotencyKey' },
  );
}

/** Not of a request that comes again: by then the time may have come. */
function refusePast({ expiresAtMs, request }: AskedEntry): void {
  if (expiresAtMs === undefined || expiresAtMs === null || expiresAtMs > request.nowMs) return;
  throw invalid('expiresAtMs', `a time after now, ${request.nowMs}`, expiresAtMs);
}

/** Everything that makes a request what it is; not who sent it, or when. */
function fingerprintOf({ kind, request, amount, refersTo, expiresAtMs }: AskedEntry): string {
  const { account, unit, note } = request;
  return JSON.stringify([
    kind,
    account,
    unit,
    amount === undefined ? null : `${amount}`,
    refersTo ?? null,
    expiresAtMs ?? null,
    note ?? null,
  ]);
}

function answeredOf(applied: AppliedEntry, { request }: AskedEntry): BalanceAnswer['entry'] {
  const { idempotencyKey, note = null, by, nowMs: atMs } = request;
  return { ...applied, idempotencyKey, note, by, atMs };
}

function accountNotFound({ account, unit }: BalanceAccountName): ControlStoreError {
  return new ControlStoreError(`There is no balance "${account}" in ${unit}: a grant opens one.`, {
    code: ControlStoreErrorCode.NOT_FOUND,
    field: 'account',
  });
}
