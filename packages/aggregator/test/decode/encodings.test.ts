import { ObjectAttributes, type AttributeValue } from '@turnmeter/accounting';
import { describe, expect, it } from 'vitest';
import { readCaptures } from './captures.ts';
import { fromProtobuf, toProtobuf } from './official-codec.ts';
import { decodeAll, dumpAttributes, PROFILES } from './record-dump.ts';

const captures = readCaptures();

describe('captured requests', () => {
  it('are there', () => {
    expect(captures.length).toBeGreaterThan(100);
  });

  it.each(captures)('reads $name alike in both encodings', ({ signal, encoding, body }) => {
    // The other encoding is made by OpenTelemetry's own code.
    const json = encoding === 'json' ? body : Buffer.from(JSON.stringify(fromProtobuf(signal, body)));
    const protobuf = encoding === 'protobuf' ? body : toProtobuf(signal, JSON.parse(body.toString()));
    const fromJson = decodeAll({ signal, encoding: 'json', body: json });
    const fromBytes = decodeAll({ signal, encoding: 'protobuf', body: protobuf });
    expect(fromBytes.records.length).toBeGreaterThan(0);
    expect(fromBytes.records).toEqual(fromJson.records);
    expect(fromBytes.observations).toEqual(fromJson.observations);
    expect(fromBytes.report).toEqual(fromJson.report);
  });

  it.each(captures.filter(({ signal }) => signal === 'span'))('reads all of $name', ({ signal, encoding, body }) => {
    const plain = (encoding === 'json' ? JSON.parse(body.toString()) : fromProtobuf(signal, body)) as PlainTraces;
    const { records, report } = decodeAll({ signal, encoding, body });
    const spans = plain.resourceSpans.flatMap((ofResource) =>
      (ofResource.scopeSpans ?? []).flatMap((ofScope) =>
        (ofScope.spans ?? []).map((span) => ({ span, resource: ofResource.resource, scope: ofScope.scope })),
      ),
    );
    expect(report.records).toBe(spans.length);
    for (const [index, { span, resource, scope }] of spans.entries()) {
      expect(records[index]).toMatchObject({
        traceId: span.traceId.toLowerCase(),
        spanId: span.spanId.toLowerCase(),
        parentId: span.parentSpanId ?? '',
        name: span.name,
        startUs: Number(BigInt(span.startTimeUnixNano) / 1000n),
        endUs: Number(BigInt(span.endTimeUnixNano) / 1000n),
        scope: { name: scope?.name ?? '', version: scope?.version ?? '' },
        attributes: dumpAttributes(new ObjectAttributes(plainValues(span.attributes), PROFILES)),
        resource: dumpAttributes(new ObjectAttributes(plainValues(resource?.attributes), PROFILES)),
      });
    }
  });
});

interface PlainAttribute {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>> | null;
}

interface PlainTraces {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly PlainAttribute[] };
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string };
      readonly spans?: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes?: readonly PlainAttribute[];
      }[];
    }[];
  }[];
}

/** Values as the conventions of OTLP/JSON give them; the last of duplicate names stays. */
function plainValues(attributes: readonly PlainAttribute[] = []): Map<string, AttributeValue> {
  const values = new Map<string, AttributeValue>();
  for (const { key, value } of attributes) values.set(key, plainValue(value));
  return values;
}

function plainValue(value: PlainAttribute['value']): AttributeValue {
  const [kind, content] = Object.entries(value ?? {})[0] ?? [];
  if (kind === 'intValue' || kind === 'doubleValue') return Number(content);
  const { values = [] } = (content ?? {}) as { values?: readonly PlainAttribute[] };
  if (kind === 'arrayValue') return values.map((item) => plainValue(item as never));
  if (kind === 'kvlistValue') return Object.fromEntries(values.map((pair) => [pair.key, plainValue(pair.value)]));
  return (content ?? null) as AttributeValue;
}
