import type { Attributes } from '@opentelemetry/api';
import {
  type AttributeValue,
  ObjectAttributes,
  type ProfileList,
  type Resource,
  type SpanRecord,
} from '@turnmeter/accounting';
import { ATTR_EXCEPTION_TYPE, EVENT_EXCEPTION } from '@turnmeter/semconv';
import { scopeOf, type SdkResource, type SdkSpan } from './sdk-span.ts';

/** Reads spans of the SDK as accounting wants them, from the objects themselves. */
export class SpanReader {
  readonly #profiles: ProfileList;
  readonly #resources = new WeakMap<SdkResource, Resource>();

  constructor(profiles: ProfileList) {
    this.#profiles = profiles;
  }

  read(span: SdkSpan): SpanRecord {
    const { traceId, spanId } = span.spanContext();
    const { name, version = '' } = scopeOf(span);
    return {
      signal: 'span',
      resource: this.#resourceOf(span.resource),
      scope: { name, version },
      attributes: this.#attributesOf(span.attributes),
      droppedAttributes: span.droppedAttributesCount ?? 0,
      traceId,
      spanId,
      parentId: span.parentSpanContext?.spanId ?? span.parentSpanId ?? '',
      name: span.name,
      kind: span.kind + 1,
      startUs: microsecondsOf(span.startTime),
      endUs: microsecondsOf(span.endTime),
      status: span.status.code,
      links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
      exceptionType: exceptionTypeOf(span),
    };
  }

  #attributesOf(attributes: Attributes): ObjectAttributes {
    // The SDK has checked them: text, numbers, booleans, lists of these and, since SDK 3, maps.
    return new ObjectAttributes(attributes as Readonly<Record<string, AttributeValue>>, this.#profiles);
  }

  /** One object for all spans of a resource, as soon as it is complete. */
  #resourceOf(resource: SdkResource): Resource {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const read = { attributes: this.#attributesOf(resource.attributes) };
    if (resource.asyncAttributesPending !== true) this.#resources.set(resource, read);
    return read;
  }
}

function microsecondsOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1e6 + Math.floor(nanoseconds / 1000);
}

function exceptionTypeOf({ events }: SdkSpan): string {
  for (const { name, attributes } of events) {
    if (name !== EVENT_EXCEPTION) continue;
    const type = attributes?.[ATTR_EXCEPTION_TYPE];
    return typeof type === 'string' ? type : '';
  }
  return '';
}
