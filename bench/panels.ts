// How long what people look at takes, on ledgers of different sizes: the API's questions as the service asks them, and dashboards' as Grafana
// does. What is asked for stays the same size: a page, a session, a day, a week. The baseline is an answer of the same engine that reads nothing.

import path from 'node:path';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { readBaselines } from '../packages/aggregator/src/assess/baseline.ts';
import { createQueries, type Queries } from '../packages/aggregator/src/query/queries.ts';
import { Reader } from '../packages/aggregator/src/query/reader.ts';
import { format, printTable, quantile } from './figures.ts';
import { DAYS, fillLedger, type Ledger, TENANT } from './ledger.ts';
import { withDirectory } from './machine.ts';

export interface PanelsOptions {
  readonly spans: readonly number[];
  readonly runs: number;
}

/** Runs before those that count. */
const WARM_UPS = 3;
const ENGINE_MEMORY_BYTES = 2 * 1024 ** 3;
const DAY_MS = 86_400_000;

type Ask = () => Promise<unknown>;

export async function run({ spans, runs }: PanelsOptions): Promise<void> {
  await withDirectory(async (directory) => {
    const dataDir = path.join(directory, 'data');
    const engine = await startEmbeddedClickHouse({ dataDir, memoryBytesMax: ENGINE_MEMORY_BYTES });
    try {
      const columns: (readonly { readonly p50: number; readonly p95: number }[])[] = [];
      let labels: readonly string[] = [];
      for (const size of spans.toSorted((a, b) => a - b)) {
        const startedAt = performance.now();
        const ledger = await fillLedger(engine.url, size);
        console.log(
          `${format(size)} spans of ${DAYS} days: written in ${format((performance.now() - startedAt) / 1000)} s`,
        );
        const panels = panelsOf(ledger);
        labels = Object.keys(panels);
        const measured = [];
        for (const ask of Object.values(panels)) measured.push(await measure(ask, runs));
        columns.push(measured);
        await ledger.close();
      }
      print(
        labels,
        spans.toSorted((a, b) => a - b),
        columns,
      );
    } finally {
      await engine.stop();
    }
  });
}

