// A real engine on a directory of its own, asked as Grafana's plugin asks: whole queries as text, results with names and types of columns.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { Database } from '../../../packages/aggregator/src/save/database.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../../../packages/aggregator/src/save/migrate/migration-files.ts';
import { migrate } from '../../../packages/aggregator/src/save/migrate/migrate.ts';

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface Engine {
  readonly url: string;
  readonly directory: string;
  /** Makes a database with all tables and views, and nothing in them. */
  migrate(database: string): Promise<void>;
  /** Reads, within what readers are allowed. */
  ask(database: string, sql: string): Promise<Answer>;
  /** Runs anything. */
  run(database: string, sql: string, settings?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export async function startEngine(): Promise<Engine> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-grafana-'));
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(directory, 'clickhouse') });
  const run = async (database: string, sql: string, settings: Record<string, string> = {}): Promise<string> => {
    const query = new URLSearchParams({ database, ...settings }).toString();
    const answer = await fetch(`${engine.url}/?${query}`, { method: 'POST', body: sql });
    const text = await answer.text();
    if (!answer.ok || /^Code: \d+/.test(text)) throw new Error(`${text.slice(0, 800)}\n\n${sql}`);
    return text;
  };
  return {
    url: engine.url,
    directory,
    run,
    async migrate(name) {
      const database = new Database({ url: engine.url, database: name });
      await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
      await database.close();
    },
    async ask(database, sql) {
      const text = await run(database, sql, READER);
      const { meta, data } = JSON.parse(text) as { meta: Answer['columns']; data: Answer['rows'] };
      return { columns: meta, rows: data };
    },
    async stop() {
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As a reader's profile has it. */
const READER = { default_format: 'JSONCompact', readonly: '2', max_execution_time: '30', max_result_rows: '100000' };
