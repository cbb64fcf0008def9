// How long a page of metrics takes to write, and how large it is, with as many tenants and workflows as one aggregator should show.

import { text } from 'node:stream/consumers';
import { createPriceBook } from '@turnmeter/pricing';
import type { PricedPosting } from '../packages/aggregator/src/price/price-postings.ts';
import { type Exposed, Exposure } from '../packages/aggregator/src/expose/exposure.ts';
import { parseConfig } from '../packages/aggregator/src/config/parse-config.ts';
import type { ActiveSessions, PeriodCost } from '../packages/aggregator/src/query/period-costs.ts';
import type { Summary } from '../packages/aggregator/src/query/summary-rows.ts';
import { PrometheusTelemetry } from '../packages/aggregator/src/telemetry.ts';
import { format, median } from './figures.ts';

export interface ScrapeOptions {
  readonly tenants: number;
  readonly workflows: number;
  readonly rounds: number;
}

/** Figures are made up here: what the database takes to find them is no part of a scrape. */
export async function run({ tenants, workflows, rounds }: ScrapeOptions): Promise<void> {
  const { exposed } = await fillExposure({ tenants, workflows });
  console.log(`${tenants} tenants × ${workflows} workflows, median of ${rounds} (slowest)`);
  for (const [name, asked] of Object.entries(SCRAPERS)) {
    // What is new is shown as zeros first, which are shorter.
    await scrape(exposed, asked);
    const times: number[] = [];
    const before = process.cpuUsage();
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now();
      bytes = await scrape(exposed, asked);
      times.push(performance.now() - startedAt);
    }
    const { user, system } = process.cpuUsage(before);
    const turns = new Turns();
    await scrape(exposed, asked);
    const longestMs = turns.stop();
    console.log(
      `${name}: ${format(median(times))} ms (${format(Math.max(...times))}), CPU ${format((user + system) / rounds / 1000)} ms, ` +
        `${format(bytes / 1e6)} MB; at most ${format(longestMs)} ms without a turn for others`,
    );
  }
  const samples = (await text((await exposed.page.write(SCRAPERS.text)).body)).split('\n');
  console.log(`${format(samples.filter((line) => line !== '' && !line.startsWith('#')).length)} samples as text`);
  await exposed.stop();
}

export interface FilledExposure {
  readonly exposed: Exposed;
  /** Books a call and a turn to each workflow, and finalizes a session. */
  readonly bookMore: () => void;
}

/** A page of workflows that all have something booked, and with a monthly budget for each tenant where asked for. */
export async function fillExposure({
  tenants,
  workflows,
  hasBudgets = false,
}: Pick<ScrapeOptions, 'tenants' | 'workflows'> & { readonly hasBudgets?: boolean }): Promise<FilledExposure> {
  const names = Array.from({ length: tenants }, (_, at) => tenantName(at));
  const budgets = hasBudgets ? names.map((tenant) => ({ tenant, period: 'month' as const, usd: 10_000 })) : [];
  const exposure = new Exposure({ ...parseConfig({ env: {}, flags: {} }), budgets });
  const places = names.flatMap((tenant) =>
    Array.from({ length: workflows }, (_, at) => ({ tenant, workflow: `workflow-${String(at).padStart(2, '0')}` })),
  );
  const periods = places.map((place, at): PeriodCost => ({
    ...place,
    isRest: false,
    dayNanoUsd: 1_234_567_891n + BigInt(at),
    monthNanoUsd: 98_765_432_101n + BigInt(at),
  }));
  const active = places.map((place): ActiveSessions => ({ ...place, sessions: 3, dearest: [1e9, 5e8, 1e8] }));
  const exposed = await exposure.start({
    telemetry: new PrometheusTelemetry(),
    queries: { periodCosts: async () => periods, activeSessions: async () => active, finalizedCostsOf: async () => [] },
    balances: { standings: async () => [] },
    prices: createPriceBook(),
    policies: { of: async () => ({ resolve: () => NO_LIMITS }) } as never,
    logger: { warn: (error: unknown) => console.error(error), info: () => undefined },
  });
  const postings = places.flatMap(postingsOf);
  const summaries = places.map(summaryOf);
  const bookMore = (): void => {
    exposure.book(postings);
    for (const summary of summaries) exposure.finalize(summary);
  };
  bookMore();
  return { exposed, bookMore };
}

export function tenantName(at: number): string {
  return `tenant-${String(at).padStart(4, '0')}`;
}

const PROTOBUF =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=allow-utf-8';
const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8';

/** As Prometheus asks, and curl. */
const SCRAPERS = {
  text: { accept: undefined, acceptEncoding: undefined },
  OpenMetrics: { accept: OPEN_METRICS, acceptEncoding: undefined },
  'OpenMetrics, gzip': { accept: OPEN_METRICS, acceptEncoding: 'gzip' },
  protobuf: { accept: PROTOBUF, acceptEncoding: undefined },
  'protobuf, gzip': { accept: PROTOBUF, acceptEncoding: 'gzip' },
} as const;

/** The longest work between two turns of the event loop, in CPU time: what other programs do in between is not counted. */
class Turns {
  #longestMs = 0;
  #beforeMs = cpuMs();
  #next: NodeJS.Immediate = setImmediate(() => this.#turn());

  stop(): number {
    clearImmediate(this.#next);
    return this.#longestMs;
  }

  #turn(): void {
    const nowMs = cpuMs();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#beforeMs);
    this.#beforeMs = nowMs;
    this.#next = setImmediate(() => this.#turn());
  }
}

/** Of this thread alone. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Bytes of a page that is read to its end. */
async function scrape({ page }: Exposed, asked: (typeof SCRAPERS)[keyof typeof SCRAPERS]): Promise<number> {
  const { body } = await page.write(asked);
  let bytes = 0;
  for await (const piece of body) bytes += (piece as Uint8Array).length;
  return bytes;
}

const NO_LIMITS = { shares: {}, usd: {}, expectedUsd: { value: 0.5, from: 'default' } };

interface Place {
  readonly tenant: string;
  readonly workflow: string;
}

/** Of the parts of a posting that are counted. */
function postingsOf({ tenant, workflow }: Place): PricedPosting[] {
  const from = { traceId: 'ab'.repeat(16), session: `chat-${tenant}` };
  const call = { sign: 1, entry: { ...from, tenant, workflow, input: 1234, output: 321, turns: 0, responseTimeUs: 0 } };
  const turn = {
    sign: 1,
    entry: { ...from, tenant, workflow, input: 0, output: 0, turns: 1, responseTimeUs: 3_210_000 },
  };
  return [
    { ...call, cost: { totalNanoUsd: 1_234_567, unpricedTokens: 0 } },
    { ...turn, cost: undefined },
  ] as never;
}

function summaryOf({ tenant, workflow }: Place): Summary {
  return { figures: { tenant, workflow, sessionId: `chat-${tenant}`, beganUs: 0, endedUs: 61e6, lines: [] } } as never;
}
