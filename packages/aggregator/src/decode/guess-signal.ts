// Which signal a body holds, where nobody says: the three requests look alike down to their items. For files; a request's address says it.

import { Signal } from '@turnmeter/accounting';
import { DecodeError } from './decode-error.ts';
import { type Range, Wire } from './wire.ts';

/** The signal of the first item of a protobuf body; undefined where there is none, or the body is no OTLP. */
export function guessSignal(body: Uint8Array): Signal | undefined {
  const wire = new Wire(body);
  try {
    for (const ofResource of rangesOf(wire, { from: 0, to: body.length }, 0x0a)) {
      for (const ofScope of rangesOf(wire, ofResource, 0x12)) {
        for (const item of rangesOf(wire, ofScope, 0x12)) {
          const signal = signalOf(wire, item);
          if (signal !== undefined) return signal;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return undefined;
}

/**
 * Span: 1 trace_id BYTES · 2 span_id BYTES · 7 start_time FIXED64. LogRecord: 1 time FIXED64 · 2 severity VARINT · 11 observed_time
 * FIXED64. Metric: 1 name STRING · 5, 7, 9, 10, 11 data MESSAGE.
 */
function signalOf(wire: Wire, item: Range): Signal | undefined {
  const tags = new Set<number>();
  wire.fields(item.from, item.to, (tag) => tags.add(tag));
  if (tags.has(SPAN_START)) return Signal.SPAN;
  if (tags.has(LOG_TIME) || tags.has(LOG_OBSERVED_TIME) || tags.has(LOG_SEVERITY)) return Signal.LOG;
  return METRIC_DATA.some((tag) => tags.has(tag)) ? Signal.METRIC : undefined;
}

const SPAN_START = (7 << 3) | 1;
const LOG_TIME = (1 << 3) | 1;
const LOG_SEVERITY = 2 << 3;
const LOG_OBSERVED_TIME = (11 << 3) | 1;
const METRIC_DATA = [5, 7, 9, 10, 11].map((field) => (field << 3) | 2);

function rangesOf(wire: Wire, within: Range, wanted: number): readonly Range[] {
  const ranges: Range[] = [];
  wire.fields(within.from, within.to, (tag, from, to) => {
    if (tag === wanted) ranges.push({ from, to });
  });
  return ranges;
}
