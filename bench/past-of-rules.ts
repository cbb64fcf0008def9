// Samples of recorded rates as if the rules had run for weeks, at those times that rules look at: the latest minutes, full five minutes of hours, full hours
// of days, midnights of a week.

import { open } from 'node:fs/promises';
import { tenantName } from './scrape.ts';

export interface PastOptions {
  /** OpenMetrics text, for `promtool tsdb create-blocks-from openmetrics`. */
  readonly file: string;
  readonly tenants: number;
  readonly nowS: number;
}

const MINUTE = 60;
const HALF_HOUR = 1800;
const HOUR = 3600;
const DAY = 86_400;
const SLOS = ['session-cost', 'turn-latency', 'failed-sessions'] as const;
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
    const lines: string[] = [`# TYPE ${metric} gauge`];
    for (const { labels, value, spans } of courses) {
      for (const timeS of timesOf(spans, nowS)) lines.push(`${metric}{${labels}} ${value} ${timeS}`);
    }
    samples += lines.length - 1;
    await handle.write(`${lines.join('\n')}\n`);
  }
  await handle.write('# EOF\n');
  await handle.close();
  return samples;
}

function coursesOf(tenants: readonly string[]): readonly Course[] {
  return tenants.flatMap((tenant) => {
    const budget = `tenant="${tenant}",scope="tenant"`;
    const rate = 'budget:turnmeter_cost_usd:rate';
    return [
      { metric: 'budget:turnmeter_spent_usd:max', labels: `${budget},period="month"`, value: 2000, spans: minutes() },
      {
        metric: 'budget:turnmeter_cost_usd:increase1m',
        labels: budget,
        value: USD_A_SECOND * MINUTE,
        spans: minutes(),
      },
      { metric: `${rate}5m`, labels: budget, value: USD_A_SECOND, spans: fiveMinutes() },
      { metric: `${rate}1h`, labels: budget, value: USD_A_SECOND, spans: hours() },
      { metric: `${rate}1d`, labels: budget, value: USD_A_SECOND, spans: [{ stepS: DAY, lengthS: 8 * DAY }] },
      {
        metric: 'tenant:turnmeter_cost_usd:rate5m',
        labels: `tenant="${tenant}"`,
        value: USD_A_SECOND,
        spans: fiveMinutes(),
      },
      { metric: 'tenant:turnmeter_cost_usd:rate1h', labels: `tenant="${tenant}"`, value: USD_A_SECOND, spans: weeks() },
      // Of a thousand events one is bad, so that no alert fires.
      ...SLOS.flatMap((slo) =>
        Object.entries({ events: 0.1, errors: 0.0001 }).flatMap(([what, value]) => [
          {
            metric: `slo:turnmeter_${what}:rate5m`,
            labels: `tenant="${tenant}",slo="${slo}"`,
            value,
            spans: fiveMinutes(),
          },
          {
            metric: `slo:turnmeter_${what}:rate1h`,
            labels: `tenant="${tenant}",slo="${slo}"`,
            value,
            spans: hours(),
          },
        ]),
      ),
    ];
  });
}

function minutes(): Course['spans'] {
  return [{ stepS: MINUTE, lengthS: HOUR }];
}

function fiveMinutes(): Course['spans'] {
  return [{ stepS: 5 * MINUTE, lengthS: 6 * HOUR }];
}

function hours(): Course['spans'] {
  return [{ stepS: HOUR, lengthS: 3 * DAY }];
}

function weeks(): Course['spans'] {
  return [1, 2, 3].map((week) => ({ stepS: HALF_HOUR, lengthS: 4 * HOUR, agoS: week * 7 * DAY - 2 * HOUR }));
}

/** Full steps, oldest first. */
function timesOf(spans: Course['spans'], nowS: number): readonly number[] {
  const times = spans.flatMap(({ stepS, lengthS, agoS = 0 }) => {
    const last = Math.floor((nowS - agoS) / stepS);
    return Array.from({ length: Math.ceil(lengthS / stepS) }, (_, back) => (last - back) * stepS);
  });
  return times.toSorted((a, b) => a - b);
}
