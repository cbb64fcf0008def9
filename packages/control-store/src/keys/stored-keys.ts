import type { Selectable } from 'kysely';
import { ChangeTopic } from '../changes/changes.ts';
import { recordChange } from '../changes/record-change.ts';
import { checkName, checkNames, checkOneOf, checkWhole, invalid } from '../check-input.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Authorship } from '../policies/policies.ts';
import { KeyScope, type AddKey, type Keys, type StoredKey } from './keys.ts';

const TENANTS_MAX = 1000;
const EVERY_TENANT = '*';
const COLUMNS = [
  'name',
  'sha256',
  'tenants',
  'scope',
  'created_by',
  'created_at_ms',
  'revoked_by',
  'revoked_at_ms',
] as const;

export class StoredKeys implements Keys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(key: AddKey): Promise<StoredKey> {
    checkKey(key);
    const row: Selectable<Tables['api_keys']> = {
      name: key.name,
      sha256: key.sha256.toLowerCase(),
      tenants: JSON.stringify(key.tenants),
      scope: key.scope,
      created_by: key.by,
      created_at_ms: BigInt(key.atMs),
      revoked_by: null,
      revoked_at_ms: null,
    };
    return this.#database.write(async (db) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('api_keys')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) {
        throw new ControlStoreError(`A key of the name "${key.name}", or this very key, is there already.`, {
          code: ControlStoreErrorCode.ALREADY_EXISTS,
          field: 'name',
        });
      }
      await recordChange(db, {
        topic: ChangeTopic.KEYS,
        tenant: EVERY_TENANT,
        document: { name: key.name },
        atMs: key.atMs,
      });
      return keyOf(row);
    });
  }

  async revoke({ name, by, atMs }: Authorship & { readonly name: string }): Promise<boolean> {
    checkNames({ name, by }, ['name', 'by']);
    checkWhole('atMs', atMs);
    return this.#database.write(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_by: by, revoked_at_ms: BigInt(atMs) })
        .where('name', '=', name)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await recordChange(db, { topic: ChangeTopic.KEYS, tenant: EVERY_TENANT, document: { name }, atMs });
      return true;
    });
  }

  async list(): Promise<readonly StoredKey[]> {
    const rows = await this.#database.read((db) => db.selectFrom('api_keys').select(COLUMNS).orderBy('name').execute());
    return rows.map(keyOf);
  }

  async findByHash(sha256: string): Promise<StoredKey | undefined> {
    const row = await this.#database.read((db) =>
      db
        .selectFrom('api_keys')
        .select(COLUMNS)
        .where('sha256', '=', sha256.toLowerCase())
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst(),
    );
    return row && keyOf(row);
  }
}

function checkKey(key: AddKey): void {
  checkNames(key, ['name', 'by']);
  checkWhole('atMs', key.atMs);
  checkOneOf('scope', key.scope, Object.values(KeyScope));
  // The key itself must never get here.
  if (!/^[0-9a-f]{64}$/i.test(key.sha256)) {
    throw invalid('sha256', 'the SHA-256 of the key in 64 hexadecimal digits', `${key.sha256.length} characters`);
  }
  if (key.tenants === EVERY_TENANT) return;
  if (!Array.isArray(key.tenants) || key.tenants.length === 0 || key.tenants.length > TENANTS_MAX) {
    throw invalid('tenants', `* or 1 to ${TENANTS_MAX} names`, key.tenants);
  }
  for (const tenant of key.tenants) checkName('tenants', tenant);
}

function keyOf(row: Selectable<Tables['api_keys']>): StoredKey {
  return {
    name: row.name,
    sha256: row.sha256,
    tenants: JSON.parse(row.tenants) as StoredKey['tenants'],
    scope: row.scope as KeyScope,
    createdBy: row.created_by,
    createdAtMs: Number(row.created_at_ms),
    revokedBy: row.revoked_by,
    revokedAtMs: row.revoked_at_ms === null ? null : Number(row.revoked_at_ms),
  };
}
