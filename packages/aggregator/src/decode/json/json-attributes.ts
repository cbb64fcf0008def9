// Attributes of OTLP/JSON records, into the index that the protobuf reader fills too.

import type { Reading } from '../any-value.ts';
import type { AttributeIndex } from '../attribute-index.ts';
import { NO_WIRE } from '../wire.ts';
import { type JsonObject, listOf } from './json-fields.ts';
import { readJsonName, readJsonValue } from './json-value.ts';

/** Begins a record: the index then holds the attributes of this span, log record or point. */
export function indexJsonAttributes(index: AttributeIndex, record: JsonObject, reading: Reading): void {
  index.begin(NO_WIRE, reading);
  for (const { key, value } of listOf(record, 'attributes'))
    index.addValue(readJsonName(key, reading), readJsonValue(value, reading));
}
