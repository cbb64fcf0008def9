// Queries to Prometheus: over the time range, or of its end.

import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PROMETHEUS } from '../data-source.ts';

/** Lines over the time range. `legend` takes labels: `{{workflow}}`. */
export function overTime(expr: string, legend: string): DataqueryBuilder {
  return base(expr).range().legendFormat(legend);
}

/** The value at the end of the time range. */
export function atEnd(expr: string, legend: string): DataqueryBuilder {
  return base(expr).instant().legendFormat(legend);
}

/** The values at the end of the time range as rows, with a column for each label. */
export function labelRows(expr: string): DataqueryBuilder {
  return base(expr).instant().format(PromQueryFormat.Table);
}

/** Buckets of a histogram over the time range, for a heatmap. */
export function buckets(expr: string): DataqueryBuilder {
  return base(expr).range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}').exemplar(true);
}

function base(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(PROMETHEUS).expr(expr.trim().replaceAll(/\s*\n\s*/g, ' '));
}
