// Use over time: a line a day or hour, or a line an agent or model.

import type { TrendPointDocument, TrendsDocument } from '../../serve/documents/trends-document.ts';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount, formatMean, formatSeconds, formatTime, formatUsd } from '../text/amounts.ts';
import { bar, sparkline } from '../text/charts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { nameCell } from './cells.ts';

const BAR_WIDTH = 24;

export function printTrends(invocation: Invocation, trends: TrendsDocument): void {
  const points = trends.series.flatMap((series) => series.points);
  if (points.length === 0) {
    const whose = trends.workflow === null ? '' : ` of ${shown(trends.workflow)}`;
    invocation.print(`Nothing is known${whose} from ${trends.from} to ${trends.to}.`);
    return;
  }
  if (trends.by === null) printPoints(invocation, trends, points);
  else printSeries(invocation, trends);
  invocation.print(...notes(invocation, trends, points));
}

type Point = TrendPointDocument;

function printPoints(invocation: Invocation, { timezone }: TrendsDocument, points: readonly Point[]): void {
  const max = points.reduce((most, { cost }) => Math.max(most, cost.usd), 0);
  printTable(invocation, points, [
    {
      title: `time (${timezone})`,
      cell: (point) => ({ text: timeOf(point, timezone), tone: point.is_partial ? 'faint' : 'plain' }),
    },
    { title: 'cost', align: 'decimal', cell: ({ cost }) => formatUsd(cost.usd) },
    { title: ' ', dispensable: 1, cell: ({ cost }) => (max > 0 ? bar(cost.usd / max, BAR_WIDTH) : '') },
    { title: 'sessions', align: 'right', cell: ({ sessions }) => known(sessions, formatCount) },
    { title: 'tokens', align: 'right', cell: tokensOf },
    { title: 'mean turn', align: 'right', dispensable: 2, cell: responseOf },
    {
      title: 'tokens/turn',
      align: 'right',
      dispensable: 3,
      cell: ({ tokens_per_message }) => known(tokens_per_message, formatMean),
    },
    {
      title: 'errors',
      align: 'right',
      dispensable: 4,
      cell: ({ errors }) => (errors === 0 ? '' : formatCount(errors)),
    },
  ]);
}

/** `2026-11-21`, or `2026-11-21 13:00` there. */
function timeOf({ time, is_partial }: Point, timezone: string): string {
  const text = time.includes('T') ? hourIn(time, timezone) : time;
  return is_partial ? `${text} so far` : text;
}

function hourIn(time: string, timezone: string): string {
  if (timezone === 'UTC') return formatTime(time).slice(0, 16);
  // Swedes write times as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(time));
}

function tokensOf({ tokens }: Point): string {
  return formatCount(tokens.input + tokens.output);
}

function responseOf({ avg_response_time_ms }: Point): string {
  return known(avg_response_time_ms, (ms) => formatSeconds(ms / 1000));
}

/** Steps and agents without turns are many; a mark for each would be all that one sees. */
function known(value: number | null, format: (value: number) => string): string {
  return value === null ? '' : format(value);
}

interface SeriesLine {
  readonly name: string | null;
  readonly points: readonly Point[];
}

function printSeries(invocation: Invocation, { by, series, timezone }: TrendsDocument): void {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ time }) => time)))].toSorted();
  const columns: readonly Column<SeriesLine>[] = [
    { title: by ?? '', isFlexible: true, cell: ({ name }) => nameCell(name, '(none)') },
    { title: 'cost', align: 'decimal', cell: ({ points }) => formatUsd(sumOf(points, ({ cost }) => cost.usd)) },
    { title: `by step (${timezone})`, cell: ({ points }) => lineOf(points, times, ({ cost }) => cost.usd) },
    {
      title: 'tokens',
      align: 'right',
      dispensable: 1,
      cell: ({ points }) => formatCount(sumOf(points, ({ tokens }) => tokens.input + tokens.output)),
    },
    {
      title: 'turns',
      align: 'right',
      dispensable: 2,
      cell: ({ points }) => formatCount(sumOf(points, ({ turns }) => turns)),
    },
    {
      title: 'mean turn',
      align: 'right',
      cell: ({ points }) => known(meanResponse(points), (ms) => formatSeconds(ms / 1000)),
    },
    {
      title: 'turn by step',
      dispensable: 3,
      cell: ({ points }) => lineOf(points, times, ({ avg_response_time_ms }) => avg_response_time_ms ?? 0),
    },
  ];
  printTable(invocation, series, columns);
}

/** A line on the scale of all series' times; longer ones than a line has room for show the last. */
function lineOf(points: readonly Point[], times: readonly string[], valueOf: (point: Point) => number): string {
  const values = new Map(points.map((point) => [point.time, valueOf(point)]));
  return sparkline(times.slice(-LINE_STEPS).map((time) => values.get(time) ?? 0)).trimEnd();
}

const LINE_STEPS = 48;

function meanResponse(points: readonly Point[]): number | null {
  const turns = sumOf(points, (point) => point.timed_turns);
  return turns === 0 ? null : sumOf(points, (point) => (point.avg_response_time_ms ?? 0) * point.timed_turns) / turns;
}

function sumOf(points: readonly Point[], amountOf: (point: Point) => number): number {
  return points.reduce((sum, point) => sum + amountOf(point), 0);
}

function notes({ paint }: Invocation, trends: TrendsDocument, points: readonly Point[]): readonly string[] {
  const unpriced = sumOf(points, ({ unpriced_tokens }) => unpriced_tokens);
  return [
    ...(unpriced > 0
      ? [paint('warning', `${formatCount(unpriced)} tokens have no price: costs are lower bounds.`)]
      : []),
    ...(trends.is_truncated ? [paint('faint', 'There are more; those that cost most are shown.')] : []),
  ];
}
