// Of requests in OTLP's JSON: whose they are said to be, and the texts of people and models in them.

import { ATTR_TURNMETER_TENANT_ID } from '@turnmeter/semconv';

interface Attribute {
  readonly key: string;
  readonly value: unknown;
}

/** The same request, with a tenant on each of its resources. */
export function withTenant(body: object, tenant: string): object {
  const claim = { key: ATTR_TURNMETER_TENANT_ID, value: { stringValue: tenant } };
  return Object.fromEntries(
    Object.entries(body).map(([name, resources]) => [
      name,
      (resources as readonly { readonly resource?: { readonly attributes?: readonly Attribute[] } }[]).map((one) => ({
        ...one,
        resource: { ...one.resource, attributes: [...(one.resource?.attributes ?? []), claim] },
      })),
    ]),
  );
}

/** Pieces of the texts in attributes that are content, long enough to be nobody else's. */
export function wordsOf(body: unknown, isContent: (key: string) => boolean): readonly string[] {
  if (Array.isArray(body)) return body.flatMap((one) => wordsOf(one, isContent));
  if (typeof body !== 'object' || body === null) return [];
  if ('key' in body && typeof body.key === 'string' && 'value' in body) {
    return isContent(body.key) ? sentencesOf(body.value) : [];
  }
  return Object.values(body).flatMap((one) => wordsOf(one, isContent));
}

/** Runs of several plain words: `write a line about the sea`. */
function sentencesOf(value: unknown): readonly string[] {
  return JSON.stringify(value).match(/[A-Za-z]{2,}(?: [A-Za-z]{2,}){3,}/g) ?? [];
}
