// Records from plain objects, for those who have spans in memory: a span processor, a script, a test.

import type { ProfileList } from '../observe/profile.ts';
import { ObjectAttributes } from './object-attributes.ts';
import type { AttributeValue, LogRecord, MetricPoint, Resource, Scope, SpanLink, SpanRecord } from './record.ts';

type PlainAttributes = Readonly<Record<string, AttributeValue>>;

/** What all plain records share. */
export interface PlainOrigin {
  readonly resource?: PlainAttributes | Resource;
  readonly scope?: Partial<Scope> | string;
  readonly attributes?: PlainAttributes;
}

export interface PlainSpan extends PlainOrigin {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name?: string;
  /** OTLP's span kind: 1 internal, 2 server, 3 client. @default 1 */
  readonly kind?: number;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** 0 unset, 1 ok, 2 error. @default 0 */
  readonly status?: number;
  readonly links?: readonly SpanLink[];
  readonly exceptionType?: string;
}

export interface PlainLog extends PlainOrigin {
  /** What tells the record from others; the aggregator hashes its content. */
  readonly id: string;
  readonly eventName?: string;
  readonly body?: string;
  readonly timeMs: number;
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface PlainPoint extends PlainOrigin {
  /** What tells the series, and for delta points the point, from others. */
  readonly id: string;
  readonly metric: string;
  readonly unit?: string;
  readonly kind?: MetricPoint['kind'];
  readonly temporality: MetricPoint['temporality'];
  readonly startMs: number;
  readonly timeMs: number;
  readonly value: number;
  readonly count?: number;
}

export function spanFrom(plain: PlainSpan, profiles: ProfileList): SpanRecord {
  return {
    signal: 'span',
    ...originOf(plain, profiles),
    traceId: plain.traceId,
    spanId: plain.spanId,
    parentId: plain.parentId ?? '',
    name: plain.name ?? '',
    kind: plain.kind ?? 1,
    startUs: Math.round(plain.startMs * 1000),
    endUs: Math.round(plain.endMs * 1000),
    status: plain.status ?? 0,
    links: plain.links ?? [],
    exceptionType: plain.exceptionType ?? '',
  };
}

export function logFrom(plain: PlainLog, profiles: ProfileList): LogRecord {
  return {
    signal: 'log',
    ...originOf(plain, profiles),
    id: plain.id,
    traceId: plain.traceId ?? '',
    spanId: plain.spanId ?? '',
    eventName: plain.eventName ?? '',
    bodyText: plain.body ?? '',
    timeUs: Math.round(plain.timeMs * 1000),
    observedTimeUs: Math.round(plain.timeMs * 1000),
  };
}

export function pointFrom(plain: PlainPoint, profiles: ProfileList): MetricPoint {
  return {
    signal: 'metric',
    ...originOf(plain, profiles),
    seriesId: plain.id,
    metric: plain.metric,
    unit: plain.unit ?? '',
    kind: plain.kind ?? 'sum',
    temporality: plain.temporality,
    startUs: Math.round(plain.startMs * 1000),
    timeUs: Math.round(plain.timeMs * 1000),
    value: plain.value,
    count: plain.count ?? 0,
  };
}

function originOf(
  plain: PlainOrigin,
  profiles: ProfileList,
): Pick<SpanRecord, 'resource' | 'scope' | 'attributes' | 'droppedAttributes'> {
  const scope = typeof plain.scope === 'string' ? { name: plain.scope } : plain.scope;
  return {
    resource: isResource(plain.resource)
      ? plain.resource
      : { attributes: new ObjectAttributes(plain.resource ?? {}, profiles) },
    scope: { name: scope?.name ?? '', version: scope?.version ?? '' },
    attributes: new ObjectAttributes(plain.attributes ?? {}, profiles),
    droppedAttributes: 0,
  };
}

function isResource(resource: PlainAttributes | Resource | undefined): resource is Resource {
  return resource !== undefined && resource['attributes'] instanceof ObjectAttributes;
}
