// A span as it lies in the request. One object serves all spans: what it says is true until the next one is read.

import type { Attributes, Resource, Scope, SpanLink, SpanRecord } from '@turnmeter/accounting';

export const NO_LINKS: readonly SpanLink[] = Object.freeze([]);

/** Filled by `span-reader.ts`; to everybody else it is a {@link SpanRecord}. */
export class SpanView implements SpanRecord {
  readonly signal = 'span';
  readonly attributes: Attributes;
  resource: Resource;
  scope: Scope;
  traceId = '';
  spanId = '';
  parentId = '';
  name = '';
  kind = 0;
  startUs = 0;
  endUs = 0;
  status = 0;
  droppedAttributes = 0;
  links: readonly SpanLink[] = NO_LINKS;
  exceptionType = '';

  constructor(attributes: Attributes, resource: Resource, scope: Scope) {
    this.attributes = attributes;
    this.resource = resource;
    this.scope = scope;
  }
}
