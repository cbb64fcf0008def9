// What is exposed, before it has a format: families of points. Every format and the push are written from these, so that they cannot differ.

import type { Labels } from './labels.ts';

export interface Family {
  /** As Prometheus has it. */
  readonly name: string;
  /** As OpenTelemetry has it. */
  readonly otelName: string;
  /** In UCUM's letters, in braces where Prometheus would append it to the name. */
  readonly otelUnit: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** Where an observation comes from, for those who want to look at one. Its labels are no labels of a series. */
export interface Exemplar {
  readonly traceId: string;
  readonly sessionId: string;
  readonly value: number;
  readonly atMs: number;
}

export interface ValuePoint {
  readonly labels: Labels;
  /** Labels after those. */
  readonly more?: Labels | undefined;
  readonly value: number;
  readonly exemplar?: Exemplar | undefined;
  /** Of a counter: when it began at 0. */
  readonly createdMs?: number | undefined;
}

/** Buckets with given bounds: one more count than bounds, none of them cumulative. */
export interface ClassicBuckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  /** By bucket, with holes. */
  readonly exemplars: readonly (Exemplar | undefined)[];
}

/** Buckets whose bounds are powers of 2^(2^-schema): bucket `i` ends at, and includes, the `i`th power. */
export interface NativeBuckets {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Of the first of counts. */
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface HistogramPoint {
  readonly labels: Labels;
  readonly createdMs: number;
  readonly count: number;
  readonly sum: number;
  readonly classic: ClassicBuckets;
  /** Undefined where only given bounds are counted. */
  readonly native?: NativeBuckets | undefined;
}

export interface ValueMetric {
  readonly family: Family & { readonly type: 'counter' | 'gauge' };
  readonly points: Iterable<ValuePoint>;
}

export interface HistogramMetric {
  readonly family: Family & { readonly type: 'histogram' };
  readonly points: Iterable<HistogramPoint>;
}

export type Metric = ValueMetric | HistogramMetric;

/** Who reads: what is new is shown as 0 to each of them once. */
export const Reader = { SCRAPE: 0, PUSH: 1 } as const;
export type Reader = (typeof Reader)[keyof typeof Reader];

/** One time that everything is read. */
export interface Reading {
  readonly reader: Reader;
  /** 1, 2, 3 … of its reader. */
  readonly number: number;
}

/** Labels of an exemplar may have so many characters together, says OpenMetrics; Prometheus refuses longer ones. */
const EXEMPLAR_LENGTH_MAX = 128;

/** A session's id is left out where it is too long: half an id finds nothing. */
export function exemplarPairs({ traceId, sessionId }: Exemplar): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, string])[] = [
    ['trace_id', traceId],
    ['session_id', sessionId.toWellFormed()],
  ];
  let left = EXEMPLAR_LENGTH_MAX;
  return all.filter(([name, value]) => {
    // Characters of UTF-16 are at least as many as those of Unicode.
    if (value === '' || name.length + value.length > left) return false;
    left -= name.length + value.length;
    return true;
  });
}

export function isHistogram(metric: Metric): metric is HistogramMetric {
  return metric.family.type === 'histogram';
}
