// Asks Prometheus, and makes frames of what it answers as Grafana's data source does (pkg/promlib, @grafana/prometheus result_transformer.ts):
// series over time, tables with a column for each label, and heatmaps with a row for each bucket.

import type { FieldData, FrameData, TargetJson } from './dashboard.ts';

type Sample = readonly [number, string];

interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Sample;
  readonly values?: readonly Sample[];
}

export interface PrometheusRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** `expr` has its variables replaced. */
export async function askPrometheus(
  url: string,
  target: TargetJson & { readonly expr: string },
  range: PrometheusRange & { readonly valueName: string },
): Promise<readonly FrameData[]> {
  const { expr: query, instant, format } = target;
  const isInstant = instant === true && target.range !== true;
  // Grafana aligns ranges with the step, so that a line does not change its shape each time it is drawn.
  const align = (timeMs: number): string => String((Math.floor(timeMs / range.stepMs) * range.stepMs) / 1000);
  const asked: Readonly<Record<string, string>> = isInstant
    ? { query, time: String(range.toMs / 1000) }
    : { query, start: align(range.fromMs), end: align(range.toMs), step: String(range.stepMs / 1000) };
  const found = await ask(`${url}/api/v1/${isInstant ? 'query' : 'query_range'}`, asked);
  if (format === 'table') return [tableOf(found, target.refId, range.valueName)];
  if (format === 'heatmap') return heatmapOf(found, target);
  return found.map((one) => seriesOf(one, target, range, isInstant));
}

async function ask(url: string, parameters: Readonly<Record<string, string>>): Promise<readonly Found[]> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = (await response.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: { readonly resultType: string; readonly result: readonly Found[] | Sample };
  };
  if (answer.status !== 'success') throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
  const { resultType, result } = answer.data;
  return resultType === 'scalar' ? [{ metric: {}, value: result as Sample }] : (result as readonly Found[]);
}

function samplesOf({ value, values }: Found): readonly Sample[] {
  return values ?? (value === undefined ? [] : [value]);
}

function seriesOf(one: Found, target: TargetJson, range: PrometheusRange, isInstant: boolean): FrameData {
  const { __name__: metricName = '', ...labels } = one.metric;
  const name = legendOf(target, one.metric);
  const samples = samplesOf(one);
  const steps = isInstant ? samples.map(([seconds]) => seconds * 1000) : stepsOf(range);
  const byTime = new Map(samples.map(([seconds, value]) => [Math.round(seconds * 1000), Number(value)]));
  return {
    refId: target.refId,
    name,
    meta: { type: 'timeseries-multi' },
    fields: [
      { name: 'Time', type: 'time', config: { interval: range.stepMs }, values: steps },
      {
        name: metricName === '' ? 'Value' : metricName,
        type: 'number',
        labels,
        config: { displayNameFromDS: name },
        // A moment without a sample is a gap in the line.
        values: isInstant
          ? samples.map(([, value]) => Number(value))
          : steps.map((timeMs) => byTime.get(timeMs) ?? null),
      },
    ],
  };
}

function stepsOf({ fromMs, toMs, stepMs }: PrometheusRange): readonly number[] {
  const first = Math.floor(fromMs / stepMs) * stepMs;
  return Array.from(
    { length: Math.floor((Math.floor(toMs / stepMs) * stepMs - first) / stepMs) + 1 },
    (_, index) => first + index * stepMs,
  );
}

/** `{{tenant}}/{{workflow}}` */
function legendOf({ legendFormat = '' }: TargetJson, metric: Found['metric']): string {
  if (legendFormat !== '' && legendFormat !== '__auto') {
    return legendFormat.replaceAll(/\{\{\s*([^}]+?)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  }
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels);
  if (legendFormat === '__auto' && pairs.length === 1) return pairs[0]?.[1] ?? '';
  return pairs.length === 0 && name === ''
    ? 'Value'
    : `${name}{${pairs.map(([label, value]) => `${label}="${value}"`).join(', ')}}`;
}

/** A row for each sample: when, each label, and the value. */
function tableOf(found: readonly Found[], refId: string, valueName: string): FrameData {
  const rows = found.flatMap((one) =>
    samplesOf(one).map(([seconds, value]) => ({ metric: one.metric, timeMs: seconds * 1000, value: Number(value) })),
  );
  const labels = [...new Set(found.flatMap(({ metric }) => Object.keys(metric)))].toSorted();
  const texts = labels.map((name): FieldData => ({
    name,
    type: 'string',
    config: { filterable: true },
    values: rows.map(({ metric }) => metric[name] ?? ''),
  }));
  return {
    refId,
    meta: { preferredVisualisationType: 'table' },
    fields: [
      { name: 'Time', type: 'time', config: {}, values: rows.map(({ timeMs }) => timeMs) },
      ...texts,
      { name: valueName, type: 'number', config: {}, values: rows.map(({ value }) => value) },
    ],
  };
}

/** Cumulative buckets become rows of their own amounts, lowest first. */
function heatmapOf(found: readonly Found[], { refId }: TargetJson): readonly FrameData[] {
  const buckets = found
    .map((one) => ({ one, bound: boundOf(one.metric['le'] ?? '') }))
    .toSorted((a, b) => a.bound - b.bound);
  const times = [...new Set(buckets.flatMap(({ one }) => samplesOf(one).map(([seconds]) => seconds * 1000)))].toSorted(
    (a, b) => a - b,
  );
  if (times.length === 0) return [];
  const sums = buckets.map(({ one }) => {
    const byTime = new Map(samplesOf(one).map(([seconds, value]) => [seconds * 1000, Number(value)]));
    return times.map((timeMs) => byTime.get(timeMs) ?? 0);
  });
  const rows = buckets.map(({ one }, index): FieldData => ({
    name: one.metric['le'] ?? '',
    type: 'number',
    labels: one.metric,
    config: {},
    values: times.map((_, at) => Math.max(0, (sums[index]?.[at] ?? 0) - (sums[index - 1]?.[at] ?? 0))),
  }));
  return [
    {
      refId,
      meta: { type: 'heatmap-rows' },
      fields: [{ name: 'Time', type: 'time', config: {}, values: times }, ...rows],
    },
  ];
}

function boundOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}
