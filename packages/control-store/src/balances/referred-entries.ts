// Requests that name an earlier entry: whether that can be.

import type { Kysely } from 'kysely';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { Tables } from '../database/tables.ts';
import type { AccountRow } from './account-rows.ts';
import { BalanceEntryKind } from './balances.ts';

/** For a reservation that is not open. @throws ControlStoreError reservation_closed, not_found */
export async function refuseClosed(
  db: Kysely<Tables>,
  account: AccountRow,
  { reservation, closedBy }: { readonly reservation: number; readonly closedBy: readonly BalanceEntryKind[] },
): Promise<never[]> {
  const reserving = await findEntry(db, account, reservation);
  if (reserving?.kind !== BalanceEntryKind.RESERVE) throw notFound('reservation', reservation);
  const closing = await db
    .selectFrom('balance_entries')
    .select(['sequence', 'kind'])
    .where('account_id', '=', account.id)
    .where('refers_to', '=', BigInt(reservation))
    .where('kind', 'in', [...closedBy])
    .executeTakeFirst();
  // It lapses by this very request, if none has ended it: it is as good as lapsed.
  if (closing === undefined && !closedBy.includes(BalanceEntryKind.LAPSE)) return [];
  const how = closing === undefined ? 'it lapsed' : `entry ${closing.sequence}, ${closing.kind}`;
  throw new ControlStoreError(`The reservation ${reservation} is not open any more: ${how}.`, {
    code: ControlStoreErrorCode.RESERVATION_CLOSED,
    field: 'reservation',
  });
}

/** @throws ControlStoreError refund_too_high, not_found */
export async function refuseHighRefund(
  db: Kysely<Tables>,
  account: AccountRow,
  { spending, amount }: { readonly spending: number; readonly amount: bigint },
): Promise<void> {
  const spent = await findEntry(db, account, spending);
  if (spent?.kind !== BalanceEntryKind.SETTLE && spent?.kind !== BalanceEntryKind.DEDUCT) {
    throw notFound('spending', spending);
  }
  const { refunded } = await db
    .selectFrom('balance_entries')
    .select(({ fn }) => fn.sum<string | bigint | null>('amount').as('refunded'))
    .where('account_id', '=', account.id)
    .where('refers_to', '=', BigInt(spending))
    .where('kind', '=', BalanceEntryKind.REFUND)
    .executeTakeFirstOrThrow();
  const left = spent.amount - spent.uncovered - BigInt(refunded ?? 0);
  if (amount <= left) return;
  throw new ControlStoreError(`More was asked back than was spent: expected at most ${left} of entry ${spending}.`, {
    code: ControlStoreErrorCode.REFUND_TOO_HIGH,
    field: 'amount',
  });
}

async function findEntry(
  db: Kysely<Tables>,
  account: AccountRow,
  sequence: number,
): Promise<{ readonly kind: string; readonly amount: bigint; readonly uncovered: bigint } | undefined> {
  return db
    .selectFrom('balance_entries')
    .select(['kind', 'amount', 'uncovered'])
    .where('account_id', '=', account.id)
    .where('sequence', '=', BigInt(sequence))
    .executeTakeFirst();
}

function notFound(field: 'reservation' | 'spending', sequence: number): ControlStoreError {
  const expected = field === 'reservation' ? 'an entry that reserved' : 'an entry that settled or deducted';
  return new ControlStoreError(
    `The balance has no such entry: expected ${expected}, received the number ${sequence}.`,
    {
      code: ControlStoreErrorCode.NOT_FOUND,
      field,
    },
  );
}
