// How long every query of the Grafana dashboards takes, over the time that the dashboard shows by default: as Grafana asks them, on the
// ledger of bench/ledger.ts, one at a time. Those above the bound are listed.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { expandSql } from '../grafana/src/query/expand.ts';
import type { Variables } from '../grafana/src/query/interpolate.ts';
import { format, median, printTable, quantile } from './figures.ts';
import { DAYS, fillLedger, type Ledger, TENANT } from './ledger.ts';
import { cpuSecondsOf, withDirectory } from './machine.ts';

export interface DashboardsOptions {
  readonly spans: number;
  readonly runs: number;
  /** A directory to keep the ledger in, or to find it in as an earlier run has left it. */
  readonly data?: string;
}

interface Query {
  /** `overview: What was spent? (A)` */
  readonly label: string;
  readonly sql: string;
}

interface Measured {
  readonly label: string;
  readonly rows: number;
  /** Rows of tables and projections that the engine read for it. */
  readonly read: number;
  readonly p50: number;
  readonly p95: number;
  /** CPU of the engine for one answer: what other programs on the machine cannot move, ms. */
  readonly cpu: number;
}

const FOLDER = path.join(import.meta.dirname, '../grafana/dashboards');
/** What a panel may take, ms. */
const BOUND_MS = 50;
/** Runs before those that count. */
const WARM_UPS = 2;
/** Longer ones fail, and with them the run: by then a panel is as good as broken. */
const QUERY_SECONDS_MAX = 60;
/** Time ranges of panels move on: an answer is never made of granules that the engine remembers from the same question. */
const SETTINGS = { max_execution_time: QUERY_SECONDS_MAX, use_query_condition_cache: 0 } as const;
const PROGRESS_QUERIES = 20;
const ENGINE_MEMORY_BYTES = 2 * 1024 ** 3;
/** Points that a graph of usual width asks for. */
const POINTS = 700;
const HOURS_OF: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24, w: 168 };
const HOUR_MS = 3_600_000;

export async function run({ spans, runs, data }: DashboardsOptions): Promise<void> {
  const measureIn = (directory: string): Promise<void> => measureAll(path.join(directory, 'data'), spans, runs);
  await (data === undefined ? withDirectory(measureIn) : measureIn(data));
}

async function measureAll(dataDir: string, spans: number, runs: number): Promise<void> {
  const engine = await startEmbeddedClickHouse({ dataDir, memoryBytesMax: ENGINE_MEMORY_BYTES });
  try {
    const startedAt = performance.now();
    const ledger = await fillLedger(engine.url, spans);
    const seconds = format((performance.now() - startedAt) / 1000);
    console.log(`${format(spans)} spans of ${DAYS} days: ready in ${seconds} s`);
    const queries = await queriesOf(ledger);
    const measured: Measured[] = [];
    for (const query of queries) {
      measured.push(await measure({ ledger, query, runs, enginePid: engine.pid ?? 0 }));
      if (measured.length % PROGRESS_QUERIES === 0) {
        console.error(`${measured.length} of ${queries.length} queries measured, the last one ${query.label}`);
      }
    }
    await ledger.close();
    print(measured);
  } finally {
    await engine.stop();
  }
}

/** Of all dashboards, and of their variables. */
async function queriesOf(ledger: Ledger): Promise<readonly Query[]> {
  const queries: Query[] = [{ label: 'nothing (SELECT 1)', sql: 'SELECT 1' }];
  for (const file of (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).toSorted()) {
    const dashboard = JSON.parse(await readFile(path.join(FOLDER, file), 'utf8')) as Dashboard;
    const expand = expanderOf(dashboard, ledger);
    const name = path.basename(file, '.json');
    for (const { type, query, name: variable } of dashboard.templating.list) {
      if (type === 'query' && typeof query === 'string' && isSql(query)) {
        queries.push({ label: `${name}: variable ${variable}`, sql: expand(query) });
      }
    }
    for (const { title, targets = [] } of dashboard.panels.flatMap((panel) => panel.panels ?? [panel])) {
      for (const { rawSql, refId } of targets) {
        if (rawSql !== undefined) queries.push({ label: `${name}: ${title} (${refId})`, sql: expand(rawSql) });
      }
    }
  }
  return queries;
}

