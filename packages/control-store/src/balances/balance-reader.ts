import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import { checkLimit, checkWhole } from '../check-input.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import {
  ACCOUNT_COLUMNS,
  ENTRY_COLUMNS,
  accountNameOf,
  bookOf,
  entryOf,
  loadReservations,
  type AccountRow,
} from './account-rows.ts';
import type {
  AccountPage,
  Balance,
  BalanceAccountName,
  BalanceEntry,
  BalancePage,
  BalanceStanding,
  StandingPage,
} from './balances.ts';
import { applyDue } from './draft-entries.ts';

const ACCOUNTS_DEFAULT = 100;
const ACCOUNTS_MAX = 1000;
const ENTRIES_DEFAULT = 100;
const ENTRIES_MAX = 1000;

export class BalanceReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find({
    tenant,
    account,
    unit,
    nowMs,
  }: BalanceAccountName & { readonly nowMs: number }): Promise<Balance | undefined> {
    checkWhole('nowMs', nowMs);
    return this.#database.read(async (db) => {
      const row = await db
        .selectFrom('balance_accounts')
        .select(ACCOUNT_COLUMNS)
        .where('tenant', '=', tenant)
        .where('account', '=', account)
        .where('unit', '=', unit)
        .executeTakeFirst();
      return row && balanceOf(db, row, nowMs);
    });
  }

  async list({
    tenant,
    nowMs,
    after,
    limit = ACCOUNTS_DEFAULT,
  }: AccountPage & { readonly tenant: string; readonly nowMs: number }): Promise<readonly Balance[]> {
    checkWhole('nowMs', nowMs);
    return this.#database.read(async (db) => {
      const rows = await db
        .selectFrom('balance_accounts')
        .select(ACCOUNT_COLUMNS)
        .where('tenant', '=', tenant)
        .$if(after !== undefined, (query) =>
          query.where((where) =>
            where.or([
              where('account', '>', after?.account ?? ''),
              where.and([where('account', '=', after?.account ?? ''), where('unit', '>', after?.unit ?? '')]),
            ]),
          ),
        )
        .orderBy('account')
        .orderBy('unit')
        .limit(checkLimit(limit, ACCOUNTS_MAX))
        .execute();
      const balances: Balance[] = [];
      for (const row of rows) balances.push(await balanceOf(db, row, nowMs));
      return balances;
    });
  }

  async standings({
    nowMs,
    after,
    limit = ACCOUNTS_DEFAULT,
  }: StandingPage & { readonly nowMs: number }): Promise<readonly BalanceStanding[]> {
    checkWhole('nowMs', nowMs);
    return this.#database.read(async (db) => {
      const rows = await db
        .selectFrom('balance_accounts')
        .select(ACCOUNT_COLUMNS)
        .$if(after !== undefined, (query) => query.where((where) => isAfter(where, after)))
        .orderBy('tenant')
        .orderBy('account')
        .orderBy('unit')
        .limit(checkLimit(limit, ACCOUNTS_MAX))
        .execute();
      const standings: BalanceStanding[] = [];
      // Of most accounts nothing is due, and no reservation has to be read.
      for (const row of rows) {
        const book = bookOf(row, await loadReservations(db, row, { nowMs }));
        applyDue(book, nowMs);
        standings.push({ ...accountNameOf(row), ...book.amounts });
      }
      return standings;
    });
  }

  async entries({
    tenant,
    account,
    unit,
    before,
    limit = ENTRIES_DEFAULT,
  }: BalancePage & BalanceAccountName): Promise<readonly BalanceEntry[]> {
    if (before !== undefined) checkWhole('before', before);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('balance_entries')
        .select(ENTRY_COLUMNS)
        .where('account_id', '=', (where) =>
          where
            .selectFrom('balance_accounts')
            .select('id')
            .where('tenant', '=', tenant)
            .where('account', '=', account)
            .where('unit', '=', unit),
        )
        .$if(before !== undefined, (query) => query.where('sequence', '<', BigInt(before ?? 0)))
        .orderBy('sequence', 'desc')
        .limit(checkLimit(limit, ENTRIES_MAX))
        .execute(),
    );
    return rows.map(entryOf);
  }
}

/** In the order of tenant, account and unit. */
function isAfter(
  where: ExpressionBuilder<Tables, 'balance_accounts'>,
  { tenant, account, unit }: Readonly<Record<'tenant' | 'account' | 'unit', string>> = {
    tenant: '',
    account: '',
    unit: '',
  },
): Expression<SqlBool> {
  return where.or([
    where('tenant', '>', tenant),
    where.and([where('tenant', '=', tenant), where('account', '>', account)]),
    where.and([where('tenant', '=', tenant), where('account', '=', account), where('unit', '>', unit)]),
  ]);
}

/** As if what is due had been written down. */
async function balanceOf(db: Kysely<Tables>, row: AccountRow, nowMs: number): Promise<Balance> {
  const book = bookOf(row, await loadReservations(db, row, { nowMs }));
  const lapsing = book.reservations.size;
  applyDue(book, nowMs);
  const { open } = await db
    .selectFrom('balance_reservations')
    .select(({ fn }) => fn.countAll<bigint>().as('open'))
    .where('account_id', '=', row.id)
    .executeTakeFirstOrThrow();
  return {
    ...accountNameOf(row),
    ...book.amounts,
    sequence: Number(row.sequence),
    createdAtMs: Number(row.created_at_ms),
    expiring: book.lots.flatMap(({ expiresAtMs, amount }) => (expiresAtMs === null ? [] : [{ expiresAtMs, amount }])),
    reservations: Number(open) - lapsing,
  };
}
