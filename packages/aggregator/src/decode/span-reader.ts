// Spans out of a trace request: the hot path of the whole service. Ids, times and the name are read, attributes only noted.

import type { SpanLink, SpanRecord } from '@turnmeter/accounting';
import { ATTR_EXCEPTION_TYPE, EVENT_EXCEPTION } from '@turnmeter/semconv';
import { readKeyValue, type Reading } from './any-value.ts';
import type { AttributeIndex } from './attribute-index.ts';
import { DecodeError, DecodeFault } from './decode-error.ts';
import type { Origin } from './envelope.ts';
import type { IdCache } from './id-cache.ts';
import { DecodeNote, RejectReason } from './report.ts';
import { NO_LINKS, type SpanView } from './span-view.ts';
import type { TextCache } from './text-cache.ts';
import type { Wire } from './wire.ts';

/** A byte from here on says that more bytes follow. */
const LONG = 0x80;
const NOWHERE = -1;
const EXCEPTION_EVENT: Buffer = Buffer.from(EVENT_EXCEPTION);
const EXCEPTION_TYPE: Buffer = Buffer.from(ATTR_EXCEPTION_TYPE);

export class SpanReader {
  readonly #index: AttributeIndex;
  readonly #span: SpanView;
  readonly #texts: TextCache;
  readonly #ids: IdCache;
  #links: SpanLink[] = [];

  constructor(parts: { index: AttributeIndex; span: SpanView; texts: TextCache; ids: IdCache }) {
    this.#index = parts.index;
    this.#span = parts.span;
    this.#texts = parts.texts;
    this.#ids = parts.ids;
  }

  enter({ resource, scope }: Origin): void {
    this.#span.resource = resource;
    this.#span.scope = scope;
  }

  /**
   * Reads the span between `from` and `to`; undefined when its ids make it no span, which is counted.
   *
   * Span: 1 trace_id bytes LENGTH · 2 span_id bytes LENGTH · 4 parent_span_id bytes LENGTH · 5 name string LENGTH · 6 kind enum VARINT ·
   * 7 start_time_unix_nano FIXED64 · 8 end_time_unix_nano FIXED64 · 9 attributes KeyValue, repeated, LENGTH ·
   * 10 dropped_attributes_count VARINT · 11 events, repeated, LENGTH · 13 links, repeated, LENGTH · 15 status LENGTH.
   */
  read(wire: Wire, from: number, to: number, reading: Reading): SpanRecord | undefined {
    const { view } = wire;
    const span = this.#span;
    this.#begin(wire, reading);
    let traceAt = NOWHERE;
    let spanAt = NOWHERE;
    let next = from;
    for (let at = from; at < to; at = next) {
      let tag = view.getUint8(at);
      if (tag === 0x4a) {
        next = this.#index.addRun(at, to, tag);
        continue;
      }
      let content = at + 1;
      if (tag < 8 || tag > 127) {
        tag = wire.tag(at, to);
        content = wire.at;
      }
      if ((tag & 7) === 2) {
        let length = content < to ? view.getUint8(content) : LONG;
        if (length < LONG) content++;
        else {
          length = wire.length(content, to);
          content = wire.at;
        }
        next = content + length;
        if (next > to) throw new DecodeError(DecodeFault.TRUNCATED, at);
      } else {
        next = wire.skip(tag, content, to);
      }
      switch (tag) {
        case 0x0a:
          traceAt = next - content === 16 ? content : NOWHERE;
          break;
        case 0x12:
          spanAt = next - content === 8 ? content : NOWHERE;
          break;
        case 0x22:
          span.parentId = this.#parentId(wire, content, next, reading);
          break;
        case 0x2a:
          span.name = this.#texts.read(wire.bytes, view, content, next - content, reading.tally);
          break;
        case 0x30:
          span.kind = wire.varint(content, next) | 0;
          break;
        case 0x39:
          span.startUs = wire.micros(content);
          break;
        case 0x41:
          span.endUs = wire.micros(content);
          break;
        default:
          this.#readRare(wire, tag, content, next);
      }
    }
    span.traceId = traceAt === NOWHERE ? '' : this.#ids.trace(view, traceAt);
    span.spanId = spanAt === NOWHERE ? '' : this.#ids.span(view, spanAt);
    if (this.#links.length > 0) span.links = this.#links;
    if (span.traceId !== '' && span.spanId !== '') return span;
    reading.tally.reject(span.traceId === '' ? RejectReason.BAD_TRACE_ID : RejectReason.BAD_SPAN_ID);
    return undefined;
  }

  #begin(wire: Wire, reading: Reading): void {
    this.#index.begin(wire, reading);
    // Whoever keeps the links of the span before keeps them: a new list is begun only where there were some.
    if (this.#links.length > 0) this.#links = [];
    const span = this.#span;
    span.parentId = '';
    span.name = '';
    span.kind = 0;
    span.startUs = 0;
    span.endUs = 0;
    span.status = 0;
    span.droppedAttributes = 0;
    span.links = NO_LINKS;
    span.exceptionType = '';
  }

  #readRare(wire: Wire, tag: number, from: number, to: number): void {
    switch (tag) {
      case 0x50:
        this.#span.droppedAttributes = wire.varint(from, to);
        return;
      case 0x5a:
        if (this.#span.exceptionType === '') this.#span.exceptionType = this.#exceptionType(wire, from, to);
        return;
      case 0x6a:
        this.#addLink(wire, from, to);
        return;
      case 0x7a:
        // Status: 3 code enum VARINT. The message (2) may hold a prompt and is not read; mostly the whole status is empty.
        if (from === to) return;
        wire.fields(from, to, (inner, at, end) => {
          if (inner === 0x18) this.#span.status = wire.varint(at, end);
        });
        return;
      default:
    }
  }

  /** A parent id that is none makes the span a root: its usage still counts. All zero is how some write "no parent". */
  #parentId(wire: Wire, from: number, to: number, reading: Reading): string {
    if (to - from === 8) return this.#ids.span(wire.view, from);
    if (to > from) reading.tally.note(DecodeNote.BAD_PARENT_ID);
    return '';
  }

