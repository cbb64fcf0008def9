// A metric point as it lies in the request. One object serves all points: what it says is true until the next one is read.

import type { Attributes, MetricPoint, Resource, Scope } from '@turnmeter/accounting';
import { contentId } from './content-id.ts';

/** Filled by the readers; to everybody else it is a {@link MetricPoint}. */
export class PointView implements MetricPoint {
  readonly signal = 'metric';
  readonly attributes: Attributes;
  readonly droppedAttributes = 0;
  resource: Resource;
  scope: Scope;
  metric = '';
  unit = '';
  kind: MetricPoint['kind'] = 'gauge';
  temporality: MetricPoint['temporality'] = 'unspecified';
  startUs = 0;
  timeUs = 0;
  value = 0;
  count = 0;
  #seriesId = '';

  constructor(attributes: Attributes, resource: Resource, scope: Scope) {
    this.attributes = attributes;
    this.resource = resource;
    this.scope = scope;
  }

  /** The next point of the same metric is about to be filled in. */
  begin(): void {
    this.startUs = 0;
    this.timeUs = 0;
    this.value = Number.NaN;
    this.count = 0;
    this.#seriesId = '';
  }

  /** Points of a cumulative series share an id; each delta point has its own. Made when it is asked for. */
  get seriesId(): string {
    const { resource, scope, attributes, metric, unit, kind, temporality, startUs } = this;
    const time = temporality === 'delta' ? this.timeUs : null;
    const parts = ['metric', metric, unit, kind, temporality, startUs, time];
    this.#seriesId ||= contentId({ resource, scope, attributes, parts });
    return this.#seriesId;
  }
}
