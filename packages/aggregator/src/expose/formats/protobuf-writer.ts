// Prometheus' protobuf format: each metric a MetricFamily of io.prometheus.client with its length before it. The one format of native histograms.
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

import type { LabelPair, Labels } from '../labels.ts';
import {
  type Exemplar,
  exemplarPairs,
  type Family,
  type HistogramPoint,
  type NativeBuckets,
  type ValuePoint,
} from '../metric.ts';
import { ByteWriter } from './byte-writer.ts';
import type { PageWriter } from './page-writer.ts';

// MetricFamily: name = 1 string, help = 2 string, type = 3 enum, metric = 4 Metric.
const TYPES: Readonly<Record<Family['type'], number>> = { counter: 0, gauge: 1, histogram: 4 };
// Metric: label = 1 LabelPair, gauge = 2 Gauge, counter = 3 Counter, histogram = 7 Histogram.
const METRIC = 4;
/** Bytes of a metric that are gathered before they are put aside. */
const CHUNK_BYTES = 65_536;
/** Empty buckets that are written out rather than skipped, as client_golang does: a span takes as much. */
const GAP_MAX = 2;
const NOTHING = new Uint8Array();

export class ProtobufWriter implements PageWriter {
  readonly #writer = new ByteWriter();
  readonly #chunks: Uint8Array[] = [];
  #family: Family | undefined;
  /** Of the family that is open. */
  #familyChunks: Uint8Array[] = [];

  open(family: Family): void {
    this.#close();
    this.#family = family;
    const { name, help, type } = family;
    this.#writer.string(1, name);
    this.#writer.string(2, help);
    // An enum of value 0 is written too: Prometheus reads proto2, where what is left out may be told from 0.
    this.#writer.uint(3, TYPES[type]);
  }

  value({ labels, more, value, exemplar, createdMs }: ValuePoint): void {
    const isCounter = this.#family?.type === 'counter';
    const created = isCounter && createdMs !== undefined ? encodedTimestamp(createdMs) : undefined;
    if (!isCounter || exemplar === undefined) {
      this.#plainValue(labels, more, { field: isCounter ? 3 : 2, value, created });
      return;
    }
    this.#metric(labels, more, (writer) =>
      writer.nested(3, () => {
        writer.double(1, value);
        writeExemplar(writer, 2, exemplar);
        if (created !== undefined) writer.bytes(3, created);
      }),
    );
  }

  /** Of most points the length is known before they are written, and nothing has to be moved. */
  #plainValue(
    labels: Labels,
    more: Labels | undefined,
    { field, value, created }: { field: number; value: number; created: Uint8Array | undefined },
  ): void {
    const writer = this.#writer;
    const first = encodedLabels(labels);
    const second = more === undefined ? NOTHING : encodedLabels(more);
    // A tag and eight bytes; a tag, a length and a timestamp.
    const valueLength = 9 + (created === undefined ? 0 : 2 + created.length);
    writer.tag(METRIC);
    writer.varint(first.length + second.length + 2 + valueLength);
    writer.raw(first);
    writer.raw(second);
    writer.tag(field);
    writer.varint(valueLength);
    writer.double(1, value);
    if (created !== undefined) writer.bytes(3, created);
    this.#putAside();
  }

  histogram(point: HistogramPoint): void {
    this.#metric(point.labels, undefined, (writer) => writer.nested(7, () => writeHistogram(writer, point)));
  }

  finish(): readonly Uint8Array[] {
    this.#close();
    return this.#chunks;
  }

  #metric(labels: Labels, more: Labels | undefined, write: (writer: ByteWriter) => void): void {
    this.#writer.nested(METRIC, (writer) => {
      writer.raw(encodedLabels(labels));
      if (more !== undefined) writer.raw(encodedLabels(more));
      write(writer);
    });
    this.#putAside();
  }

  #putAside(): void {
    if (this.#writer.length >= CHUNK_BYTES) this.#familyChunks.push(this.#writer.take());
  }

  #close(): void {
    // Without a metric it would be refused by some.
    if (this.#family === undefined) return;
    this.#familyChunks.push(this.#writer.take());
    const bytes = this.#familyChunks.reduce((sum, { length }) => sum + length, 0);
    this.#writer.varint(bytes);
    this.#chunks.push(this.#writer.take(), ...this.#familyChunks);
    this.#familyChunks = [];
    this.#family = undefined;
  }
}

const scratch = new ByteWriter();

function encodedLabels(labels: Labels): Uint8Array {
  if (labels.encoded === undefined) {
    writePairs(scratch, labels.pairs);
    labels.encoded = scratch.copy();
  }
  return labels.encoded;
}

