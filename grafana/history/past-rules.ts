// What the repository's recording rules and alerts would have said: asked of Prometheus over the whole past, rules that read other rules
// after those. `promtool` does so too, but leaves alerts out.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrometheusProcess } from '@turnmeter/programs/prometheus-process';
import { parse } from 'yaml';
import { HOUR_MS } from './calendar.ts';
import { PAST } from './clock.ts';
import type { PastSeries } from './openmetrics.ts';
import { seriesOf } from './page.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const RULES = path.join(import.meta.dirname, '../../prometheus/rules');
/** How often rules are evaluated: every minute as Prometheus does, lately, and where others count their samples. */
const OFTEN_MS = 60_000;
const OFTEN_FOR_MS = 26 * HOUR_MS;
const SELDOM_MS = 4 * OFTEN_MS;
/** Prometheus answers with 11,000 samples of a series at most. */
const CHUNK_MS = 7 * 24 * HOUR_MS;
/** Read by rules that compare with earlier weeks. */
const LONG = /^tenant:turnmeter_cost_usd:rate(?:5m|1h)$/;
/** Summed over an hour by others, who take a minute for each sample. */
const COUNTED = /:rate5m$|^tenant:turnmeter_cost_usd:rate1h$/;
const RULES_AT_A_TIME = 2;

/** Rules in levels: those of one read only those of the levels before. */
export async function ruleLevels(): Promise<readonly (readonly Rule[])[]> {
  const files = (await readdir(RULES)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(RULES, name), 'utf8')));
  let left = texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
  );
  const levels: Rule[][] = [];
  while (left.length > 0) {
    const level = left.filter(({ expr }) => !left.some((other) => reads(expr, other)));
    if (level.length === 0) {
      throw new Error(`rules read each other in a circle: ${left.map(({ record }) => record ?? '').join(', ')}`);
    }
    levels.push(level);
    left = left.filter((rule) => !level.includes(rule));
  }
  return levels;
}

/** Whether an expression has a rule's name as a whole: `rate1h` is not read where `rate1h_usual` is, and `rate{slo="a"}` not from what has `slo: b`. */
function reads(expr: string, { record, labels = {} }: Rule): boolean {
  if (record === undefined) return false;
  return expr
    .split(record)
    .slice(1)
    .some((rest) => !/^[\w:]/.test(rest) && !selectsOthers(rest, labels));
}

function selectsOthers(rest: string, labels: Readonly<Record<string, string>>): boolean {
  const [, selector = ''] = /^\{([^}]*)\}/.exec(rest) ?? [];
  return [...selector.matchAll(/(\w+)="([^"]*)"/g)].some(([, label = '', value]) => (labels[label] ?? value) !== value);
}

interface Matrix {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [number, string])[];
  }[];
}

/** What the rules of one level said up to a time. */
export async function evaluateLevel(
  prometheus: PrometheusProcess,
  rules: readonly Rule[],
  toMs: number,
): Promise<readonly PastSeries[]> {
  const series: PastSeries[] = [];
  const waiting = [...rules];
  const work = async (): Promise<void> => {
    for (let rule = waiting.shift(); rule !== undefined; rule = waiting.shift()) {
      for (const found of await evaluate(prometheus, rule, toMs))
        series.push(...(rule.alert === undefined ? [recorded(rule, found)] : alerted(rule, found)));
    }
  };
  await Promise.all(Array.from({ length: RULES_AT_A_TIME }, work));
  return merged(series);
}

interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly samples: [number, number][];
}

