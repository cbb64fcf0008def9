// Reads recorded OTLP/JSON bodies into records, for tests over captures. Only what accounting looks at.

import { readdirSync, readFileSync } from 'node:fs';
import {
  type AttributeValue,
  ObjectAttributes,
  type ProfileList,
  type Scope,
  type SpanRecord,
} from '@turnmeter/accounting';

const CAPTURES = new URL('../../../test/captures/', import.meta.url);

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
}
interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly KeyValue[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
}
interface Body {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly scope?: Partial<Scope>; readonly spans: readonly Span[] }[];
  }[];
}

/** All spans that a capture holds as JSON. */
export function spansOf(capture: string, profiles: ProfileList): readonly SpanRecord[] {
  const folder = new URL(`${capture}/`, CAPTURES);
  const files = readdirSync(folder).filter((file) => file.endsWith('-traces.json'));
  return files.flatMap((file) => recordsOf(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Body, profiles));
}

function recordsOf(body: Body, profiles: ProfileList): readonly SpanRecord[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const origin = { attributes: attributesOf(resource?.attributes, profiles) };
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span): SpanRecord => ({
        signal: 'span',
        resource: origin,
        scope: { name: scope?.name ?? '', version: scope?.version ?? '' },
        attributes: attributesOf(span.attributes, profiles),
        droppedAttributes: 0,
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind ?? 0,
        startUs: Number(span.startTimeUnixNano.slice(0, -3)),
        endUs: Number(span.endTimeUnixNano.slice(0, -3)),
        status: span.status?.code ?? 0,
        links: span.links ?? [],
        exceptionType: exceptionOf(span),
      })),
    );
  });
}

function exceptionOf({ events }: Span): string {
  const exception = events?.find(({ name }) => name === 'exception');
  return exception?.attributes?.find(({ key }) => key === 'exception.type')?.value.stringValue ?? '';
}

function attributesOf(list: readonly KeyValue[] | undefined, profiles: ProfileList): ObjectAttributes {
  return new ObjectAttributes(new Map((list ?? []).map(({ key, value }) => [key, valueOf(value)])), profiles);
}

function valueOf(value: AnyValue): AttributeValue {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(valueOf);
  if (value.kvlistValue !== undefined)
    return Object.fromEntries((value.kvlistValue.values ?? []).map(({ key, value: inner }) => [key, valueOf(inner)]));
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue ?? null;
}
