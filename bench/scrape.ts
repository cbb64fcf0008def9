// How long a page of metrics takes to write, and how large it is, with as many tenants and workflows as one aggregator should show.

import type { PricedPosting } from '../packages/aggregator/src/price/price-postings.ts';
import { Exposure } from '../packages/aggregator/src/expose/exposure.ts';
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
  const exposure = new Exposure(parseConfig({ env: {}, flags: {} }));
  const places = Array.from({ length: tenants * workflows }, (_, place) => ({
    tenant: `tenant-${String(Math.floor(place / workflows)).padStart(4, '0')}`,
    workflow: `workflow-${String(place % workflows).padStart(2, '0')}`,
  }));
  const periods = places.map((place, at): PeriodCost => ({
    ...place,
    isRest: false,
    dayNanoUsd: 1_234_567_891n + BigInt(at),
    monthNanoUsd: 98_765_432_101n + BigInt(at),
  }));
  const active = places.map((place): ActiveSessions => ({ ...place, sessions: 3, dearest: [1e9, 5e8, 1e8] }));
  const exposed = await exposure.start({
    registry: new PrometheusTelemetry().registry,
    queries: { periodCosts: async () => periods, activeSessions: async () => active },
    balances: { list: async () => [] },
    control: {
      policies: { of: async () => ({ resolve: () => NO_LIMITS }) },
      baselines: { of: async () => ({ baselines: [] }) },
    } as never,
    logger: { warn: (error: unknown) => console.error(error) },
  });
  exposure.book(places.flatMap(postingsOf));
  for (const place of places) exposure.finalize(summaryOf(place));
  // The first page shows zeros.
  await exposed.page.metrics();
  const times: number[] = [];
  let text = '';
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    text = await exposed.page.metrics();
    times.push(performance.now() - startedAt);
  }
  await exposed.stop();
  const bytes = Buffer.byteLength(text);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  console.log(`${tenants} tenants × ${workflows} workflows, median of ${rounds} (slowest)`);
  console.log(`written in ${format(median(times))} ms (${format(Math.max(...times))})`);
  console.log(`${format(bytes / 1e6)} MB, ${format(samples)} samples`);
}

const NO_LIMITS = { shares: {}, usd: {}, expectedUsd: { value: 0.5, from: 'default' } };

interface Place {
  readonly tenant: string;
  readonly workflow: string;
}

/** Of the parts of a posting that are counted. */
function postingsOf({ tenant, workflow }: Place): PricedPosting[] {
  const call = { sign: 1, entry: { tenant, workflow, input: 1234, output: 321, turns: 0, responseTimeUs: 0 } };
  const turn = { sign: 1, entry: { tenant, workflow, input: 0, output: 0, turns: 1, responseTimeUs: 3_210_000 } };
  return [
    { ...call, cost: { totalNanoUsd: 1_234_567, unpricedTokens: 0 } },
    { ...turn, cost: undefined },
  ] as never;
}

function summaryOf({ tenant, workflow }: Place): Summary {
  return { figures: { tenant, workflow, beganUs: 0, endedUs: 61e6, lines: [] } } as never;
}
