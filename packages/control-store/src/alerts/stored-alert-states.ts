import { checkNames, checkOneOf, checkWhole, readDocument, writeDocument } from '../check-input.ts';
import type { Database } from '../database/database.ts';
import type { AlertState, AlertStates } from './alerts.ts';

const STATES = ['pending', 'firing', 'resolved'] as const;

export class StoredAlertStates implements AlertStates {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({
    tenant,
    ruleId,
  }: { readonly tenant?: string | undefined; readonly ruleId?: string | undefined } = {}): Promise<
    readonly AlertState[]
  > {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('alert_states')
        .select(['tenant', 'rule_id', 'fingerprint', 'state', 'since_ms', 'last_delivery_ms', 'document'])
        .$if(tenant !== undefined, (query) => query.where('tenant', '=', tenant ?? ''))
        .$if(ruleId !== undefined, (query) => query.where('rule_id', '=', ruleId ?? ''))
        .orderBy('tenant')
        .orderBy('rule_id')
        .orderBy('fingerprint')
        .execute(),
    );
    return rows.map((row) => ({
      tenant: row.tenant,
      ruleId: row.rule_id,
      fingerprint: row.fingerprint,
      state: row.state as AlertState['state'],
      sinceMs: Number(row.since_ms),
      lastDeliveryMs: row.last_delivery_ms === null ? null : Number(row.last_delivery_ms),
      document: readDocument(row.document),
    }));
  }

  async put(states: readonly AlertState[]): Promise<void> {
    const rows = states.map(rowOf);
    if (rows.length === 0) return;
    await this.#database.write(async (db) => {
      for (const row of rows) {
        await db
          .insertInto('alert_states')
          .values(row)
          .onConflict((conflict) => conflict.columns(['tenant', 'rule_id', 'fingerprint']).doUpdateSet(row))
          .execute();
      }
    });
  }

  async remove(states: readonly Pick<AlertState, 'tenant' | 'ruleId' | 'fingerprint'>[]): Promise<void> {
    if (states.length === 0) return;
    await this.#database.write(async (db) => {
      for (const { tenant, ruleId, fingerprint } of states) {
        await db
          .deleteFrom('alert_states')
          .where('tenant', '=', tenant)
          .where('rule_id', '=', ruleId)
          .where('fingerprint', '=', fingerprint)
          .execute();
      }
    });
  }
}

function rowOf(state: AlertState): {
  tenant: string;
  rule_id: string;
  fingerprint: string;
  state: string;
  since_ms: bigint;
  last_delivery_ms: bigint | null;
  document: string;
} {
  checkNames(state, ['tenant', 'ruleId', 'fingerprint']);
  checkOneOf('state', state.state, STATES);
  checkWhole('sinceMs', state.sinceMs);
  if (state.lastDeliveryMs !== null) checkWhole('lastDeliveryMs', state.lastDeliveryMs);
  return {
    tenant: state.tenant,
    rule_id: state.ruleId,
    fingerprint: state.fingerprint,
    state: state.state,
    since_ms: BigInt(state.sinceMs),
    last_delivery_ms: state.lastDeliveryMs === null ? null : BigInt(state.lastDeliveryMs),
    document: writeDocument('document', state.document),
  };
}
