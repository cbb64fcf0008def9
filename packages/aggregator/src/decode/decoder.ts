// in: the (inflated) body of an OTLP request. out: its records, one after the other, as `accounting` reads them.
// refused: bodies that are no OTLP (DecodeError); records that cannot be told apart or are too many (counted, the rest is kept).

import assert from 'node:assert/strict';
import { ObjectAttributes, type ProfileList, Signal, type TelemetryRecord } from '@turnmeter/accounting';
import type { Reading } from './any-value.ts';
import { AttributeIndex } from './attribute-index.ts';
import { ByteAttributes } from './byte-attributes.ts';
import { walkItems } from './envelope.ts';
import { IdCache } from './id-cache.ts';
import { JsonDecoder } from './json/json-decoder.ts';
import { JsonLogs } from './json/json-logs.ts';
import { JsonMetrics } from './json/json-metrics.ts';
import { JsonSpans } from './json/json-spans.ts';
import { DEFAULT_LIMITS, type DecodeLimits } from './limits.ts';
import { LogReader } from './log-reader.ts';
import { LogView } from './log-view.ts';
import { MetricReader } from './metric-reader.ts';
import { NameTable } from './name-table.ts';
import { NO_SCOPE, Origins } from './origins.ts';
import { PointView } from './point-view.ts';
import { type DecodeReport, Tally } from './report.ts';
import { SpanReader } from './span-reader.ts';
import { SpanView } from './span-view.ts';
import { TextCache } from './text-cache.ts';
import { Wire } from './wire.ts';

export interface DecodeInput {
  readonly signal: Signal;
  readonly encoding: 'protobuf' | 'json';
  readonly body: Uint8Array;
}

/** Called for each record, which is only valid until the call returns: text that was read from it stays, the record does not. */
export type RecordVisitor = (record: TelemetryRecord) => void;

/**
 * Decodes requests, one at a time. It remembers names and texts from request to request, within bounds, so a process has one.
 *
 * @example
 * const decoder = new Decoder({ profiles: new ProfileList(BUILT_IN_PROFILES) });
 * const report = decoder.decode({ signal: 'span', encoding: 'protobuf', body }, (record) => observations.push(observe(record, …)));
 */
export class Decoder {
  readonly #limits: DecodeLimits;
  readonly #names: NameTable;
  readonly #origins: Origins;
  readonly #index: AttributeIndex;
  readonly #spans: SpanReader;
  readonly #logs: LogReader;
  readonly #metrics: MetricReader;
  readonly #json: JsonDecoder;
  #isBusy = false;

  constructor(options: { readonly profiles: ProfileList; readonly limits?: Partial<DecodeLimits> }) {
    const { profiles } = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#names = new NameTable(profiles, this.#limits.newNamesMax);
    this.#origins = new Origins(profiles, this.#names);
    this.#index = new AttributeIndex(this.#names, { limits: this.#limits, tally: new Tally(this.#limits) });
    const texts = new TextCache();
    const ids = new IdCache();
    const attributes = new ByteAttributes(this.#index, texts);
    const nobody = { attributes: new ObjectAttributes({}, profiles) };
    const index = this.#index;
    const span = new SpanView(attributes, nobody, NO_SCOPE);
    const log = new LogView(attributes, nobody, NO_SCOPE);
    const point = new PointView(attributes, nobody, NO_SCOPE);
    this.#spans = new SpanReader({ index, texts, ids, span });
    this.#logs = new LogReader({ index, ids, log });
    this.#metrics = new MetricReader({ index, point });
    this.#json = new JsonDecoder(this.#origins, {
      [Signal.SPAN]: new JsonSpans(index, span),
      [Signal.LOG]: new JsonLogs(index, log),
      [Signal.METRIC]: new JsonMetrics(index, point),
    });
  }

  /**
   * Hands each record to `visit`. Throws `DecodeError` when the body is no OTLP: records before the damage were handed on by then, so
   * book nothing before it returns.
   */
  decode(input: DecodeInput, visit: RecordVisitor): DecodeReport {
    assert(!this.#isBusy, 'a decoder decodes one request at a time');
    this.#isBusy = true;
    const tally = new Tally(this.#limits);
    const reading: Reading = { limits: this.#limits, tally };
    this.#names.beginRequest();
    try {
      const wire = new Wire(input.body);
      if (input.encoding === 'json') this.#json.decode({ signal: input.signal, body: wire.bytes }, reading, visit);
      else this.#decodeProtobuf(input.signal, wire, reading, visit);
    } finally {
      this.#index.release();
      this.#isBusy = false;
    }
    return tally;
  }

  #decodeProtobuf(signal: Signal, wire: Wire, reading: Reading, visit: RecordVisitor): void {
    const envelope = { origins: this.#origins, reading };
    switch (signal) {
      case Signal.SPAN:
        walkItems(wire, envelope, this.#spans, (from, to) => {
          const span = reading.tally.admitsRecord() ? this.#spans.read(wire, from, to, reading) : undefined;
          if (span === undefined) return;
          reading.tally.records++;
          visit(span);
        });
        return;
      case Signal.LOG:
        walkItems(wire, envelope, this.#logs, (from, to) => {
          if (!reading.tally.admitsRecord()) return;
          const log = this.#logs.read(wire, from, to, reading);
          reading.tally.records++;
          visit(log);
        });
        return;
      case Signal.METRIC:
        walkItems(wire, envelope, this.#metrics, (from, to) => {
          reading.tally.countPart();
          this.#metrics.read(wire, from, to, { reading, visit });
        });
        return;
    }
  }
}
