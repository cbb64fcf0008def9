// Everything that is exposed, in the order of the page: what the service counts, what is counted of workflows, what was read. Nothing is asked of
// the database or the control store here.

import type { BudgetConfig } from '../config/config.ts';
import type { FiguresReader } from './figures.ts';
import { balanceMetrics, budgetMetrics, figureMetrics } from './gauges.ts';
import type { HistogramPoint, Metric, Reading, ValuePoint } from './metric.ts';
import { COUNTERS, type RisingSums } from './rising-sums.ts';
import type { ServiceMetrics } from './service-metrics.ts';
import { stateMetrics } from './service-state.ts';
import type { SessionLevelBook } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';
import { type HistogramName, HISTOGRAMS, type WorkflowHistograms } from './workflow-histograms.ts';

export interface ExposedParts {
  /** Metrics of the service itself. */
  readonly service: ServiceMetrics;
  readonly book: WorkflowBook;
  readonly levels: SessionLevelBook;
  readonly reader: FiguresReader;
  /** Those in force. */
  readonly budgets: () => readonly BudgetConfig[];
  /** What runs, by which prices. */
  readonly identity: () => readonly Metric[];
}

/** Points are made as they are asked for. */
export async function* pageMetrics(parts: ExposedParts, reading: Reading): AsyncGenerator<Metric> {
  const { service, book, levels, reader, budgets, identity } = parts;
  yield* await service.read(reading);
  const { figures } = reader;
  yield* identity();
  yield* stateMetrics(book, reader);
  // Taken once: a workflow that loses its series meanwhile is still whole on this page.
  const workflows = book.all();
  for (const [family, layouts] of Map.groupBy(COUNTERS, (counter) => counter.family)) {
    yield { family, points: counterPoints(workflows, layouts, reading) };
  }
  const detailed = book.detailed();
  for (const name of Object.keys(HISTOGRAMS) as HistogramName[]) {
    yield { family: HISTOGRAMS[name].family, points: histogramPoints(detailed, name, reading) };
  }
  yield* balanceMetrics(reader.balances);
  if (figures === undefined) return;
  yield* figureMetrics(figures, levels);
  yield* budgetMetrics(budgets(), figures);
}

function* counterPoints(
  workflows: readonly RisingSums[],
  layouts: readonly (typeof COUNTERS)[number][],
  reading: Reading,
): Generator<ValuePoint> {
  for (const sums of workflows) {
    for (const layout of layouts) {
      const point = sums.point(layout, reading);
      if (point !== undefined) yield point;
    }
  }
}

function* histogramPoints(
  detailed: readonly WorkflowHistograms[],
  name: HistogramName,
  reading: Reading,
): Generator<HistogramPoint> {
  for (const histograms of detailed) {
    const point = histograms[name].point(reading);
    if (point !== undefined) yield point;
  }
}
