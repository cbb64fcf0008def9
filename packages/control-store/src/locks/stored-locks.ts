import { checkNames, checkWhole } from '../check-input.ts';
import type { Database } from '../database/database.ts';
import type { Locks } from './locks.ts';

export class StoredLocks implements Locks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async hold(lock: {
    readonly name: string;
    readonly holder: string;
    readonly ttlMs: number;
    readonly nowMs: number;
  }): Promise<boolean> {
    const { name, holder, ttlMs, nowMs } = lock;
    checkNames(lock, ['name', 'holder']);
    checkWhole('ttlMs', ttlMs, { min: 1 });
    checkWhole('nowMs', nowMs);
    const expiresAtMs = BigInt(nowMs + ttlMs);
    return this.#database.write(async (db) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('locks')
        .values({ name, holder, expires_at_ms: expiresAtMs })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, expires_at_ms: expiresAtMs })
            .where((where) =>
              where.or([where('locks.holder', '=', holder), where('locks.expires_at_ms', '<=', BigInt(nowMs))]),
            ),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    });
  }

  async release({ name, holder }: { readonly name: string; readonly holder: string }): Promise<void> {
    await this.#database.write((db) =>
      db.deleteFrom('locks').where('name', '=', name).where('holder', '=', holder).execute(),
    );
  }
}
