// Samples of recorded rates as if the rules had run for weeks, as often as the rules record them and as far back as they look: what a range or a step of one
// lies on is read with all that is beside it.

import { open } from 'node:fs/promises';
import { tenantName } from './scrape.ts';

export interface PastOptions {
  /** OpenMetrics text, for `promtool tsdb create-blocks-from openmetrics`. */
  readonly file: string;
  readonly tenants: number;
  readonly nowS: number;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const SLOS = ['session-cost', 'turn-latency', 'failed-sessions'] as const;
/** Whose events are those of sessions' costs. */
const SAME_EVENTS = 'failed-sessions';
const USD_A_SECOND = 0.004;

interface Course {
  readonly metric: string;
  readonly labels: string;
  readonly value: number;
  /** Looked at so often, so far back from a moment. */
  readonly spans: readonly { readonly stepS: number; readonly lengthS: number; readonly agoS?: number }[];
}

/** Writes them, family by family; how many there are. */
export async function pastOfRules({ file, tenants, nowS }: PastOptions): Promise<number> {
  const names = Array.from({ length: tenants }, (_, at) => tenantName(at));
  const handle = await open(file, 'w');
  let samples = 0;
  for (const [metric, courses] of Map.groupBy(coursesOf(names), (course) => course.metric)) {
    await handle.write(`# TYPE ${metric} gauge\n`);
    for (const { labels, value, spans } of courses) {
      const lines = timesOf(spans, nowS).map((timeS) => `${metric}{${labels}} ${value} ${timeS}\n`);
      samples += lines.length;
      await handle.write(lines.join(''));
    }
  }
  await handle.write('# EOF\n');
  await handle.close();
  return samples;
}

function coursesOf(tenants: readonly string[]): readonly Course[] {
  return tenants.flatMap((tenant) => {
    const budget = `tenant="${tenant}",scope="tenant"`;
    const spent = 'budget:turnmeter_spent_usd:max';
    const rate = 'budget:turnmeter_cost_usd';
    const ofTenant = `tenant="${tenant}"`;
    return [
      { metric: spent, labels: `${budget},period="month"`, value: 2000, spans: minutes(HOUR) },
      { metric: `${rate}:increase1m`, labels: budget, value: USD_A_SECOND * MINUTE, spans: minutes(6 * HOUR) },
      { metric: `${rate}:rate1h_sparse`, labels: budget, value: USD_A_SECOND, spans: fiveMinutes(DAY) },
      { metric: `${rate}:rate1d`, labels: budget, value: USD_A_SECOND, spans: fiveMinutes(7 * DAY) },
      { metric: 'tenant:turnmeter_cost_usd:rate5m', labels: ofTenant, value: USD_A_SECOND, spans: minutes(HOUR) },
      { metric: 'tenant:turnmeter_cost_usd:rate1h', labels: ofTenant, value: USD_A_SECOND, spans: weeks() },
      // Of a thousand events one is bad, so that no alert fires.
      ...SLOS.flatMap((slo) => {
        const labels = `${ofTenant},slo="${slo}"`;
        const rates = { ...(slo === SAME_EVENTS ? {} : { events: 0.1 }), errors: 0.0001 };
        return Object.entries(rates).flatMap(([what, value]) => [
          { metric: `slo:turnmeter_${what}:rate5m`, labels, value, spans: minutes(6 * HOUR) },
          { metric: `slo:turnmeter_${what}:rate1h_sparse`, labels, value, spans: fiveMinutes(DAY) },
          { metric: `slo:turnmeter_${what}:rate1d`, labels, value, spans: fiveMinutes(2 * DAY + HOUR) },
        ]);
      }),
    ];
  });
}

function minutes(lengthS: number): Course['spans'] {
  return [{ stepS: MINUTE, lengthS }];
}

function fiveMinutes(lengthS: number): Course['spans'] {
  return [{ stepS: 5 * MINUTE, lengthS }];
}

function weeks(): Course['spans'] {
  return [1, 2, 3].map((week) => ({ stepS: MINUTE, lengthS: 4 * HOUR, agoS: week * 7 * DAY - 2 * HOUR }));
}

/** Full steps, oldest first. */
function timesOf(spans: Course['spans'], nowS: number): readonly number[] {
  const times = spans.flatMap(({ stepS, lengthS, agoS = 0 }) => {
    const last = Math.floor((nowS - agoS) / stepS);
    return Array.from({ length: Math.ceil(lengthS / stepS) }, (_, back) => (last - back) * stepS);
  });
  return times.toSorted((a, b) => a - b);
}