/** LabelPair: name = 1 string, value = 2 string. In a Metric and in an Exemplar they are field 1. */
function writePairs(writer: ByteWriter, pairs: readonly LabelPair[]): void {
  for (const [name, value] of pairs) {
    writer.nested(1, () => {
      writer.string(1, name);
      writer.string(2, value);
    });
  }
}

// Histogram: sample_count = 1 uint64, sample_sum = 2 double, bucket = 3 Bucket, created_timestamp = 15 Timestamp, exemplars = 16 Exemplar.
function writeHistogram(writer: ByteWriter, { count, sum, classic, native, createdMs }: HistogramPoint): void {
  writer.uint(1, count);
  writer.double(2, sum);
  const exemplars = classic.exemplars.filter((exemplar) => exemplar !== undefined).toSorted((a, b) => a.atMs - b.atMs);
  const newest = exemplars.at(-1);
  let cumulative = 0;
  for (const [bucket, bound] of [...classic.bounds, Number.POSITIVE_INFINITY].entries()) {
    cumulative += classic.counts[bucket] ?? 0;
    // Prometheus before 2.50 takes them all for those of one native histogram, where none may be older than the one before.
    const exemplar = classic.exemplars[bucket] === newest ? newest : undefined;
    writeBucket(writer, { cumulative, bound, exemplar });
  }
  writeTimestamp(writer, 15, createdMs);
  if (native === undefined) return;
  writeNative(writer, native);
  for (const exemplar of exemplars) writeExemplar(writer, 16, exemplar);
}

// Bucket: cumulative_count = 1 uint64, upper_bound = 2 double, exemplar = 3 Exemplar.
function writeBucket(
  writer: ByteWriter,
  { cumulative, bound, exemplar }: { cumulative: number; bound: number; exemplar: Exemplar | undefined },
): void {
  writer.nested(3, () => {
    writer.uint(1, cumulative);
    writer.double(2, bound);
    if (exemplar !== undefined) writeExemplar(writer, 3, exemplar);
  });
}

// Of a native histogram: schema = 5 sint32, zero_threshold = 6 double, zero_count = 7 uint64, positive_span = 12 BucketSpan,
// positive_delta = 13 sint64. BucketSpan: offset = 1 sint32, length = 2 uint32.
function writeNative(writer: ByteWriter, { schema, zeroThreshold, zeroCount, offset, counts }: NativeBuckets): void {
  writer.sint(5, schema);
  writer.double(6, zeroThreshold);
  writer.uint(7, zeroCount);
  const { spans, deltas } = spansOf(offset, counts);
  for (const span of spans) {
    writer.nested(12, () => {
      writer.sint(1, span.offset);
      writer.uint(2, span.length);
    });
  }
  writer.packedSint(13, deltas);
}

interface Span {
  /** From the end of the span before; of the first, from bucket 0. */
  readonly offset: number;
  length: number;
}

/** Runs of buckets, and by how much each differs from the one before. */
function spansOf(offset: number, counts: readonly number[]): { spans: readonly Span[]; deltas: readonly number[] } {
  const spans: Span[] = [];
  const deltas: number[] = [];
  let [before, end] = [0, 0];
  const append = (count: number): void => {
    deltas.push(count - before);
    before = count;
  };
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue;
    const index = offset + at;
    const gap = index - end;
    const last = spans.at(-1);
    if (last === undefined || gap > GAP_MAX) {
      spans.push({ offset: gap, length: 1 });
    } else {
      for (let empty = 0; empty < gap; empty++) append(0);
      last.length += gap + 1;
    }
    append(count);
    end = index + 1;
  }
  return { spans, deltas };
}

// Exemplar: label = 1 LabelPair, value = 2 double, timestamp = 3 Timestamp.
function writeExemplar(writer: ByteWriter, field: number, exemplar: Exemplar): void {
  const pairs = exemplarPairs(exemplar);
  if (pairs.length === 0) return;
  writer.nested(field, () => {
    writePairs(writer, pairs);
    writer.double(2, exemplar.value);
    writeTimestamp(writer, 3, exemplar.atMs);
  });
}

function writeTimestamp(writer: ByteWriter, field: number, ms: number): void {
  writer.bytes(field, encodedTimestamp(ms));
}

/** The last one: many metrics begin at the same time. */
let timestamp: { readonly ms: number; readonly bytes: Uint8Array } = { ms: Number.NaN, bytes: NOTHING };

// google.protobuf.Timestamp: seconds = 1 int64, nanos = 2 int32.
function encodedTimestamp(ms: number): Uint8Array {
  if (timestamp.ms !== ms) {
    scratch.uint(1, Math.floor(ms / 1000));
    scratch.uint(2, Math.floor(ms % 1000) * 1_000_000);
    timestamp = { ms, bytes: scratch.copy() };
  }
  return timestamp.bytes;
}
