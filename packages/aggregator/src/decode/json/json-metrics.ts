// Metric points of OTLP/JSON.

import type { MetricPoint } from '@turnmeter/accounting';
import type { Reading } from '../any-value.ts';
import type { AttributeIndex } from '../attribute-index.ts';
import type { Origin } from '../envelope.ts';
import type { PointView } from '../point-view.ts';
import { DecodeNote } from '../report.ts';
import { indexJsonAttributes } from './json-attributes.ts';
import type { JsonItemReader } from './json-decoder.ts';
import {
  countOf,
  enumOf,
  fieldOf,
  isObject,
  type JsonObject,
  listOf,
  microsOf,
  numberOf,
  textOf,
} from './json-fields.ts';

const KINDS: readonly (readonly [string, MetricPoint['kind']])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'histogram'],
];
const TEMPORALITY_NAMES: readonly string[] = [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
];
const TEMPORALITIES: readonly MetricPoint['temporality'][] = ['unspecified', 'delta', 'cumulative'];

export class JsonMetrics implements JsonItemReader {
  readonly #index: AttributeIndex;
  readonly #point: PointView;

  constructor(index: AttributeIndex, point: PointView) {
    this.#index = index;
    this.#point = point;
  }

  enter({ resource, scope }: Origin): void {
    this.#point.resource = resource;
    this.#point.scope = scope;
  }

  read(item: JsonObject, reading: Reading, visit: (point: MetricPoint) => void): void {
    reading.tally.countPart();
    const point = this.#point;
    point.metric = textOf(item, 'name');
    point.unit = textOf(item, 'unit');
    for (const [name, kind] of KINDS) {
      const data = fieldOf(item, name);
      if (!isObject(data)) continue;
      point.kind = kind;
      point.temporality = TEMPORALITIES[enumOf(data, 'aggregationTemporality', TEMPORALITY_NAMES)] ?? 'unspecified';
      for (const part of listOf(data, 'dataPoints')) this.#readPoint(part, reading, visit);
    }
    if (isObject(fieldOf(item, 'summary'))) reading.tally.note(DecodeNote.POINT_WITHOUT_VALUE);
  }

  #readPoint(part: JsonObject, reading: Reading, visit: (point: MetricPoint) => void): void {
    if (!reading.tally.admitsRecord()) return;
    const point = this.#point;
    const isHistogram = point.kind === 'histogram';
    const value = numberOf(isHistogram ? fieldOf(part, 'sum') : (fieldOf(part, 'asInt') ?? fieldOf(part, 'asDouble')));
    // Flag 1: no recorded value.
    if (value === undefined || (countOf(part, 'flags') & 1) === 1) {
      reading.tally.note(DecodeNote.POINT_WITHOUT_VALUE);
      return;
    }
    point.begin();
    point.value = value;
    point.count = isHistogram ? (numberOf(fieldOf(part, 'count')) ?? 0) : 0;
    point.startUs = microsOf(part, 'startTimeUnixNano');
    point.timeUs = microsOf(part, 'timeUnixNano');
    indexJsonAttributes(this.#index, part, reading);
    reading.tally.records++;
    visit(point);
  }
}
