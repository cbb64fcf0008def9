import type { Kysely, Selectable } from 'kysely';
import { ChangeTopic } from '../changes/changes.ts';
import { recordChange } from '../changes/record-change.ts';
import { checkLimit, checkNames, checkWhole, invalid, writeDocument } from '../check-input.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import { lockedRow, type Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { JsonDocument } from '../json-value.ts';
import type { HistoryPage, Policies, PolicySet, PutPolicies } from './policies.ts';

const HISTORY_DEFAULT = 50;
const HISTORY_MAX = 500;
/** All of them are sent to each guard. */
const DOCUMENTS_MAX = 1000;

const COLUMNS = ['tenant', 'version', 'documents', 'written_by', 'at_ms'] as const;

export class StoredPolicies implements Policies {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(tenant: string): Promise<PolicySet> {
    const [newest] = await this.history(tenant, { limit: 1 });
    return newest ?? { tenant, version: 0, documents: [], by: null, atMs: null };
  }

  async put({ tenant, documents, by, atMs, expectedVersion }: PutPolicies): Promise<PolicySet> {
    checkNames({ tenant, by }, ['tenant', 'by']);
    checkWhole('atMs', atMs);
    if (expectedVersion !== undefined) checkWhole('expectedVersion', expectedVersion);
    if (documents.length > DOCUMENTS_MAX) throw invalid('documents', `at most ${DOCUMENTS_MAX}`, documents.length);
    const text = writeDocument('documents', documents);
    return this.#database.write(async (db) => {
      const version = await this.#countUp(db, tenant, expectedVersion);
      const row = { tenant, version, documents: text, written_by: by, at_ms: BigInt(atMs) };
      await db.insertInto('policy_versions').values(row).execute();
      await recordChange(db, { topic: ChangeTopic.POLICIES, tenant, document: { version: Number(version) }, atMs });
      return policySetOf(row);
    });
  }

  async history(tenant: string, { before, limit = HISTORY_DEFAULT }: HistoryPage = {}): Promise<readonly PolicySet[]> {
    checkNames({ tenant }, ['tenant']);
    if (before !== undefined) checkWhole('before', before);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('policy_versions')
        .select(COLUMNS)
        .where('tenant', '=', tenant)
        .$if(before !== undefined, (query) => query.where('version', '<', BigInt(before ?? 0)))
        .orderBy('version', 'desc')
        .limit(checkLimit(limit, HISTORY_MAX))
        .execute(),
    );
    return rows.map(policySetOf);
  }

  async #countUp(db: Kysely<Tables>, tenant: string, expectedVersion: number | undefined): Promise<bigint> {
    await db
      .insertInto('policy_scopes')
      .values({ tenant, version: 0 })
      .onConflict((conflict) => conflict.column('tenant').doNothing())
      .execute();
    const query = db.selectFrom('policy_scopes').select('version').where('tenant', '=', tenant);
    const scope = await lockedRow(this.#database.dialect, query).executeTakeFirstOrThrow();
    if (expectedVersion !== undefined && BigInt(expectedVersion) !== scope.version) {
      throw new ControlStoreError(
        `Policies were written by others meanwhile: expected version ${expectedVersion}, the newest is ${scope.version}.`,
        { code: ControlStoreErrorCode.VERSION_CONFLICT, field: 'expectedVersion' },
      );
    }
    const version = scope.version + 1n;
    await db.updateTable('policy_scopes').set({ version }).where('tenant', '=', tenant).execute();
    return version;
  }
}

function policySetOf(row: Selectable<Tables['policy_versions']>): PolicySet {
  return {
    tenant: row.tenant,
    version: Number(row.version),
    documents: JSON.parse(row.documents) as readonly JsonDocument[],
    by: row.written_by,
    atMs: Number(row.at_ms),
  };
}
