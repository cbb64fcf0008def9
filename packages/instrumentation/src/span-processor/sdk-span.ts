import type { Attributes, SpanContext } from '@opentelemetry/api';

/** A resource as OpenTelemetry's SDK has it. */
export interface SdkResource {
  readonly attributes: Attributes;
  /** Whether some are still being detected. */
  readonly asyncAttributesPending?: boolean | undefined;
}

/** A library that makes spans. */
export interface SdkScope {
  readonly name: string;
  readonly version?: string | undefined;
}

/**
 * A span that has ended, as far as it is read here. Written down as a shape and not imported, so that the spans of SDK 1, 2 and 3 fit
 * and no SDK comes along.
 */
export interface SdkSpan {
  readonly name: string;
  /** JavaScript's `SpanKind`, which counts from 0 where OTLP counts from 1. */
  readonly kind: number;
  readonly attributes: Attributes;
  /** Seconds since 1970, and nanoseconds. */
  readonly startTime: readonly [number, number];
  readonly endTime: readonly [number, number];
  readonly status: { readonly code: number };
  readonly events: readonly { readonly name: string; readonly attributes?: Attributes | undefined }[];
  readonly links: readonly { readonly context: Pick<SpanContext, 'traceId' | 'spanId'> }[];
  readonly resource: SdkResource;
  readonly droppedAttributesCount?: number | undefined;
  /** Since SDK 2. */
  readonly parentSpanContext?: Pick<SpanContext, 'spanId'> | undefined;
  /** In SDK 1. */
  readonly parentSpanId?: string | undefined;
  /** Since SDK 2. */
  readonly instrumentationScope?: SdkScope | undefined;
  /** In SDK 1. */
  readonly instrumentationLibrary?: SdkScope | undefined;
  spanContext(): SpanContext;
}

/** A span that can still be written. */
export interface WritableSdkSpan extends SdkSpan {
  setAttribute(name: string, value: string): unknown;
}

/** Is it a span of the SDK's that was recorded? What there is without an SDK, or for what is not sampled, holds nothing. */
export function isEnded(span: object): span is SdkSpan {
  return 'attributes' in span && 'resource' in span && 'endTime' in span;
}

/** The library that made a span; '' where it is not said. */
export function scopeOf({ instrumentationScope, instrumentationLibrary }: SdkSpan): SdkScope {
  return instrumentationScope ?? instrumentationLibrary ?? UNKNOWN_SCOPE;
}

const UNKNOWN_SCOPE: SdkScope = { name: '' };
