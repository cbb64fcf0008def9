// Spans of OTLP/JSON.

import type { SpanLink, SpanRecord } from '@turnmeter/accounting';
import { ATTR_EXCEPTION_TYPE, EVENT_EXCEPTION } from '@turnmeter/semconv';
import type { Reading } from '../any-value.ts';
import type { AttributeIndex } from '../attribute-index.ts';
import type { Origin } from '../envelope.ts';
import { DecodeNote, RejectReason } from '../report.ts';
import { NO_LINKS, type SpanView } from '../span-view.ts';
import { indexJsonAttributes } from './json-attributes.ts';
import type { JsonItemReader } from './json-decoder.ts';
import {
  countOf,
  enumOf,
  fieldOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  microsOf,
  RecordFault,
  textOf,
} from './json-fields.ts';
import { readJsonValue } from './json-value.ts';

const KINDS: readonly string[] = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const STATUS_CODES: readonly string[] = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

export class JsonSpans implements JsonItemReader {
  readonly #index: AttributeIndex;
  readonly #span: SpanView;

  constructor(index: AttributeIndex, span: SpanView) {
    this.#index = index;
    this.#span = span;
  }

  enter({ resource, scope }: Origin): void {
    this.#span.resource = resource;
    this.#span.scope = scope;
  }

  read(item: JsonObject, reading: Reading, visit: (span: SpanRecord) => void): void {
    if (!reading.tally.admitsRecord()) return;
    const span = this.#span;
    span.traceId = idOf(item, 'traceId', 32);
    if (span.traceId === '') throw new RecordFault(RejectReason.BAD_TRACE_ID);
    span.spanId = idOf(item, 'spanId', 16);
    if (span.spanId === '') throw new RecordFault(RejectReason.BAD_SPAN_ID);
    span.parentId = parentIdOf(item, reading);
    span.name = textOf(item, 'name');
    span.kind = enumOf(item, 'kind', KINDS);
    span.startUs = microsOf(item, 'startTimeUnixNano');
    span.endUs = microsOf(item, 'endTimeUnixNano');
    span.droppedAttributes = countOf(item, 'droppedAttributesCount');
    const status = fieldOf(item, 'status');
    span.status = isObject(status) ? enumOf(status, 'code', STATUS_CODES) : 0;
    span.links = readLinks(item, reading);
    span.exceptionType = readExceptionType(item, reading);
    indexJsonAttributes(this.#index, item, reading);
    reading.tally.records++;
    visit(span);
  }
}

/** A parent id that is none makes the span a root: its usage still counts. All zero is how some write "no parent". */
function parentIdOf(item: JsonObject, { tally }: Reading): string {
  const parentId = idOf(item, 'parentSpanId', 16);
  const given = fieldOf(item, 'parentSpanId') ?? '';
  if (parentId === '' && given !== '' && given !== '0000000000000000') tally.note(DecodeNote.BAD_PARENT_ID);
  return parentId;
}

function readLinks(item: JsonObject, { limits, tally }: Reading): readonly SpanLink[] {
  const list = listOf(item, 'links');
  if (list.length === 0) return NO_LINKS;
  const links: SpanLink[] = [];
  for (const link of list) {
    const traceId = idOf(link, 'traceId', 32);
    const spanId = idOf(link, 'spanId', 16);
    if (traceId === '' || spanId === '') tally.note(DecodeNote.BAD_LINK);
    else if (links.length === limits.linksMax) tally.note(DecodeNote.LINKS_OVER_LIMIT);
    else links.push({ traceId, spanId });
  }
  return links;
}

/** Class of the first exception event that names one. */
function readExceptionType(item: JsonObject, reading: Reading): string {
  for (const event of listOf(item, 'events')) {
    if (event['name'] !== EVENT_EXCEPTION) continue;
    const attribute = listOf(event, 'attributes').find(({ key }) => key === ATTR_EXCEPTION_TYPE);
    const type = readJsonValue(attribute?.['value'], reading);
    if (typeof type === 'string' && type !== '') return type;
  }
  return '';
}
