// Versions of a workflow beside one another.

import type { WorkflowVersionDocument } from '../../serve/documents/workflow-versions-document.ts';
import type { Invocation } from '../invocation.ts';
import { printSection } from '../print-table.ts';
import {
  formatCount,
  formatPercentChange,
  formatRatio,
  formatSeconds,
  formatTime,
  formatUsd,
} from '../text/amounts.ts';
import type { Cell, Column } from '../text/table.ts';
import { figureCell, nameCell } from './cells.ts';

/** Nothing where sessions name no version. */
export function printWorkflowVersions(invocation: Invocation, versions: readonly WorkflowVersionDocument[]): void {
  if (versions.some(({ version }) => version !== null)) printSection(invocation, versions, VERSION_COLUMNS);
}

type Compared = 'cost_usd' | 'session_duration_seconds' | 'tokens';

/** How a mean differs from that of the version before; faint where chance may be the reason. */
function changeCell({ compared_with_previous: previous }: WorkflowVersionDocument, what: Compared): Cell {
  if (previous === null) return '';
  const { difference_percent, change } = previous[what];
  if (difference_percent === null) return '';
  const text = formatPercentChange(difference_percent);
  return change === 'higher' || change === 'lower' ? text : { text, tone: 'faint' };
}

function changeColumn(what: Compared, dispensable: number): Column<WorkflowVersionDocument> {
  return { title: 'change', align: 'right', dispensable, cell: (version) => changeCell(version, what) };
}

const VERSION_COLUMNS: readonly Column<WorkflowVersionDocument>[] = [
  { title: 'version', isFlexible: true, cell: ({ version }) => nameCell(version) },
  { title: 'since (UTC)', dispensable: 3, cell: ({ first_session_at }) => formatTime(first_session_at) },
  { title: 'sessions', align: 'right', cell: ({ session_count }) => formatCount(session_count) },
  {
    title: 'mean cost',
    align: 'decimal',
    cell: ({ distributions: { cost_usd } }) => figureCell(cost_usd.mean, formatUsd),
  },
  changeColumn('cost_usd', 1),
  {
    title: 'median',
    align: 'decimal',
    dispensable: 5,
    cell: ({ distributions: { cost_usd } }) => figureCell(cost_usd.p50, formatUsd),
  },
  {
    title: 'p95 cost',
    align: 'decimal',
    dispensable: 4,
    cell: ({ distributions: { cost_usd } }) => figureCell(cost_usd.p95, formatUsd),
  },
  {
    title: 'mean time',
    align: 'right',
    cell: ({ distributions: { session_duration_seconds } }) => figureCell(session_duration_seconds.mean, formatSeconds),
  },
  changeColumn('session_duration_seconds', 2),
  {
    title: 'tokens',
    align: 'right',
    dispensable: 4,
    cell: ({ distributions: { tokens } }) => figureCell(tokens.mean, (mean) => formatCount(Math.round(mean))),
  },
  changeColumn('tokens', 5),
  { title: 'failed', align: 'right', cell: ({ failed_share }) => formatRatio(failed_share) },
];
