import { type Kysely, sql } from 'kysely';
import { checkWhole } from '../check-input.ts';
import type { Tables } from '../database/tables.ts';
import { type BalanceAccountName, BalanceEntryKind, type DaySpending } from './balances.ts';

const DAY_MS = 86_400_000;

/** Adds up what settles and deducts took, by the day of the entry. Refunds are grants, and no less use. */
export async function readDaySpending(
  db: Kysely<Tables>,
  { tenant, account, unit, fromDay }: BalanceAccountName & { readonly fromDay: number },
): Promise<readonly DaySpending[]> {
  checkWhole('fromDay', fromDay);
  const day = sql<bigint>`at_ms / 86400000`;
  const rows = await db
    .selectFrom('balance_entries')
    .select([day.as('day'), sql<bigint>`CAST(SUM(amount - uncovered) AS BIGINT)`.as('spent')])
    .where('account_id', '=', (where) =>
      where
        .selectFrom('balance_accounts')
        .select('id')
        .where('tenant', '=', tenant)
        .where('account', '=', account)
        .where('unit', '=', unit),
    )
    .where('kind', 'in', [BalanceEntryKind.SETTLE, BalanceEntryKind.DEDUCT])
    .where('at_ms', '>=', BigInt(fromDay * DAY_MS))
    .groupBy(day)
    .orderBy(day)
    .execute();
  return rows.map((row) => ({ day: Number(row.day), spent: row.spent }));
}
