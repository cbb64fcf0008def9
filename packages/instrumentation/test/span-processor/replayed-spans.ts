// Spans of recorded requests as the SDK's own objects look when they end, of either generation of the SDK.

import type { Attributes } from '@opentelemetry/api';
import type { SdkSpan } from '../../src/span-processor/sdk-span.ts';

type Plain = Readonly<Record<string, unknown>>;

interface KeyValue {
  readonly key: string;
  readonly value?: Plain;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string | number;
  readonly endTimeUnixNano: string | number;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string };
      readonly spans?: readonly WireSpan[];
    }[];
  }[];
}

/** `generation` 1 names parents and libraries as SDK 1 did. */
export function replayedSpans(request: object, generation: 1 | 2 = 2): readonly SdkSpan[] {
  const { resourceSpans = [] } = request as WireRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const origin = { attributes: attributesOf(resource?.attributes) };
    return scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map((span) => {
        const library = { name: scope?.name ?? '', version: scope?.version };
        const parentId = span.parentSpanId ?? '';
        return {
          ...partsOf(span),
          resource: origin,
          ...(generation === 1
            ? { instrumentationLibrary: library, parentSpanId: parentId === '' ? undefined : parentId }
            : { instrumentationScope: library, parentSpanContext: parentId === '' ? undefined : { spanId: parentId } }),
        };
      }),
    );
  });
}

function partsOf(span: WireSpan): Omit<SdkSpan, 'resource'> {
  const { traceId, spanId } = span;
  return {
    name: span.name ?? '',
    kind: Math.max(0, (span.kind ?? 1) - 1),
    attributes: attributesOf(span.attributes),
    startTime: timeOf(span.startTimeUnixNano),
    endTime: timeOf(span.endTimeUnixNano),
    status: { code: span.status?.code ?? 0 },
    events: (span.events ?? []).map(({ name, attributes }) => ({ name, attributes: attributesOf(attributes) })),
    links: (span.links ?? []).map((context) => ({ context })),
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
  };
}

function timeOf(unixNano: string | number): readonly [number, number] {
  const nanoseconds = BigInt(unixNano);
  return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)];
}

function attributesOf(list: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value ?? {})]));
}

function valueOf(value: Plain): unknown {
  const { arrayValue, kvlistValue } = value as {
    arrayValue?: { values?: readonly Plain[] };
    kvlistValue?: { values?: readonly KeyValue[] };
  };
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOf);
  if (kvlistValue !== undefined) return attributesOf(kvlistValue.values ?? []);
  if (value['intValue'] !== undefined) return Number(value['intValue']);
  return value['stringValue'] ?? value['doubleValue'] ?? value['boolValue'];
}
