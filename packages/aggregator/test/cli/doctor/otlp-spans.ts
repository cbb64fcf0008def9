// Spans as an app's exporter sends them, in OTLP/JSON, for one tenant.

import { randomBytes } from 'node:crypto';

export interface PlainSpan {
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly traceId?: string;
  readonly name?: string;
  readonly scope?: string;
  readonly service?: string;
  /** ms since the epoch. @default a second ago, for a second */
  readonly startMs?: number;
  readonly endMs?: number;
  readonly droppedAttributesCount?: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

/** Attributes of a model call. */
export function chat(
  attributes: Readonly<Record<string, string | number>> = {},
): Readonly<Record<string, string | number>> {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4.1-mini',
    'gen_ai.response.id': `chatcmpl-${newSpanId()}`,
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 10,
    'session.id': 's1',
    ...attributes,
  };
}

export function tracesOf(spans: readonly PlainSpan[]): object {
  return { resourceSpans: spans.map(resourceSpan) };
}

function resourceSpan(span: PlainSpan): object {
  const { service = 'writer', scope = 'an-app', startMs = Date.now() - 1000, endMs = startMs + 1000 } = span;
  const { traceId = newTraceId(), spanId = newSpanId(), parentSpanId = '', name = 'chat', attributes = {} } = span;
  return {
    resource: { attributes: attributesOf({ 'service.name': service }) },
    scopeSpans: [
      {
        scope: { name: scope },
        spans: [
          {
            traceId,
            spanId,
            parentSpanId,
            name,
            kind: 3,
            startTimeUnixNano: nanos(startMs),
            endTimeUnixNano: nanos(endMs),
            attributes: attributesOf(attributes),
            droppedAttributesCount: span.droppedAttributesCount ?? 0,
          },
        ],
      },
    ],
  };
}

/** A histogram of token usage that says that so many tokens were used in so many calls. */
export function tokenMetrics(tokens: number, calls: number): object {
  const now = Date.now();
  const point = {
    startTimeUnixNano: nanos(now - 1000),
    timeUnixNano: nanos(now),
    count: String(calls),
    sum: tokens,
    bucketCounts: [String(calls)],
    attributes: attributesOf({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'gen_ai.token.type': 'input',
    }),
  };
  const metric = {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    histogram: { aggregationTemporality: 1, dataPoints: [point] },
  };
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf({ 'service.name': 'writer' }) },
        scopeMetrics: [{ scope: { name: 'an-app' }, metrics: [metric] }],
      },
    ],
  };
}

function nanos(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}
