import { sql, type Selectable } from 'kysely';
import {
  checkLimit,
  checkNames,
  checkOneOf,
  checkText,
  checkWhole,
  readDocument,
  writeDocument,
} from '../check-input.ts';
import { Dialect, type Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { DeliveryOutcome, type Deliveries, type Delivery, type NewDelivery } from './alerts.ts';

const CLAIMS_MAX = 1000;
const DELIVERIES_DEFAULT = 100;
const DELIVERIES_MAX = 1000;
const BODY_LENGTH_MAX = 1_048_576;
const URL_LENGTH_MAX = 4096;
const DETAIL_LENGTH_MAX = 2000;
const COLUMNS = [
  'id',
  'tenant',
  'rule_id',
  'url',
  'body',
  'document',
  'attempts',
  'next_attempt_ms',
  'outcome',
  'detail',
  'created_at_ms',
  'finished_at_ms',
] as const;

export class StoredDeliveries implements Deliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async enqueue(delivery: NewDelivery): Promise<boolean> {
    checkNames(delivery, ['id', 'tenant', 'ruleId']);
    checkText('url', delivery.url, URL_LENGTH_MAX);
    checkText('body', delivery.body, BODY_LENGTH_MAX);
    checkWhole('nextAttemptMs', delivery.nextAttemptMs);
    checkWhole('createdAtMs', delivery.createdAtMs);
    const row = {
      id: delivery.id,
      tenant: delivery.tenant,
      rule_id: delivery.ruleId,
      url: delivery.url,
      body: delivery.body,
      document: writeDocument('document', delivery.document),
      attempts: 0,
      next_attempt_ms: delivery.nextAttemptMs,
      outcome: DeliveryOutcome.WAITING,
      detail: null,
      created_at_ms: delivery.createdAtMs,
      finished_at_ms: null,
    };
    const { numInsertedOrUpdatedRows } = await this.#database.write((db) =>
      db
        .insertInto('deliveries')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow(),
    );
    return numInsertedOrUpdatedRows === 1n;
  }

  async claimDue(claim: {
    readonly nowMs: number;
    readonly claimMs: number;
    readonly limit: number;
  }): Promise<readonly Delivery[]> {
    checkWhole('nowMs', claim.nowMs);
    checkWhole('claimMs', claim.claimMs, { min: 1 });
    const limit = checkLimit(claim.limit, CLAIMS_MAX);
    return this.#database.write(async (db) => {
      const due = await db
        .selectFrom('deliveries')
        .select('id')
        .where('outcome', '=', DeliveryOutcome.WAITING)
        .where('next_attempt_ms', '<=', BigInt(claim.nowMs))
        .orderBy('next_attempt_ms')
        .limit(limit)
        // Another aggregator is claiming those that are locked.
        .$if(this.#database.dialect === Dialect.POSTGRES, (query) => query.forUpdate().skipLocked())
        .execute();
      if (due.length === 0) return [];
      const rows = await db
        .updateTable('deliveries')
        .set({ attempts: sql<bigint>`attempts + 1`, next_attempt_ms: BigInt(claim.nowMs + claim.claimMs) })
        .where(
          'id',
          'in',
          due.map(({ id }) => id),
        )
        .returning(COLUMNS)
        .execute();
      return rows.map(deliveryOf).toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
    });
  }

  async retry({ id, nextAttemptMs, detail }: { id: string; nextAttemptMs: number; detail: string }): Promise<void> {
    checkWhole('nextAttemptMs', nextAttemptMs);
    await this.#database.write((db) =>
      db
        .updateTable('deliveries')
        .set({ next_attempt_ms: BigInt(nextAttemptMs), detail: storableDetail(detail) })
        .where('id', '=', id)
        .where('outcome', '=', DeliveryOutcome.WAITING)
        .execute(),
    );
  }

  async finish(end: {
    readonly id: string;
    readonly outcome: 'delivered' | 'failed';
    readonly detail: string | null;
    readonly atMs: number;
  }): Promise<void> {
    checkOneOf('outcome', end.outcome, [DeliveryOutcome.DELIVERED, DeliveryOutcome.FAILED]);
    checkWhole('atMs', end.atMs);
    const detail = end.detail === null ? null : storableDetail(end.detail);
    await this.#database.write((db) =>
      db
        .updateTable('deliveries')
        .set({ outcome: end.outcome, detail, finished_at_ms: BigInt(end.atMs) })
        .where('id', '=', end.id)
        .where('outcome', '=', DeliveryOutcome.WAITING)
        .execute(),
    );
  }

  async list({
    tenant,
    ruleId,
    outcome,
    limit = DELIVERIES_DEFAULT,
  }: Parameters<Deliveries['list']>[0]): Promise<readonly Delivery[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('deliveries')
        .select(COLUMNS)
        .where('tenant', '=', tenant)
        .$if(ruleId !== undefined, (query) => query.where('rule_id', '=', ruleId ?? ''))
        .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome ?? ''))
        .orderBy('created_at_ms', 'desc')
        .orderBy('id')
        .limit(checkLimit(limit, DELIVERIES_MAX))
        .execute(),
    );
    return rows.map(deliveryOf);
  }

  async prune(beforeMs: number): Promise<number> {
    checkWhole('beforeMs', beforeMs);
    const { numDeletedRows } = await this.#database.write((db) =>
      db
        .deleteFrom('deliveries')
        .where('outcome', '<>', DeliveryOutcome.WAITING)
        .where('finished_at_ms', '<', BigInt(beforeMs))
        .executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }
}

/** What came of an attempt is often what a stranger's server said: it is kept as far as it can be. */
function storableDetail(detail: string): string {
  return detail.replaceAll('\0', '').toWellFormed().slice(0, DETAIL_LENGTH_MAX).toWellFormed();
}

function deliveryOf(row: Selectable<Tables['deliveries']>): Delivery {
  return {
    id: row.id,
    tenant: row.tenant,
    ruleId: row.rule_id,
    url: row.url,
    body: row.body,
    document: readDocument(row.document),
    attempts: Number(row.attempts),
    nextAttemptMs: Number(row.next_attempt_ms),
    outcome: row.outcome as DeliveryOutcome,
    detail: row.detail,
    createdAtMs: Number(row.created_at_ms),
    finishedAtMs: row.finished_at_ms === null ? null : Number(row.finished_at_ms),
  };
}
