import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { Database } from '../../src/save/database.ts';
import { migrate } from '../../src/save/migrate/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../../src/save/migrate/migration-files.ts';

/** A real engine on a directory of its own. */
export interface RunningEngine {
  readonly engine: EmbeddedClickHouse;
  readonly url: string;
  readonly dataDir: string;
  /** Runs SQL as it is and returns what came back. `extra` goes before the body, for INSERT ... FORMAT. */
  send(sql: string, data?: Uint8Array): Promise<Buffer>;
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function runEngine(): Promise<RunningEngine> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-save-'));
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(dataDir, 'clickhouse') });
  // Nothing of ours is between the test and the engine, so that what is tested is not what checks it.
  const send: RunningEngine['send'] = async (sql, data) => {
    const address = data === undefined ? engine.url : `${engine.url}/?query=${encodeURIComponent(sql)}`;
    const answer = await fetch(address, {
      method: 'POST',
      body: typeof data === 'object' ? new Uint8Array(data) : sql,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`${sql.slice(0, 200)}: ${body.toString('utf8').slice(0, 1000)}`);
    return body;
  };
  return {
    engine,
    url: engine.url,
    dataDir,
    send,
    rows: async <Row>(sql: string): Promise<Row[]> => {
      const body = await send(`${sql} FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0`);
      return body
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row);
    },
    stop: async () => {
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same with all tables in one database; parts stay as they were inserted, so that they can be counted. */
export async function runMigratedEngine(name: string): Promise<RunningEngine> {
  const running = await runEngine();
  const database = new Database({ url: running.url, database: name });
  await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
  await database.close();
  await running.send(`SYSTEM STOP MERGES ${name}.entries`);
  await running.send(`SYSTEM STOP MERGES ${name}.observations`);
  return running;
}

/** Waits until something is true, looking again and again; fails when it takes too long. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
