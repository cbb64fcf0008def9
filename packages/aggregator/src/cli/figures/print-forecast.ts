// How use will go on.

import type { ForecastDocument } from '../../serve/documents/forecast-document.ts';
import type { Invocation } from '../invocation.ts';
import { printFacts } from '../print-facts.ts';
import { printSection } from '../print-table.ts';
import { formatCount, formatRatio, formatUsd, plural } from '../text/amounts.ts';
import { intervalLine } from '../text/charts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

const LINE_WIDTH = 32;
/** All days that can be asked for. */
const POINTS_MAX = 90;

export function printForecast(invocation: Invocation, forecast: ForecastDocument): void {
  const { status, history, workflow, total } = forecast;
  if (status !== 'ok' || total === null) {
    const needed = `it takes ${plural(history.days_needed ?? 0, 'whole day')} of history, and ${formatCount(history.days)} are known`;
    invocation.print(`There is no forecast yet: ${needed}.`);
    return;
  }
  const amount = amountFormat(forecast);
  printFacts(invocation, [
    ['workflow', workflow === null ? 'all' : { text: shown(workflow), tone: 'title' }],
    [
      `${forecast.points.length} days`,
      { text: `${amount(total.mid)}, between ${amount(total.low)} and ${amount(total.high)}`, tone: 'title' },
    ],
    ['history', `${plural(history.days, 'day')} since ${history.from ?? ''}${sinceShift(forecast)}`],
    ['confidence', { text: forecast.confidence ?? '', tone: TONES[forecast.confidence ?? ''] ?? 'plain' }],
    ['so far', trackRecord(forecast)],
  ]);
  printSection(invocation, forecast.points, columnsFor(forecast), POINTS_MAX);
}

const TONES = { high: 'good', medium: 'plain', low: 'warning' } as Readonly<
  Record<string, 'good' | 'plain' | 'warning'>
>;

function sinceShift({ method }: ForecastDocument): string {
  const days = method?.days_since_level_shift ?? null;
  return days === null ? '' : `; the level changed ${plural(days, 'day')} ago`;
}

/** How past forecasts did, beside the naive one. */
function trackRecord({ backtest }: ForecastDocument): string {
  if (backtest === null) return 'no forecast has met its day yet';
  const { mase, seasonal_naive, coverage, days } = backtest;
  const errors =
    mase === null || seasonal_naive.mase === null
      ? `off by ${backtest.smape.toFixed(0)} % (sMAPE)`
      : `error ${mase.toFixed(2)} where "as a week ago" has ${seasonal_naive.mase.toFixed(2)} (MASE)`;
  return `${errors}; ${formatRatio(coverage)} of ${formatCount(days)} days were within their interval`;
}

function amountFormat({ measure }: ForecastDocument): (value: number) => string {
  return measure === 'cost' ? formatUsd : (value) => formatCount(Number(value.toFixed(value < 10 ? 1 : 0)));
}

type Point = ForecastDocument['points'][number];

function columnsFor(forecast: ForecastDocument): readonly Column<Point>[] {
  const amount = amountFormat(forecast);
  const max = forecast.points.reduce((most, { high }) => Math.max(most, high), 0);
  const title = forecast.measure === 'cost' ? 'cost' : forecast.unit;
  return [
    { title: `day (${forecast.timezone})`, cell: ({ time, is_partial }) => (is_partial ? `${time} today` : time) },
    { title: 'low', align: 'decimal', cell: ({ low }) => amount(low) },
    { title, align: 'decimal', cell: ({ mid }) => ({ text: amount(mid), tone: 'title' }) },
    { title: 'high', align: 'decimal', cell: ({ high }) => amount(high) },
    {
      title: ' ',
      dispensable: 1,
      cell: ({ low, mid, high }) =>
        max > 0 ? intervalLine({ low: low / max, mid: mid / max, high: high / max }, LINE_WIDTH) : '',
    },
    {
      title: 'so far',
      align: 'decimal',
      dispensable: 2,
      cell: ({ used_so_far }) => (used_so_far === null ? '' : amount(used_so_far)),
    },
  ];
}
