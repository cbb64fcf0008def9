// Ids for records that have none of their own. A log record is known by all that it says, a metric series by what it measures: the same
// content gives the same id in any encoding and any order of fields, so a record that is sent again is recognized.

import { hash } from 'node:crypto';
import type { Attributes, AttributeValue, Resource, Scope } from '@turnmeter/accounting';

/** What tells one record from another; parts that are numbers or text are told apart from each other by their place. */
export interface Content {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly attributes: Attributes;
  /** The rest, in an order that each signal fixes for itself. */
  readonly parts: readonly AttributeValue[];
}

/** 128 bits of SHA-256 as 32 hexadecimal digits: nobody can make two records with one id. */
export function contentId(content: Content): string {
  const { resource, scope, attributes, parts } = content;
  const text = JSON.stringify([
    digestOf(resource),
    scope.name,
    scope.version,
    canonicalAttributes(attributes),
    parts.map(canonical),
  ]);
  return hash('sha256', text, 'hex').slice(0, 32);
}

const digests = new WeakMap<Resource, string>();

function digestOf(resource: Resource): string {
  let digest = digests.get(resource);
  if (digest === undefined) {
    digest = hash('sha256', JSON.stringify(canonicalAttributes(resource.attributes)), 'hex');
    digests.set(resource, digest);
  }
  return digest;
}

/** JSON that is the same for the same content. */
type Canonical = string | number | boolean | null | readonly Canonical[];

function canonicalAttributes(attributes: Attributes): Canonical {
  return [...attributes.names()].toSorted(byCodeUnit).map((name) => [name, canonical(attributes.get(name) ?? null)]);
}

/** Maps become sorted lists of pairs, in a list of three so that no list of a producer looks like one. */
function canonical(value: AttributeValue): Canonical {
  if (typeof value === 'number') return Number.isFinite(value) ? value : ['number', String(value), null];
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return ['list', value.map(canonical), null];
  const pairs = Object.entries(value).toSorted(([a], [b]) => byCodeUnit(a, b));
  return ['map', pairs.map(([name, inner]) => [name, canonical(inner)]), null];
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
