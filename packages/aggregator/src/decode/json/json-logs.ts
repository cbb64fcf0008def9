// Log records of OTLP/JSON.

import type { LogRecord } from '@turnmeter/accounting';
import type { Reading } from '../any-value.ts';
import type { AttributeIndex } from '../attribute-index.ts';
import type { Origin } from '../envelope.ts';
import type { LogView } from '../log-view.ts';
import { indexJsonAttributes } from './json-attributes.ts';
import type { JsonItemReader } from './json-decoder.ts';
import { countOf, fieldOf, idOf, type JsonObject, microsOf, textOf } from './json-fields.ts';
import { readJsonValue } from './json-value.ts';

export class JsonLogs implements JsonItemReader {
  readonly #index: AttributeIndex;
  readonly #log: LogView;

  constructor(index: AttributeIndex, log: LogView) {
    this.#index = index;
    this.#log = log;
  }

  enter({ resource, scope }: Origin): void {
    this.#log.resource = resource;
    this.#log.scope = scope;
  }

  read(item: JsonObject, reading: Reading, visit: (log: LogRecord) => void): void {
    if (!reading.tally.admitsRecord()) return;
    const log = this.#log;
    log.begin();
    log.timeUs = microsOf(item, 'timeUnixNano');
    log.observedTimeUs = microsOf(item, 'observedTimeUnixNano');
    log.eventName = textOf(item, 'eventName');
    log.traceId = idOf(item, 'traceId', 32);
    log.spanId = idOf(item, 'spanId', 16);
    log.droppedAttributes = countOf(item, 'droppedAttributesCount');
    log.readBody = () => readJsonValue(fieldOf(item, 'body'), reading);
    indexJsonAttributes(this.#index, item, reading);
    reading.tally.records++;
    visit(log);
  }
}
