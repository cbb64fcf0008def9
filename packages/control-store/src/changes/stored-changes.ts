import { checkLimit, checkWhole, readDocument } from '../check-input.ts';
import type { Database } from '../database/database.ts';
import type { Change, ChangeTopic, Changes } from './changes.ts';

const CHANGES_DEFAULT = 1000;
const CHANGES_MAX = 10_000;

export class StoredChanges implements Changes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async latestCursor(): Promise<number> {
    const row = await this.#database.read((db) =>
      db.selectFrom('counters').select('value').where('name', '=', 'changes').executeTakeFirstOrThrow(),
    );
    return Number(row.value);
  }

  async since(cursor: number, limit: number = CHANGES_DEFAULT): Promise<readonly Change[]> {
    checkWhole('cursor', cursor);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('changes')
        .select(['cursor', 'topic', 'tenant', 'document', 'at_ms'])
        .where('cursor', '>', BigInt(cursor))
        .orderBy('cursor')
        .limit(checkLimit(limit, CHANGES_MAX))
        .execute(),
    );
    return rows.map((row) => ({
      cursor: Number(row.cursor),
      topic: row.topic as ChangeTopic,
      tenant: row.tenant,
      document: readDocument(row.document),
      atMs: Number(row.at_ms),
    }));
  }

  async prune(beforeMs: number): Promise<number> {
    checkWhole('beforeMs', beforeMs);
    const { numDeletedRows } = await this.#database.write((db) =>
      db.deleteFrom('changes').where('at_ms', '<', BigInt(beforeMs)).executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }
}
