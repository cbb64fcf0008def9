// The made-up month in a running ClickHouse and a running Prometheus. Each preview has copies of its own, so that several can run at one time.

import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { buildHistory, type History } from '../../history/build.ts';
import { startPrometheus } from '../../history/prometheus.ts';
import type { Engines } from './collect/variable-options.ts';

const CACHE = path.join(import.meta.dirname, '../../../node_modules/.cache/turnmeter-history');
const DAY_MS = 86_400_000;

export interface RunningHistory {
  readonly engines: Engines;
  /** When the month ends. */
  readonly nowMs: number;
  stop(): Promise<void>;
}

export async function openHistory(isFresh: boolean, say: (line: string) => void): Promise<RunningHistory> {
  const kept = isFresh ? undefined : await readKept();
  const history =
    kept ?? (await buildHistory({ directory: CACHE, nowMs: Math.floor(Date.now() / 60_000) * 60_000, say }));
  say(`the month ends ${new Date(history.nowMs).toISOString()}; starting ClickHouse and Prometheus ...`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-preview-'));
  await cp(history.directory, directory, { recursive: true });
  const clickHouse = await startEmbeddedClickHouse({ dataDir: path.join(directory, 'turnmeter/clickhouse') });
  const prometheus = await startPrometheus({ directory });
  return {
    engines: { clickHouseUrl: clickHouse.url, prometheusUrl: prometheus.url },
    nowMs: history.nowMs,
    async stop() {
      await Promise.all([clickHouse.stop(), prometheus.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** One that is not older than a day: `now()` in queries is not the end of an older one. */
async function readKept(): Promise<History | undefined> {
  const file = path.join(CACHE, 'history.json');
  if (!existsSync(file)) return undefined;
  const { nowMs } = JSON.parse(await readFile(file, 'utf8')) as { readonly nowMs: number };
  return Date.now() - nowMs > DAY_MS ? undefined : { directory: CACHE, nowMs };
}