async function measure(ask: Ask, runs: number): Promise<{ readonly p50: number; readonly p95: number }> {
  const times: number[] = [];
  for (let round = -WARM_UPS; round < runs; round++) {
    const startedAt = performance.now();
    await ask();
    if (round >= 0) times.push(performance.now() - startedAt);
  }
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

function print(
  labels: readonly string[],
  sizes: readonly number[],
  columns: readonly (readonly { readonly p50: number; readonly p95: number }[])[],
): void {
  const headings = sizes.flatMap((size, at) => [
    `${size.toExponential()} p50`,
    'p95',
    ...(at === 0 ? [] : [`x ${sizes[at - 1]?.toExponential()}`]),
  ]);
  const rows = labels.map((label, row) => [
    label,
    ...columns.flatMap((column, at) => {
      const { p50 = Number.NaN, p95 = Number.NaN } = column[row] ?? {};
      const before = columns[at - 1]?.[row]?.p50;
      return [format(p50, 1), format(p95, 1), ...(at === 0 ? [] : [format(p50 / (before ?? Number.NaN), 1)])];
    }),
  ]);
  console.log('ms for an answer, one at a time');
  printTable(['', ...headings], rows);
}

/** Each asks for another session or span every time, as people do. */
function panelsOf(ledger: Ledger): Readonly<Record<string, Ask>> {
  const { client } = ledger;
  const queries = createQueries(client, { settledUs: () => ledger.settledUs });
  const week = { firstDay: dayBefore(DAYS), lastDay: dayBefore(0) };
  let asked = 0;
  const anyNumber = (): number => (asked++ * 7919) % (ledger.sessions - 100);
  const anySession = (): string => ledger.sessionId(anyNumber());
  return {
    'nothing (SELECT 1)': () => dashboard(ledger, 'SELECT 1'),
    'API: latest 100 sessions': () => expectRows(queries.sessions(TENANT, { filter: {}, limit: 100 }), 'sessions'),
    'API: 100 dearest of a workflow': () =>
      expectRows(
        queries.sessions(TENANT, { filter: { workflow: 'workflow-3' }, order: 'cost', limit: 100 }),
        'sessions',
      ),
    'API: sessions that run': () =>
      expectRows(queries.sessions(TENANT, { filter: { state: 'running' }, limit: 100 }), 'sessions'),
    'API: one session': () => expectFound(queries.session(TENANT, anySession())),
    'API: one that is no session': () => queries.nearSessions(TENANT, `${anySession()}x`),
    'API: workflows': () => queries.workflows({ tenant: TENANT }),
    'API: one workflow and its agents': () =>
      Promise.all([expectFound(queries.workflow(TENANT, 'workflow-3')), queries.workflowAgents(TENANT, 'workflow-3')]),
    'API: comparison of a session': () => compareOne(queries, ledger, anySession()),
    'API: totals of a week by model': () => queries.totals(TENANT, { ...week, by: 'model' }),
    'API: totals of a week by day': () => queries.totals(TENANT, { ...week, by: 'day' }),
    'API: explain a trace': () => explainOne(queries, ledger, anyNumber()),
    'API: producers of a day': () => queries.producers(TENANT, { firstDay: dayBefore(1) }),
    'panel: cost of a day in 5 minutes': () =>
      dashboard(
        ledger,
        `SELECT time, workflow, cost_nano_usd FROM workflow_5min_totals
         WHERE tenant = {tenant:String} AND time >= {day_ago:DateTime} ORDER BY time`,
      ),
    'panel: cost of a week by hour and model': () =>
      dashboard(
        ledger,
        `SELECT time, model, sum(cost_nano_usd) AS cost FROM model_hour_totals
         WHERE tenant = {tenant:String} AND time >= {week_ago:DateTime} GROUP BY time, model ORDER BY time`,
      ),
    'panel: tools of a week by hour': () =>
      dashboard(
        ledger,
        `SELECT time, tool, sum(tool_calls) AS calls, sum(errors) AS failed FROM tool_hour_totals
         WHERE tenant = {tenant:String} AND time >= {week_ago:DateTime} GROUP BY time, tool ORDER BY time`,
      ),
    'panel: averages of all workflows': () =>
      dashboard(
        ledger,
        `SELECT workflow, sessions, cost_nano_usd_sum / sessions AS cost FROM workflow_averages FINAL
         WHERE tenant = {tenant:String} AND sessions > 0 ORDER BY sessions DESC`,
      ),
  };
}

async function dashboard({ client }: Ledger, query: string): Promise<void> {
  const query_params = {
    tenant: TENANT,
    day_ago: Math.floor((Date.now() - DAY_MS) / 1000),
    week_ago: Math.floor((Date.now() - DAYS * DAY_MS) / 1000),
  };
  const result = await client.query({ query, query_params, format: 'JSONEachRow' });
  if ((await result.json()).length === 0) throw new Error(`nothing was found: ${query}`);
}

async function compareOne(queries: Queries, { client }: Ledger, id: string): Promise<void> {
  const session = await expectFound(queries.session(TENANT, id));
  await readBaselines(new Reader(client), session.figures);
}

async function explainOne(queries: Queries, { client }: Ledger, session: number): Promise<void> {
  const result = await client.query({
    query: 'SELECT lower(hex(sipHash128({session:UInt64}, toUInt64(0)))) AS trace',
    query_params: { session },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ trace: string }>();
  await expectFound(queries.explain(TENANT, { traceId: row?.trace }));
}

async function expectFound<Found>(asking: Promise<Found | undefined>): Promise<Found> {
  const found = await asking;
  if (found === undefined) throw new Error('nothing was found');
  return found;
}

async function expectRows<Name extends string>(
  asking: Promise<Readonly<Record<Name, readonly unknown[]>>>,
  name: Name,
): Promise<void> {
  if ((await asking)[name].length === 0) throw new Error(`no ${name} were found`);
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}
