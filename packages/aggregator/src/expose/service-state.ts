// How the service itself is: what runs, by which prices, which of its parts answer, how much memory it has, how old its figures are, and what
// it has no room for.

import type { PriceBook } from '@turnmeter/pricing';
import { Families } from './families.ts';
import type { FiguresReader } from './figures.ts';
import { Labels, NO_LABELS } from './labels.ts';
import type { ValueMetric, ValuePoint } from './metric.ts';
import type { WorkflowBook } from './workflow-book.ts';

/** What stays as it is until prices are read anew. */
export function identityMetrics(
  version: string,
  prices: Pick<PriceBook, 'version' | 'snapshot'>,
): readonly ValueMetric[] {
  const build = new Labels([
    ['version', version],
    ['node', process.version],
  ]);
  return [
    { family: Families.buildInfo, points: [{ labels: build, value: 1 }] },
    { family: Families.priceBookInfo, points: [pointOf('version', prices.version, 1)] },
    { family: Families.priceBookTimestamp, points: [{ labels: NO_LABELS, value: newestPriceMs(prices) / 1000 }] },
  ];
}

/** A list does not say when it was made, but knows prices that are yet to come. */
function newestPriceMs({ snapshot }: Pick<PriceBook, 'snapshot'>): number {
  const begins = snapshot.providers.flatMap(({ models }) =>
    models.flatMap(({ periods }) => periods.map(({ fromMs }) => fromMs ?? 0)),
  );
  const nowMs = Date.now();
  return begins.filter((begin) => begin <= nowMs).reduce((newest, begin) => Math.max(newest, begin), 0);
}

export function stateMetrics(book: WorkflowBook, { up, figures }: FiguresReader): readonly ValueMetric[] {
  return [
    { family: Families.up, points: Object.entries(up).map(([part, isUp]) => pointOf('part', part, isUp ? 1 : 0)) },
    { family: Families.residentBytes, points: [{ labels: NO_LABELS, value: process.memoryUsage.rss() }] },
    { family: Families.figuresTimestamp, points: [{ labels: NO_LABELS, value: (figures?.readMs ?? 0) / 1000 }] },
    {
      family: Families.workflows,
      points: [pointOf('state', 'shown', book.size), pointOf('state', 'max', book.workflowsMax)],
    },
    { family: Families.foldedRecords, points: [{ labels: NO_LABELS, value: book.folded }] },
  ];
}

function pointOf(name: string, label: string, value: number): ValuePoint {
  return { labels: new Labels([[name, label]]), value };
}