/** What of a dashboard is looked at here. */
interface Dashboard {
  readonly time: { readonly from: string };
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query?: unknown;
      readonly allValue?: string;
      readonly current?: { readonly value?: unknown };
    }[];
  };
  readonly panels: readonly Panel[];
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly rawSql?: string; readonly refId: string }[];
  readonly panels?: readonly Panel[];
}

function isSql(query: string): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(query);
}

function expanderOf({ time, templating }: Dashboard, ledger: Ledger): (sql: string) => string {
  const toMs = Math.floor(ledger.endUs / 1000);
  const [, count = '24', unit = 'h'] = /^now-(\d+)([mhdw])$/.exec(time.from) ?? [];
  const rangeMs = Number(count) * (HOURS_OF[unit] ?? 1) * HOUR_MS;
  const range = { fromMs: toMs - rangeMs, toMs, intervalMs: Math.max(1000, Math.round(rangeMs / POINTS)) };
  // What is chosen: one where there is no All, else all.
  const one: Readonly<Record<string, string>> = {
    tenant: TENANT,
    workflow: 'workflow-3',
    session: ledger.sessionId(ledger.sessions - 100),
    agent: 'agent-1',
    model: 'model-1',
  };
  const variables: Variables = Object.fromEntries(
    templating.list.map(({ name, allValue, current }) => [
      name,
      allValue === undefined ? { value: one[name] ?? textOf(current?.value) } : { value: '$__all', allValue },
    ]),
  );
  return (sql) => expandSql(sql, range, variables);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface Measurement {
  readonly ledger: Ledger;
  readonly query: Query;
  readonly runs: number;
  readonly enginePid: number;
}

async function measure({ ledger, query: { label, sql }, runs, enginePid }: Measurement): Promise<Measured> {
  const times: number[] = [];
  let rows = 0;
  let read = 0;
  let cpuSeconds = 0;
  for (let round = -WARM_UPS; round < runs; round++) {
    if (round === 0) cpuSeconds = cpuSecondsOf(enginePid);
    const startedAt = performance.now();
    const result = await ledger.client.query({
      query: sql,
      format: 'JSONCompact',
      clickhouse_settings: SETTINGS,
    });
    const { data, statistics } = await result.json();
    rows = data.length;
    read = statistics?.rows_read ?? 0;
    if (round >= 0) times.push(performance.now() - startedAt);
  }
  const cpu = ((cpuSecondsOf(enginePid) - cpuSeconds) / runs) * 1000;
  return { label, rows, read, p50: quantile(times, 0.5), p95: quantile(times, 0.95), cpu };
}

function print(measured: readonly Measured[]): void {
  const headings = ['', 'rows', 'read', 'p50', 'p95', 'cpu'];
  const rowOf = ({ label, rows, read, p50, p95, cpu }: Measured): readonly string[] => [
    label,
    format(rows),
    format(read),
    format(p50, 1),
    format(p95, 1),
    format(cpu, 1),
  ];
  console.log('ms for an answer, one at a time');
  printTable(headings, measured.map(rowOf));
  const dear = measured.filter(({ cpu }) => cpu > BOUND_MS);
  const middle = format(median(measured.map(({ cpu }) => cpu)), 1);
  console.log(
    `\nCPU of the engine: ${middle} ms in the middle, above ${BOUND_MS} ms for ${dear.length} of ${measured.length}`,
  );
  const slow = measured.filter(({ p95 }) => p95 > BOUND_MS).toSorted((a, b) => b.cpu - a.cpu);
  console.log(
    `${slow.length} of ${measured.length} above ${BOUND_MS} ms${slow.length === 0 ? '' : ', the slowest first'}`,
  );
  if (slow.length > 0) printTable(headings, slow.map(rowOf));
}
