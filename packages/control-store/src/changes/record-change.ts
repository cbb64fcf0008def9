import { sql, type Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Change } from './changes.ts';

/**
 * Writes down what is changed, in the transaction that changes it. The counter's row is locked until that is committed, so changes become
 * visible in the order of their numbers, and no reader passes one by. Called last: writers of changes wait for each other from here on.
 */
export async function recordChange(db: Kysely<Tables>, change: Omit<Change, 'cursor'>): Promise<void> {
  const { value } = await db
    .updateTable('counters')
    .set({ value: sql<bigint>`value + 1` })
    .where('name', '=', 'changes')
    .returning('value')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('changes')
    .values({
      cursor: value,
      topic: change.topic,
      tenant: change.tenant,
      document: JSON.stringify(change.document),
      at_ms: change.atMs,
    })
    .execute();
}