  /** Event: 2 name string LENGTH · 3 attributes KeyValue, repeated, LENGTH. Other events than exceptions are not looked into. */
  #exceptionType(wire: Wire, from: number, to: number): string {
    let isException = false;
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x12) isException = EXCEPTION_EVENT.equals(wire.bytes.subarray(at, end));
    });
    let type = '';
    if (!isException) return type;
    wire.fields(from, to, (tag, at, end) => {
      if (tag !== 0x1a || type !== '' || !hasKey(wire, at, end, EXCEPTION_TYPE)) return;
      const { value } = readKeyValue(wire, at, end, this.#index.reading);
      if (typeof value === 'string') type = value;
    });
    return type;
  }

  /** Link: 1 trace_id bytes LENGTH · 2 span_id bytes LENGTH. */
  #addLink(wire: Wire, from: number, to: number): void {
    const { limits, tally } = this.#index.reading;
    let traceId = '';
    let spanId = '';
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x0a) traceId = end - at === 16 ? this.#ids.trace(wire.view, at) : '';
      else if (tag === 0x12) spanId = end - at === 8 ? this.#ids.span(wire.view, at) : '';
    });
    if (traceId === '' || spanId === '') tally.note(DecodeNote.BAD_LINK);
    else if (this.#links.length === limits.linksMax) tally.note(DecodeNote.LINKS_OVER_LIMIT);
    else this.#links.push({ traceId, spanId });
  }
}

/** Does this `KeyValue` (1 key string LENGTH) have this key? Stack traces beside it are not read. */
function hasKey(wire: Wire, from: number, to: number, key: Buffer): boolean {
  let isKey = false;
  wire.fields(from, to, (tag, at, end) => {
    if (tag === 0x0a) isKey = key.equals(wire.bytes.subarray(at, end));
  });
  return isKey;
}
