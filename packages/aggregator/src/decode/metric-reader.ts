// Metric points out of a metrics request. Sums, gauges and both kinds of histograms; a histogram's buckets are passed over.

import type { MetricPoint } from '@turnmeter/accounting';
import { type Reading, readText } from './any-value.ts';
import type { AttributeIndex } from './attribute-index.ts';
import type { Origin } from './envelope.ts';
import type { PointView } from './point-view.ts';
import { DecodeNote } from './report.ts';
import type { Range, Wire } from './wire.ts';

type PointVisitor = (point: MetricPoint) => void;

/** Tags that differ between the kinds of points; the rest have one number in all of them. */
interface Shape {
  readonly kind: MetricPoint['kind'];
  readonly attributes: number;
  readonly flags: number;
}

const NUMBER_SHAPE = { attributes: 0x3a, flags: 0x40 } as const;
/**
 * Metric: 5 gauge · 7 sum · 9 histogram · 10 exponential_histogram · 11 summary: LENGTH, one of them.
 * NumberDataPoint: 7 attributes · 8 flags; HistogramDataPoint: 9 attributes · 10 flags; ExponentialHistogramDataPoint: 1 · 10.
 */
const SHAPES: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [0x2a, { kind: 'gauge', ...NUMBER_SHAPE }],
  [0x3a, { kind: 'sum', ...NUMBER_SHAPE }],
  [0x4a, { kind: 'histogram', attributes: 0x4a, flags: 0x50 }],
  [0x52, { kind: 'histogram', attributes: 0x0a, flags: 0x50 }],
]);
const SUMMARY = 0x5a;

const TEMPORALITIES: readonly MetricPoint['temporality'][] = ['unspecified', 'delta', 'cumulative'];

export class MetricReader {
  readonly #index: AttributeIndex;
  readonly #point: PointView;

  constructor(parts: { index: AttributeIndex; point: PointView }) {
    this.#index = parts.index;
    this.#point = parts.point;
  }

  enter({ resource, scope }: Origin): void {
    this.#point.resource = resource;
    this.#point.scope = scope;
  }

  /**
   * Reads the points of the metric between `from` and `to`.
   *
   * Metric: 1 name string LENGTH · 3 unit string LENGTH · and its data, see {@link SHAPES}.
   */
  read(wire: Wire, from: number, to: number, context: { reading: Reading; visit: PointVisitor }): void {
    const { reading } = context;
    const point = this.#point;
    let dataTag = 0;
    let data: Range[] = [];
    point.metric = '';
    point.unit = '';
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x0a) point.metric = readText(wire, at, end, reading);
      else if (tag === 0x1a) point.unit = readText(wire, at, end, reading);
      else if (SHAPES.has(tag) || tag === SUMMARY) {
        // Of several kinds the last one counts; several pieces of one kind are one.
        if (tag !== dataTag) data = [];
        dataTag = tag;
        data.push({ from: at, to: end });
      }
    });
    const shape = SHAPES.get(dataTag);
    if (shape !== undefined) this.#readData(wire, data, shape, context);
    else if (dataTag === SUMMARY) reading.tally.note(DecodeNote.POINT_WITHOUT_VALUE);
  }

  /** Gauge, Sum, Histogram, ExponentialHistogram: 1 data_points, repeated, LENGTH · 2 aggregation_temporality enum VARINT. */
  #readData(
    body: Wire,
    pieces: readonly Range[],
    shape: Shape,
    { reading, visit }: { reading: Reading; visit: PointVisitor },
  ): void {
    const { wire, from, to } = body.joined(pieces);
    const point = this.#point;
    point.kind = shape.kind;
    point.temporality = 'unspecified';
    wire.fields(from, to, (tag, at, end) => {
      if (tag === 0x10) point.temporality = TEMPORALITIES[wire.varint(at, end)] ?? 'unspecified';
    });
    wire.fields(from, to, (tag, at, end) => {
      if (tag !== 0x0a || !reading.tally.admitsRecord()) return;
      if (this.#readPoint(wire, at, end, shape, reading)) {
        reading.tally.records++;
        visit(point);
      } else reading.tally.note(DecodeNote.POINT_WITHOUT_VALUE);
    });
  }

  /**
   * Reads one point; answers whether it has a value.
   *
   * All: 2 start_time_unix_nano FIXED64 · 3 time_unix_nano FIXED64. NumberDataPoint: 4 as_double FIXED64 · 6 as_int SFIXED64.
   * Both histograms: 4 count FIXED64 · 5 sum double FIXED64. Attributes and flags see {@link SHAPES}; flag 1 is "no recorded value".
   */
  #readPoint(wire: Wire, from: number, to: number, shape: Shape, reading: Reading): boolean {
    const point = this.#point;
    const isHistogram = shape.kind === 'histogram';
    let flags = 0;
    let hasValue = false;
    this.#index.begin(wire, reading);
    point.begin();
    this.#index.readFields(from, to, shape.attributes, (tag, at, end) => {
      if (tag === shape.flags) flags = wire.varint(at, end);
      else if (tag === 0x11) point.startUs = wire.micros(at);
      else if (tag === 0x19) point.timeUs = wire.micros(at);
      else if (tag === 0x21 && isHistogram) point.count = wire.fixed64(at);
      else if (tag === (isHistogram ? 0x29 : 0x21)) {
        point.value = wire.view.getFloat64(at, true);
        hasValue = true;
      } else if (tag === 0x31 && !isHistogram) {
        point.value = wire.signedFixed64(at);
        hasValue = true;
      }
    });
    return hasValue && (flags & 1) === 0;
  }
}
