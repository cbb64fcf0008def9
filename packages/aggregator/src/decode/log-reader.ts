// Log records out of a logs request.

import type { LogRecord } from '@turnmeter/accounting';
import { readLateValue, type Reading, readText } from './any-value.ts';
import type { AttributeIndex } from './attribute-index.ts';
import type { Origin } from './envelope.ts';
import type { IdCache } from './id-cache.ts';
import type { LogView } from './log-view.ts';
import type { Range, Wire } from './wire.ts';

export class LogReader {
  readonly #index: AttributeIndex;
  readonly #log: LogView;
  readonly #ids: IdCache;

  constructor(parts: { index: AttributeIndex; log: LogView; ids: IdCache }) {
    this.#index = parts.index;
    this.#log = parts.log;
    this.#ids = parts.ids;
  }

  enter({ resource, scope }: Origin): void {
    this.#log.resource = resource;
    this.#log.scope = scope;
  }

  /**
   * Reads the record between `from` and `to`. Ids that are none are left out: most log records belong to no span.
   *
   * LogRecord: 1 time_unix_nano FIXED64 · 5 body AnyValue LENGTH · 6 attributes KeyValue, repeated, LENGTH ·
   * 7 dropped_attributes_count VARINT · 9 trace_id bytes LENGTH · 10 span_id bytes LENGTH · 11 observed_time_unix_nano FIXED64 ·
   * 12 event_name string LENGTH.
   */
  read(wire: Wire, from: number, to: number, reading: Reading): LogRecord {
    const log = this.#log;
    const body: Range[] = [];
    this.#index.begin(wire, reading);
    log.begin();
    this.#index.readFields(from, to, 0x32, (tag, at, end) => {
      switch (tag) {
        case 0x09:
          log.timeUs = wire.micros(at);
          return;
        case 0x2a:
          body.push({ from: at, to: end });
          return;
        case 0x38:
          log.droppedAttributes = wire.varint(at, end);
          return;
        case 0x4a:
          log.traceId = end - at === 16 ? this.#ids.trace(wire.view, at) : '';
          return;
        case 0x52:
          log.spanId = end - at === 8 ? this.#ids.span(wire.view, at) : '';
          return;
        case 0x59:
          log.observedTimeUs = wire.micros(at);
          return;
        case 0x62:
          log.eventName = readText(wire, at, end, reading);
          return;
        default:
      }
    });
    if (body.length > 0) {
      log.readBody = () => {
        const whole = wire.joined(body);
        return readLateValue(whole.wire, whole.from, whole.to, reading);
      };
    }
    return log;
  }
}
