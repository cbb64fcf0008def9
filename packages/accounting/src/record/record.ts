// What a producer sent, before anything is decided: one span, one log record or one metric point, with its attributes readable by name.

import type { Field } from '../vocabulary/fields.ts';

/** Which OTLP signal a record came in. */
export const Signal = { SPAN: 'span', LOG: 'log', METRIC: 'metric' } as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

/** A value as OTLP's `AnyValue` can hold it. 64-bit integers arrive as numbers (those above 2^53 lose precision, which no token count has). */
export type AttributeValue =
  string | number | boolean | null | readonly AttributeValue[] | { readonly [key: string]: AttributeValue };

/** What a field names (an agent, a model, a session) is no longer than this, in UTF-16 units: the rest is cut. */
export const TEXT_LENGTH_MAX = 1024;

/**
 * Attributes of one record. Two implementations exist: {@link ObjectAttributes} over a plain object, and the aggregator's view
 * over protobuf bytes, which reads nothing that is not asked for.
 */
export interface Attributes {
  /** The best spelled attribute of a field as text, at most {@link TEXT_LENGTH_MAX} long; undefined when absent, empty or not text. */
  text(field: Field): string | undefined;
  /** The best spelled attribute of a field as it came; numbers may be text (`"757"`), which `observe/numbers.ts` reads. */
  raw(field: Field): AttributeValue | undefined;
  /** Rank of the spelling that answers for a field, -1 when none does; see `vocabulary/spelling.ts`. */
  rankOf(field: Field): number;
  /** Any attribute by its wire name. */
  get(name: string): AttributeValue | undefined;
  /** As `get`, where the value is text. */
  string(name: string): string | undefined;
  has(name: string): boolean;
  /** Names of all attributes, for the dialects that carry data in names (`gen_ai.usage.details.*`). Slow: not for the hot path. */
  names(): Iterable<string>;
  /** Does one of these attributes point to the profile with this index? See {@link ProfileList}. */
  hasMark(profileIndex: number): boolean;
  /** True when no attribute means anything to anybody here: no field, no mark. Such a span is lineage at most. */
  readonly isBare: boolean;
}

/** The producing process. One object is shared by all records of a request that came from it. */
export interface Resource {
  readonly attributes: Attributes;
}

/** The instrumentation scope: which library made the record. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/** A link from one span to another, often in another trace. Ids are lower-case hexadecimal. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** Parts that spans, log records and metric points have in common. */
interface RecordBase {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly attributes: Attributes;
  /** Attributes that the producer itself dropped over its limits: usage may be among them. */
  readonly droppedAttributes: number;
}

export interface SpanRecord extends RecordBase {
  readonly signal: 'span';
  /** 32 and 16 lower-case hexadecimal digits; `parentId` is '' at a root. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  /** OTLP's `SpanKind`: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Microseconds since the epoch. */
  readonly startUs: number;
  readonly endUs: number;
  /** OTLP's status code: 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly links: readonly SpanLink[];
  /** Class of the first exception event (`exception.type`), if any. */
  readonly exceptionType: string;
}

export interface LogRecord extends RecordBase {
  readonly signal: 'log';
  /** Hash of all that the record holds (resource, scope, time, attributes, body): a log record has no id of its own. */
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
  /** `eventName` of the record, '' if absent; producers also use the attribute `event.name` and the body. */
  readonly eventName: string;
  /** The body where it is short text, else ''. */
  readonly bodyText: string;
  /** Microseconds since the epoch; 0 when the record has none. */
  readonly timeUs: number;
  readonly observedTimeUs: number;
}

export interface MetricPoint extends RecordBase {
  readonly signal: 'metric';
  /** Hash of resource, scope, metric name, unit, attributes and start time: one series of one process. */
  readonly seriesId: string;
  readonly metric: string;
  readonly unit: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly temporality: 'delta' | 'cumulative' | 'unspecified';
  readonly startUs: number;
  readonly timeUs: number;
  /** Value of a sum, `sum` of a histogram. */
  readonly value: number;
  /** `count` of a histogram, otherwise 0. */
  readonly count: number;
}

export type TelemetryRecord = SpanRecord | LogRecord | MetricPoint;
