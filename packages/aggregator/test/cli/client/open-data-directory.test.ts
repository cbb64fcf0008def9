import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { describe, expect, it } from 'vitest';
import { runService } from '../running-service.ts';
import { runTurnmeter } from '../run-turnmeter.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();

/** Days after which entries leave. */
async function entryDaysOf(dataDir: string): Promise<string | undefined> {
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(dataDir, 'clickhouse') });
  const client = createClient({ url: engine.url });
  const answer = await client.query({
    query: `SELECT create_table_query AS ddl FROM system.tables WHERE database = 'turnmeter' AND name = 'entries'`,
    format: 'JSONEachRow',
  });
  const [table] = await answer.json<{ ddl: string }>();
  await client.close();
  await engine.stop();
  return /TTL ingest_day \+ toIntervalDay\((\d+)\)/.exec(table?.ddl ?? '')?.[1];
}

describe('a command on the data of a stopped service', () => {
  it('drops nothing, though it does not know for how long its service keeps things', async () => {
    const dataDir = newFolder();
    const service = await runService({ TURNMETER_RETENTION_ENTRY_DAYS: '3650' }, { dataDir });
    await service.stop('SIGTERM', { keepsData: true });
    expect((await runTurnmeter(['sessions', '--data-dir', dataDir])).code).toBe(0);
    expect(await entryDaysOf(dataDir)).toBe('3650');
  }, 60_000);
});
