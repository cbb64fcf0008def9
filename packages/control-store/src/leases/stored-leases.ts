import type { Insertable, Kysely, Selectable } from 'kysely';
import { checkNames, checkWhole } from '../check-input.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { LeaseAnswer, LeaseRecord, Leases, SyncLease } from './leases.ts';
import { renewShare } from './renew-share.ts';

/** Processes of one session: all of their shares are read with each request. */
const GUARDS_MAX = 1000;

const COLUMNS = [
  'tenant',
  'session',
  'guard',
  'sequence',
  'spent_nano_usd',
  'spent_tokens',
  'reserved_nano_usd',
  'reserved_tokens',
  'leased_nano_usd',
  'leased_tokens',
  'committed_nano_usd',
  'committed_tokens',
  'is_over',
  'expires_at_ms',
  'told_at_ms',
] as const;

export class StoredLeases implements Leases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async sync(lease: SyncLease): Promise<LeaseAnswer> {
    checkLease(lease);
    return this.#database.write(async (db) => {
      await lockSession(db, lease);
      const shares = await sharesOf(db, lease.tenant, lease.session);
      const known = shares.find(({ guard }) => guard === lease.guard);
      const others = shares.filter(({ guard }) => guard !== lease.guard);
      if (known !== undefined && lease.sequence <= known.sequence) return answerOf(known, others, true);
      if (known === undefined && others.length >= GUARDS_MAX) throw tooManyGuards(lease.session);
      const { mine, reclaimed } = renewShare(lease, known, others);
      for (const share of [...reclaimed, mine]) await putShare(db, share);
      return answerOf(mine, others, false);
    });
  }

  async list(tenant: string, session: string): Promise<readonly LeaseRecord[]> {
    return this.#database.read((db) => sharesOf(db, tenant, session));
  }

  async prune(beforeMs: number): Promise<number> {
    checkWhole('beforeMs', beforeMs);
    return this.#database.write(async (db) => {
      const old = await db
        .deleteFrom('lease_sessions')
        .where('told_at_ms', '<', BigInt(beforeMs))
        .returning(['tenant', 'session'])
        .execute();
      let pruned = 0n;
      for (const { tenant, session } of old) {
        const { numDeletedRows } = await db
          .deleteFrom('lease_shares')
          .where('tenant', '=', tenant)
          .where('session', '=', session)
          .executeTakeFirstOrThrow();
        pruned += numDeletedRows;
      }
      return Number(pruned);
    });
  }
}

function checkLease(lease: SyncLease): void {
  checkNames(lease, ['tenant', 'session', 'guard']);
  checkWhole('sequence', lease.sequence);
  checkWhole('nowMs', lease.nowMs);
  checkWhole('ttlMs', lease.ttlMs, { min: 1 });
  for (const unit of ['NanoUsd', 'Tokens'] as const) {
    for (const figure of ['spent', 'reserved', 'held', 'want', 'limit', 'counted'] as const) {
      const field = `${figure}${unit}` as const;
      const value = lease[field];
      if (value !== undefined && value !== null) checkWhole(field, value);
    }
  }
}

function tooManyGuards(session: string): ControlStoreError {
  return new ControlStoreError(`The session "${session}" runs in too many processes: expected at most ${GUARDS_MAX}.`, {
    code: ControlStoreErrorCode.LIMIT_REACHED,
    field: 'guard',
  });
}

/** Whoever changes a share of the session waits here for the one before. */
async function lockSession(db: Kysely<Tables>, { tenant, session, nowMs }: SyncLease): Promise<void> {
  const row = { tenant, session, told_at_ms: BigInt(nowMs) };
  await db
    .insertInto('lease_sessions')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant', 'session']).doUpdateSet({ told_at_ms: row.told_at_ms }))
    .execute();
}

async function sharesOf(db: Kysely<Tables>, tenant: string, session: string): Promise<readonly LeaseRecord[]> {
  const rows = await db
    .selectFrom('lease_shares')
    .select(COLUMNS)
    .where('tenant', '=', tenant)
    .where('session', '=', session)
    .orderBy('guard')
    .execute();
  return rows.map(shareOf);
}

async function putShare(db: Kysely<Tables>, share: LeaseRecord): Promise<void> {
  const row = rowOf(share);
  await db
    .insertInto('lease_shares')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant', 'session', 'guard']).doUpdateSet(row))
    .execute();
}

function answerOf(mine: LeaseRecord, others: readonly LeaseRecord[], isStale: boolean): LeaseAnswer {
  const { leasedNanoUsd, leasedTokens, expiresAtMs, isOver } = mine;
  const isLeased = !isOver && (leasedNanoUsd !== null || leasedTokens !== null);
  return {
    leasedNanoUsd,
    leasedTokens,
    elsewhereNanoUsd: others.reduce((sum, share) => sum + share.spentNanoUsd + share.reservedNanoUsd, 0),
    elsewhereTokens: others.reduce((sum, share) => sum + share.spentTokens + share.reservedTokens, 0),
    elsewhereReservedNanoUsd: others.reduce((sum, share) => sum + share.reservedNanoUsd, 0),
    elsewhereReservedTokens: others.reduce((sum, share) => sum + share.reservedTokens, 0),
    expiresAtMs: isLeased ? expiresAtMs : null,
    isStale,
  };
}

function shareOf(row: Selectable<Tables['lease_shares']>): LeaseRecord {
  return {
    tenant: row.tenant,
    session: row.session,
    guard: row.guard,
    sequence: Number(row.sequence),
    spentNanoUsd: Number(row.spent_nano_usd),
    spentTokens: Number(row.spent_tokens),
    reservedNanoUsd: Number(row.reserved_nano_usd),
    reservedTokens: Number(row.reserved_tokens),
    leasedNanoUsd: row.leased_nano_usd === null ? null : Number(row.leased_nano_usd),
    leasedTokens: row.leased_tokens === null ? null : Number(row.leased_tokens),
    committedNanoUsd: Number(row.committed_nano_usd),
    committedTokens: Number(row.committed_tokens),
    isOver: row.is_over === 1n,
    expiresAtMs: Number(row.expires_at_ms),
    toldAtMs: Number(row.told_at_ms),
  };
}

function rowOf(share: LeaseRecord): Insertable<Tables['lease_shares']> {
  return {
    tenant: share.tenant,
    session: share.session,
    guard: share.guard,
    sequence: share.sequence,
    spent_nano_usd: share.spentNanoUsd,
    spent_tokens: share.spentTokens,
    reserved_nano_usd: share.reservedNanoUsd,
    reserved_tokens: share.reservedTokens,
    leased_nano_usd: share.leasedNanoUsd,
    leased_tokens: share.leasedTokens,
    committed_nano_usd: share.committedNanoUsd,
    committed_tokens: share.committedTokens,
    is_over: share.isOver ? 1 : 0,
    expires_at_ms: share.expiresAtMs,
    told_at_ms: share.toldAtMs,
  };
}
