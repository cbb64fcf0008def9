import type { Selectable } from 'kysely';
import { ChangeTopic } from '../changes/changes.ts';
import { recordChange } from '../changes/record-change.ts';
import { checkNames, checkWhole, readDocument, writeDocument } from '../check-input.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import { lockedRow, type Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Authorship } from '../policies/policies.ts';
import type { AlertRule, AlertRules, PutAlertRule } from './alerts.ts';

const COLUMNS = ['tenant', 'id', 'version', 'document', 'written_by', 'at_ms'] as const;
const TOPIC = ChangeTopic.ALERT_RULES;

export class StoredAlertRules implements AlertRules {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(tenant?: string): Promise<readonly AlertRule[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('alert_rules')
        .select(COLUMNS)
        .$if(tenant !== undefined, (query) => query.where('tenant', '=', tenant ?? ''))
        .orderBy('tenant')
        .orderBy('id')
        .execute(),
    );
    return rows.map(ruleOf);
  }

  async find(tenant: string, id: string): Promise<AlertRule | undefined> {
    const row = await this.#database.read((db) =>
      db.selectFrom('alert_rules').select(COLUMNS).where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst(),
    );
    return row && ruleOf(row);
  }

  async put(rule: PutAlertRule): Promise<AlertRule> {
    const { tenant, id, by, atMs, expectedVersion } = rule;
    checkNames(rule, ['tenant', 'id', 'by']);
    checkWhole('atMs', atMs);
    if (expectedVersion !== undefined) checkWhole('expectedVersion', expectedVersion);
    const document = writeDocument('document', rule.document);
    return this.#database.write(async (db) => {
      const query = db.selectFrom('alert_rules').select('version').where('tenant', '=', tenant).where('id', '=', id);
      const known = await lockedRow(this.#database.dialect, query).executeTakeFirst();
      refuseOtherVersion(known?.version ?? 0n, expectedVersion);
      const row = {
        tenant,
        id,
        version: (known?.version ?? 0n) + 1n,
        document,
        written_by: by,
        at_ms: BigInt(atMs),
      };
      // Two that find no rule at once: the second fails on the first's row, and is done again.
      if (known === undefined) await db.insertInto('alert_rules').values(row).execute();
      else await db.updateTable('alert_rules').set(row).where('tenant', '=', tenant).where('id', '=', id).execute();
      await recordChange(db, { topic: TOPIC, tenant, document: { id, version: Number(row.version) }, atMs });
      return ruleOf(row);
    });
  }

  async remove({
    tenant,
    id,
    by,
    atMs,
  }: Authorship & { readonly tenant: string; readonly id: string }): Promise<boolean> {
    checkNames({ tenant, id, by }, ['tenant', 'id', 'by']);
    checkWhole('atMs', atMs);
    return this.#database.write(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom('alert_rules')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await db.deleteFrom('alert_states').where('tenant', '=', tenant).where('rule_id', '=', id).execute();
      await recordChange(db, { topic: TOPIC, tenant, document: { id, removedBy: by }, atMs });
      return true;
    });
  }
}

function refuseOtherVersion(version: bigint, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || BigInt(expectedVersion) === version) return;
  throw new ControlStoreError(
    `The alert rule was written by others meanwhile: expected version ${expectedVersion}, the newest is ${version}.`,
    { code: ControlStoreErrorCode.VERSION_CONFLICT, field: 'expectedVersion' },
  );
}

function ruleOf(row: Selectable<Tables['alert_rules']>): AlertRule {
  return {
    tenant: row.tenant,
    id: row.id,
    version: Number(row.version),
    document: readDocument(row.document),
    by: row.written_by,
    atMs: Number(row.at_ms),
  };
}
