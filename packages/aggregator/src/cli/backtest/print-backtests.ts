import { nameCell } from '../figures/cells.ts';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount, plural } from '../text/amounts.ts';
import type { Cell, Column } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';
import type { ForecastScoreDocument, WorkflowBacktestDocument } from './backtest-document.ts';

/** How each workflow's projections did, beside naive ones. */
export function printBacktests(invocation: Invocation, tests: readonly WorkflowBacktestDocument[]): void {
  printTable(invocation, tests.flatMap(rowsOf), COLUMNS);
  invocation.print(
    '',
    ...wrap(FOOTNOTE, invocation.width ?? Infinity).map((line) => invocation.paint('faint', line)),
    ...tests
      .filter(({ looks, not_enough_history }) => looks > 0 && not_enough_history === looks)
      .map(
        ({ workflow, sessions }) => `${workflow}: too few sessions to say anything (${plural(sessions, 'session')}).`,
      ),
  );
}

const FOOTNOTE =
  'Intervals are to hold in 90 % of sessions. Width and loss are over the mean end cost. “No answer” is where too few sessions had come as far.';

interface Row {
  readonly test: WorkflowBacktestDocument;
  readonly method: string;
  readonly score: ForecastScoreDocument;
  readonly isFirst: boolean;
}

function rowsOf(test: WorkflowBacktestDocument): readonly Row[] {
  return [
    { test, method: 'projection', score: test.projection, isFirst: true },
    { test, method: 'by spending alone', score: test.by_spending, isFirst: false },
    { test, method: 'workflow mean', score: test.naive.workflow_mean, isFirst: false },
    { test, method: 'linear in turns', score: test.naive.linear_in_turns, isFirst: false },
  ];
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'workflow', isFlexible: true, cell: ({ test, isFirst }) => (isFirst ? nameCell(test.workflow) : '') },
  {
    title: 'sessions',
    align: 'right',
    dispensable: 2,
    cell: ({ test, isFirst }) => (isFirst ? formatCount(test.sessions) : ''),
  },
  {
    title: 'no answer',
    align: 'right',
    dispensable: 3,
    cell: ({ test, isFirst }) => (isFirst && test.looks > 0 ? percent(test.not_enough_history / test.looks) : ''),
  },
  { title: 'method', cell: ({ method }) => method },
  { title: 'covered', align: 'right', cell: ({ score, method }) => coverageCell(score, method) },
  { title: '± s.e.', align: 'right', dispensable: 4, cell: ({ score }) => percent(score.coverage_standard_error) },
  { title: 'width', align: 'right', dispensable: 1, cell: ({ score }) => percent(score.relative_width) },
  { title: 'MAPE', align: 'right', cell: ({ score }) => percent(score.mean_absolute_percentage_error) },
  { title: 'loss', align: 'right', cell: ({ score }) => score.pinball_loss?.toFixed(3) ?? '' },
];

/** Methods whose intervals are to hold. */
const OURS: ReadonlySet<string> = new Set(['projection', 'by spending alone']);
const LEVEL = 0.9;
/** What coverage may be off by, beside what chance makes of it. */
const TOLERANCE = 0.03;

function coverageCell({ coverage, coverage_standard_error }: ForecastScoreDocument, method: string): Cell {
  const text = percent(coverage);
  if (coverage === null || !OURS.has(method)) return text;
  const isOff = Math.abs(coverage - LEVEL) > TOLERANCE + 2 * (coverage_standard_error ?? 0);
  return { text, tone: isOff ? 'warning' : 'good' };
}

function percent(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(1)} %`;
}
