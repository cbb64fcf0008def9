// What the three signals have in common: a request holds resources, a resource holds scopes, a scope holds items.

import type { Resource, Scope } from '@turnmeter/accounting';
import type { Reading } from './any-value.ts';
import type { Origins } from './origins.ts';
import type { Range, Wire } from './wire.ts';

export interface Origin {
  readonly resource: Resource;
  readonly scope: Scope;
}

/** Is told whose the items are that come next. */
export interface OriginTaker {
  enter(origin: Origin): void;
}

export type ItemVisitor = (from: number, to: number) => void;

/**
 * Visits each span, log record or metric of a request; `taker` is told before the items of each scope whose they are.
 *
 * Export…ServiceRequest: 1 resource_…, repeated, LENGTH. Resource…: 1 resource LENGTH · 2 scope_…, repeated, LENGTH.
 * Scope…: 1 scope LENGTH · 2 items, repeated, LENGTH. A Collector writes the items first: whose they are is looked up before them.
 */
export function walkItems(
  wire: Wire,
  { origins, reading }: { origins: Origins; reading: Reading },
  taker: OriginTaker,
  visit: ItemVisitor,
): void {
  eachRange(wire, { from: 0, to: wire.bytes.length }, 0x0a, (ofResource) => {
    reading.tally.countPart();
    const resource = origins.resource(wire, rangesOf(wire, ofResource, 0x0a), reading);
    eachRange(wire, ofResource, 0x12, (ofScope) => {
      reading.tally.countPart();
      const scope = origins.scope(wire, rangesOf(wire, ofScope, 0x0a), reading);
      taker.enter({ resource, scope });
      wire.fields(ofScope.from, ofScope.to, (tag, from, to) => {
        if (tag === 0x12) visit(from, to);
      });
    });
  });
}

function eachRange(wire: Wire, within: Range, wanted: number, visit: (range: Range) => void): void {
  wire.fields(within.from, within.to, (tag, from, to) => {
    if (tag === wanted) visit({ from, to });
  });
}

function rangesOf(wire: Wire, within: Range, wanted: number): readonly Range[] {
  const ranges: Range[] = [];
  eachRange(wire, within, wanted, (range) => ranges.push(range));
  return ranges;
}
