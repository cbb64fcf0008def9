// A log record as it lies in the request. One object serves all records: what it says is true until the next one is read.

import type { Attributes, AttributeValue, LogRecord, Resource, Scope } from '@turnmeter/accounting';
import { contentId } from './content-id.ts';

/** Bodies up to this length (UTF-16 units) are told as text: event names and short messages. A prompt is none of ours. */
const BODY_TEXT_MAX = 1024;

/** Filled by the readers; to everybody else it is a {@link LogRecord}. */
export class LogView implements LogRecord {
  readonly signal = 'log';
  readonly attributes: Attributes;
  resource: Resource;
  scope: Scope;
  traceId = '';
  spanId = '';
  eventName = '';
  timeUs = 0;
  observedTimeUs = 0;
  droppedAttributes = 0;
  /** Makes the body into a value; asked only by who wants the text or the id. */
  readBody: () => AttributeValue = () => null;
  #id = '';

  constructor(attributes: Attributes, resource: Resource, scope: Scope) {
    this.attributes = attributes;
    this.resource = resource;
    this.scope = scope;
  }

  /** The next record is about to be filled in. */
  begin(): void {
    this.traceId = '';
    this.spanId = '';
    this.eventName = '';
    this.timeUs = 0;
    this.observedTimeUs = 0;
    this.droppedAttributes = 0;
    this.readBody = () => null;
    this.#id = '';
  }

  /** Made when it is asked for: most log records tell nothing, and nobody asks. */
  get id(): string {
    const { resource, scope, attributes, timeUs, observedTimeUs, eventName, traceId, spanId } = this;
    const parts = ['log', timeUs, observedTimeUs, eventName, traceId, spanId, this.readBody()];
    this.#id ||= contentId({ resource, scope, attributes, parts });
    return this.#id;
  }

  get bodyText(): string {
    const body = this.readBody();
    return typeof body === 'string' && body.length <= BODY_TEXT_MAX ? body : '';
  }
}
