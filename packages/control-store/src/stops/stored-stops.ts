import type { Kysely, Selectable } from 'kysely';
import { ChangeTopic, type Change } from '../changes/changes.ts';
import { recordChange } from '../changes/record-change.ts';
import { checkLimit, checkNames, checkOneOf, checkText, checkWhole, readDocument } from '../check-input.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Authorship } from '../policies/policies.ts';
import { StopKind, type Stop, type StopChange, type StopTarget, type Stops } from './stops.ts';

const STOPS_DEFAULT = 10_000;
const CHANGES_DEFAULT = 1000;
const CHANGES_MAX = 10_000;
const COLUMNS = ['tenant', 'kind', 'target', 'reason', 'written_by', 'at_ms'] as const;

export class StoredStops implements Stops {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async stop(stop: Stop): Promise<Stop> {
    checkOrder(stop);
    checkText('reason', stop.reason);
    return this.#database.write(async (db) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('stops')
        .values({
          tenant: stop.tenant,
          kind: stop.kind,
          target: stop.target,
          reason: stop.reason,
          written_by: stop.by,
          at_ms: BigInt(stop.atMs),
        })
        .onConflict((conflict) => conflict.columns(['tenant', 'kind', 'target']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return (await findStop(db, stop)) ?? stop;
      await recordStop(db, ChangeTopic.STOP, stop);
      return stop;
    });
  }

  async release(release: StopTarget & Authorship & { readonly reason?: string | undefined }): Promise<boolean> {
    checkOrder(release);
    const reason = release.reason ?? '';
    checkText('reason', reason);
    return this.#database.write(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom('stops')
        .where('tenant', '=', release.tenant)
        .where('kind', '=', release.kind)
        .where('target', '=', release.target)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await recordStop(db, ChangeTopic.RELEASE, { ...release, reason });
      return true;
    });
  }

  async list({
    tenant,
    limit = STOPS_DEFAULT,
  }: { tenant?: string | undefined; limit?: number | undefined } = {}): Promise<readonly Stop[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('stops')
        .select(COLUMNS)
        .$if(tenant !== undefined, (query) => query.where('tenant', '=', tenant ?? ''))
        .orderBy('at_ms', 'desc')
        .orderBy('target')
        .limit(checkLimit(limit, STOPS_DEFAULT))
        .execute(),
    );
    return rows.map(stopOf);
  }

  async find(target: StopTarget): Promise<Stop | undefined> {
    return this.#database.read((db) => findStop(db, target));
  }

  async changesSince(cursor: number, limit: number = CHANGES_DEFAULT): Promise<readonly StopChange[]> {
    checkWhole('cursor', cursor);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('changes')
        .select(['cursor', 'topic', 'tenant', 'document', 'at_ms'])
        .where('cursor', '>', BigInt(cursor))
        .where('topic', 'in', [ChangeTopic.STOP, ChangeTopic.RELEASE])
        .orderBy('cursor')
        .limit(checkLimit(limit, CHANGES_MAX))
        .execute(),
    );
    return rows.map((row) => ({
      ...(readDocument(row.document) as unknown as Omit<Stop, 'tenant' | 'atMs'>),
      tenant: row.tenant,
      atMs: Number(row.at_ms),
      cursor: Number(row.cursor),
      isReleased: row.topic === ChangeTopic.RELEASE,
    }));
  }
}

function checkOrder(order: StopTarget & Authorship): void {
  checkNames(order, ['tenant', 'target', 'by']);
  checkOneOf('kind', order.kind, Object.values(StopKind));
  checkWhole('atMs', order.atMs);
}

async function recordStop(db: Kysely<Tables>, topic: Change['topic'], stop: Stop): Promise<void> {
  const { tenant, atMs, kind, target, reason, by } = stop;
  await recordChange(db, { topic, tenant, document: { kind, target, reason, by }, atMs });
}

async function findStop(db: Kysely<Tables>, { tenant, kind, target }: StopTarget): Promise<Stop | undefined> {
  const row = await db
    .selectFrom('stops')
    .select(COLUMNS)
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('target', '=', target)
    .executeTakeFirst();
  return row && stopOf(row);
}

function stopOf(row: Selectable<Tables['stops']>): Stop {
  return {
    tenant: row.tenant,
    kind: row.kind as StopKind,
    target: row.target,
    reason: row.reason,
    by: row.written_by,
    atMs: Number(row.at_ms),
  };
}
