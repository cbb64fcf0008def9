// A histogram that only rises, as classic and as native buckets. Both are sums over the same cells: a cell is where one classic and one native
// bucket meet. What is taken back is made up for by what comes next in the same cell, so that no bucket, count or sum ever falls, and counts of
// both kinds are equal whatever happens.

import type { Labels } from './labels.ts';
import type { Exemplar, Family, HistogramPoint, NativeBuckets, Reading } from './metric.ts';

export interface HistogramLayout {
  readonly family: Family & { readonly type: 'histogram' };
  /** Of classic buckets, rising; fewer than 64. */
  readonly bounds: readonly number[];
  /** Observations are whole numbers of this part of the unit, so that what is taken back is taken back to the last digit. */
  readonly scale: number;
}

interface Cell {
  count: number;
  /** In whole parts of the unit. */
  sum: number;
  shownCount: number;
  shownSum: number;
}

/** Neighbors differ by 9 %, as client_golang recommends. */
const SCHEMA_MAX = 3;
/** As OpenTelemetry's: beyond, pairs of buckets become one. */
const NATIVE_BUCKETS_MAX = 160;
/** As client_golang's: only what is free or takes no time is below. */
const ZERO_THRESHOLD = 2 ** -128;
/** Above the index of every number that is no zero, at the highest schema. */
const INDEX_OFFSET = 10_000;
const CLASSIC_MAX = 64;

export class RisingHistogram {
  readonly labels: Labels;
  readonly #layout: HistogramLayout;
  readonly #createdMs: number;
  /** By native and classic bucket, see {@link keyOf}. */
  #cells = new Map<number, Cell>();
  #schema = SCHEMA_MAX;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  readonly #exemplars: (Exemplar | undefined)[] = [];
  /** By reader: the reading in which it was shown first, as 0. */
  readonly #firstShown: (number | undefined)[] = [];

  constructor(layout: HistogramLayout, labels: Labels, createdMs: number) {
    this.#layout = layout;
    this.labels = labels;
    this.#createdMs = createdMs;
  }

  /** `amount` is whole; `sign` -1 takes an observation back. */
  observe(amount: number, sign: 1 | -1 = 1, exemplar?: Exemplar): void {
    const { bounds, scale } = this.#layout;
    const value = amount / scale;
    const over = bounds.findIndex((bound) => value <= bound);
    const bucket = over === -1 ? bounds.length : over;
    const cell = this.#cellOf(value, bucket);
    cell.count += sign;
    cell.sum += sign * amount;
    if (exemplar !== undefined) this.#exemplars[bucket] = exemplar;
  }

  /** Undefined before there was anything; empty in the first reading, or Prometheus would miss what it began with. */
  point({ reader, number }: Reading): HistogramPoint | undefined {
    if (this.#cells.size === 0) return undefined;
    this.#firstShown[reader] ??= number;
    const isShown = this.#firstShown[reader] < number;
    const classic = Array.from({ length: this.#layout.bounds.length + 1 }, () => 0);
    const native = new Map<number, number>();
    let [count, sum] = [0, 0];
    if (isShown) {
      for (const [key, cell] of this.#cells) {
        rise(cell);
        count += cell.shownCount;
        sum += cell.shownSum;
        const { index, bucket } = partsOf(key);
        classic[bucket] = (classic[bucket] ?? 0) + cell.shownCount;
        native.set(index, (native.get(index) ?? 0) + cell.shownCount);
      }
    }
    return {
      labels: this.labels,
      createdMs: this.#createdMs,
      count,
      sum: sum / this.#layout.scale,
      classic: { bounds: this.#layout.bounds, counts: classic, exemplars: isShown ? this.#exemplars : [] },
      native: nativeOf(native, this.#schema),
    };
  }

  #cellOf(value: number, bucket: number): Cell {
    let index = indexOf(value, this.#schema);
    if (value > ZERO_THRESHOLD) {
      while (Math.max(index, this.#highest) - Math.min(index, this.#lowest) >= NATIVE_BUCKETS_MAX) {
        this.#coarsen();
        index = indexOf(value, this.#schema);
      }
      this.#lowest = Math.min(this.#lowest, index);
      this.#highest = Math.max(this.#highest, index);
    }
    const key = keyOf(index, bucket);
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = { count: 0, sum: 0, shownCount: 0, shownSum: 0 }));
    return cell;
  }

  /** Two native buckets become one; classic ones stay as they are. */
  #coarsen(): void {
    const cells = new Map<number, Cell>();
    for (const [key, cell] of this.#cells) {
      const { index, bucket } = partsOf(key);
      const coarser = keyOf(index === ZERO_INDEX ? index : halve(index), bucket);
      const merged = cells.get(coarser);
      if (merged === undefined) {
        cells.set(coarser, cell);
      } else {
        merged.count += cell.count;
        merged.sum += cell.sum;
        merged.shownCount += cell.shownCount;
        merged.shownSum += cell.shownSum;
      }
    }
    this.#cells = cells;
    this.#schema -= 1;
    this.#lowest = halve(this.#lowest);
    this.#highest = halve(this.#highest);
  }
}

const ZERO_INDEX = -INDEX_OFFSET;

function keyOf(index: number, bucket: number): number {
  return (index + INDEX_OFFSET) * CLASSIC_MAX + bucket;
}

function partsOf(key: number): { readonly index: number; readonly bucket: number } {
  return { index: Math.floor(key / CLASSIC_MAX) - INDEX_OFFSET, bucket: key % CLASSIC_MAX };
}

/** Buckets 1 and 2 become 1, 3 and 4 become 2: upper bounds are squared. */
function halve(index: number): number {
  return Math.ceil(index / 2);
}

function rise(cell: Cell): void {
  cell.shownCount = Math.max(cell.shownCount, cell.count);
  cell.shownSum = Math.max(cell.shownSum, cell.sum);
}

/** The bucket that a value is in: the lowest whose bound, a power of 2^(2^-schema), it does not pass. */
function indexOf(value: number, schema: number): number {
  if (value <= ZERO_THRESHOLD) return ZERO_INDEX;
  const perOctave = 2 ** schema;
  const guess = Math.ceil(Math.log2(value) * perOctave);
  // A logarithm is not exact: at a bound it may be one off, either way.
  if (value > boundOf(guess, perOctave)) return guess + 1;
  return value <= boundOf(guess - 1, perOctave) ? guess - 1 : guess;
}

function boundOf(index: number, perOctave: number): number {
  return 2 ** (index / perOctave);
}

function nativeOf(counts: ReadonlyMap<number, number>, schema: number): NativeBuckets {
  const zeroCount = counts.get(ZERO_INDEX) ?? 0;
  const indexes = [...counts].filter(([index, count]) => index !== ZERO_INDEX && count > 0).map(([index]) => index);
  const lowest = Math.min(...indexes);
  const length = indexes.length === 0 ? 0 : Math.max(...indexes) - lowest + 1;
  const dense = Array.from({ length }, (_, at) => counts.get(lowest + at) ?? 0);
  return { schema, zeroThreshold: ZERO_THRESHOLD, zeroCount, offset: length === 0 ? 0 : lowest, counts: dense };
}
