// What all formats have in common: metrics go in point by point, bytes come out at the end, in pieces.

import type { Family, HistogramPoint, ValuePoint } from '../metric.ts';

export interface PageWriter {
  /** Begins a metric; the one before is complete. */
  open(family: Family): void;
  value(point: ValuePoint): void;
  histogram(point: HistogramPoint): void;
  /** Ends the page. */
  finish(): readonly Uint8Array[];
}
