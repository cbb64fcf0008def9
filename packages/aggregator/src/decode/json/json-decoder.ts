// OTLP/JSON: the same records as from protobuf, by the same index of attributes, so that both encodings of one payload read alike.

import { isUtf8 } from 'node:buffer';
import { Signal, type TelemetryRecord } from '@turnmeter/accounting';
import type { NamedValue, Reading } from '../any-value.ts';
import { DecodeError, DecodeFault } from '../decode-error.ts';
import type { Origin, OriginTaker } from '../envelope.ts';
import { NO_SCOPE, type Origins } from '../origins.ts';
import { DecodeNote } from '../report.ts';
import { checkDepth } from './json-depth.ts';
import { fieldOf, isObject, type JsonObject, partsOf, RecordFault, textOf } from './json-fields.ts';
import { readJsonName, readJsonValue } from './json-value.ts';

type RecordVisitor = (record: TelemetryRecord) => void;

/** Reads the items of one signal: spans, log records, metrics. */
export interface JsonItemReader extends OriginTaker {
  read(item: JsonObject, reading: Reading, visit: RecordVisitor): void;
}

/** Names of the lists on the way from the request to the items. */
const PATHS: Readonly<Record<Signal, readonly [string, string, string]>> = {
  [Signal.SPAN]: ['resourceSpans', 'scopeSpans', 'spans'],
  [Signal.LOG]: ['resourceLogs', 'scopeLogs', 'logRecords'],
  [Signal.METRIC]: ['resourceMetrics', 'scopeMetrics', 'metrics'],
};

export class JsonDecoder {
  readonly #origins: Origins;
  readonly #readers: Readonly<Record<Signal, JsonItemReader>>;

  constructor(origins: Origins, readers: Readonly<Record<Signal, JsonItemReader>>) {
    this.#origins = origins;
    this.#readers = readers;
  }

  decode({ signal, body }: { signal: Signal; body: Buffer }, reading: Reading, visit: RecordVisitor): void {
    const [resources, scopes, items] = PATHS[signal];
    const reader = this.#readers[signal];
    for (const ofResource of partsOf(parse(body, reading), resources)) {
      reading.tally.countPart();
      const resource = this.#origins.resourceOf(readJsonAttributes(fieldOf(ofResource, 'resource'), reading), reading);
      for (const ofScope of partsOf(ofResource, scopes)) {
        reading.tally.countPart();
        reader.enter({ resource, scope: readScope(fieldOf(ofScope, 'scope')) });
        for (const item of partsOf(ofScope, items)) readItem(reader, item, reading, visit);
      }
    }
  }
}

function parse(body: Buffer, reading: Reading): JsonObject {
  checkDepth(body);
  if (!isUtf8(body)) reading.tally.note(DecodeNote.INVALID_UTF8);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's own message quotes the body, which may hold a prompt: it goes no further.
    throw new DecodeError(DecodeFault.INVALID_JSON, -1);
  }
  if (!isObject(parsed)) throw new DecodeError(DecodeFault.WRONG_SHAPE, -1);
  return parsed;
}

function readItem(reader: JsonItemReader, item: JsonObject, reading: Reading, visit: RecordVisitor): void {
  try {
    reader.read(item, reading, visit);
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    reading.tally.reject(error.reason);
  }
}

function readScope(scope: unknown): Origin['scope'] {
  return isObject(scope) ? { name: textOf(scope, 'name'), version: textOf(scope, 'version') } : NO_SCOPE;
}

/** Names and values of a resource's attributes. */
function* readJsonAttributes(resource: unknown, reading: Reading): Iterable<NamedValue> {
  if (!isObject(resource)) return;
  for (const { key, value } of partsOf(resource, 'attributes'))
    yield { name: readJsonName(key, reading), value: readJsonValue(value, reading) };
}