async function evaluate(prometheus: PrometheusProcess, rule: Rule, toMs: number): Promise<readonly Found[]> {
  const pastMs = LONG.test(rule.record ?? '') ? PAST.MONTH : PAST.DAYS;
  const oftenMs = COUNTED.test(rule.record ?? '') ? pastMs : OFTEN_FOR_MS;
  const found = new Map<string, Found>();
  for (const { fromMs, endMs, stepMs } of [
    ...chunks(toMs - pastMs, toMs - oftenMs, SELDOM_MS),
    ...chunks(toMs - oftenMs, toMs, OFTEN_MS),
  ]) {
    const range = {
      query: rule.expr,
      start: `${fromMs / 1000}`,
      end: `${endMs / 1000}`,
      step: `${stepMs / 1000}`,
    };
    const { result } = await prometheus.ask<Matrix>('query_range', range);
    for (const { metric, values } of result) {
      const key = JSON.stringify(metric);
      const known = found.get(key) ?? { metric, samples: [] };
      found.set(key, known);
      // One chunk begins where the one before has ended.
      const lastMs = known.samples.at(-1)?.[0] ?? 0;
      const later = values.filter(([seconds]) => seconds * 1000 > lastMs);
      for (const [seconds, value] of later) known.samples.push([seconds * 1000, Number(value)]);
    }
  }
  return [...found.values()];
}

interface Chunk {
  readonly fromMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

function chunks(fromMs: number, toMs: number, stepMs: number): readonly Chunk[] {
  const count = Math.max(0, Math.ceil((toMs - fromMs) / CHUNK_MS));
  return Array.from({ length: count }, (_, index) => ({
    fromMs: fromMs + index * CHUNK_MS,
    endMs: Math.min(toMs, fromMs + (index + 1) * CHUNK_MS),
    stepMs,
  }));
}

/** Several rules may tell of the same alert. */
function merged(series: readonly PastSeries[]): readonly PastSeries[] {
  return [...Map.groupBy(series, ({ name }) => name)].map(([name, same]) => {
    const [first] = same;
    if (first !== undefined && same.length === 1) return first;
    const samples = new Map(
      same.flatMap(({ timesMs, values }) =>
        [...timesMs].map((timeMs, at) => [timeMs, values[at] ?? Number.NaN] as const),
      ),
    );
    const sorted = [...samples].toSorted(([a], [b]) => a - b);
    return {
      name,
      timesMs: Float64Array.from(sorted, ([timeMs]) => timeMs),
      values: Float64Array.from(sorted, ([, value]) => value),
    };
  });
}

function recorded(rule: Rule, { metric, samples }: Found): PastSeries {
  const { __name__: _, ...labels } = metric;
  return {
    name: seriesOf({ name: rule.record ?? '', labels: { ...labels, ...rule.labels } }),
    timesMs: Float64Array.from(samples, ([timeMs]) => timeMs),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

/** `ALERTS` while it waits and while it fires, and since when, which Prometheus goes on from. */
function alerted(rule: Rule, { metric, samples }: Found): readonly PastSeries[] {
  const { __name__: _, ...found } = metric;
  const labels = { alertname: rule.alert ?? '', ...found, ...rule.labels };
  const holdMs = durationMs(rule.for ?? '0s');
  const timesMs = Float64Array.from(samples, ([timeMs]) => timeMs);
  let sinceMs = timesMs[0] ?? 0;
  const since = timesMs.map((timeMs, at) => {
    if (timeMs - (timesMs[at - 1] ?? timeMs) > SELDOM_MS) sinceMs = timeMs;
    return sinceMs;
  });
  const firing = timesMs.map((timeMs, at) => (timeMs - (since[at] ?? 0) >= holdMs ? 1 : Number.NaN));
  const pending = firing.map((value) => (Number.isNaN(value) ? 1 : Number.NaN));
  const state = (alertstate: string): string => seriesOf({ name: 'ALERTS', labels: { alertstate, ...labels } });
  return [
    { name: state('firing'), timesMs, values: firing },
    { name: state('pending'), timesMs, values: pending },
    {
      name: seriesOf({ name: 'ALERTS_FOR_STATE', labels }),
      timesMs,
      values: since.map((timeMs) => Math.floor(timeMs / 1000)),
    },
  ];
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };

/** `15m`, as Prometheus has it. */
function durationMs(text: string): number {
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ''] ?? 0),
    0,
  );
}
