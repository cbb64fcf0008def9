// What a session of a workflow normally costs and takes.

import type { DistributionDocument } from '../../serve/documents/amounts.ts';
import type {
  WorkflowAgentDocument,
  WorkflowDetailDocument,
  WorkflowDocument,
} from '../../serve/documents/workflow-document.ts';
import type { WorkflowsDocument } from '../commands/workflows.ts';
import type { Invocation } from '../invocation.ts';
import { printFacts } from '../print-facts.ts';
import { printSection, printTable } from '../print-table.ts';
import { formatCount, formatMean, formatSeconds, formatTime, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { figureCell, nameCell } from './cells.ts';
import { printWorkflowVersions } from './print-workflow-versions.ts';

export function printWorkflows(invocation: Invocation, { workflows }: WorkflowsDocument): void {
  if (workflows.length === 0) {
    invocation.print(...NONE_YET);
    return;
  }
  const tenants = new Set(workflows.map(({ tenant }) => tenant));
  printTable(invocation, workflows, tenants.size > 1 ? [TENANT_COLUMN, ...WORKFLOW_COLUMNS] : WORKFLOW_COLUMNS);
  invocation.print(...underpricedNote(invocation, workflows));
}

const NONE_YET = [
  'No session is finalized yet, so there is nothing to average.',
  'Sessions are finalized after they were idle for a while (TURNMETER_SESSION_IDLE_MINUTES), or by `turnmeter finalize <id>`;',
  '`turnmeter sessions` lists those that run. Averages follow within some ten seconds.',
];

const TENANT_COLUMN: Column<WorkflowDocument> = {
  title: 'tenant',
  isFlexible: true,
  cell: ({ tenant }) => shown(tenant),
};

const WORKFLOW_COLUMNS: readonly Column<WorkflowDocument>[] = [
  { title: 'workflow', isFlexible: true, cell: ({ workflow }) => nameCell(workflow) },
  { title: 'sessions', align: 'right', cell: ({ session_count }) => formatCount(session_count) },
  {
    title: 'mean cost',
    align: 'decimal',
    cell: ({ performance_averages: { avg_cost_per_session } }) => figureCell(avg_cost_per_session, formatUsd),
  },
  {
    title: 'p95 cost',
    align: 'decimal',
    dispensable: 2,
    cell: ({ distributions: { cost_usd } }) => figureCell(cost_usd.p95, formatUsd),
  },
  {
    title: 'mean time',
    align: 'right',
    cell: ({ performance_averages: { avg_session_duration_seconds } }) =>
      figureCell(avg_session_duration_seconds, formatSeconds),
  },
  {
    title: 'p95 time',
    align: 'right',
    dispensable: 2,
    cell: ({ distributions: { session_duration_seconds } }) => figureCell(session_duration_seconds.p95, formatSeconds),
  },
  {
    title: 'mean tokens',
    align: 'right',
    cell: ({ performance_averages: { avg_tokens_per_session } }) => figureCell(avg_tokens_per_session, formatRounded),
  },
  {
    title: 'turns',
    align: 'decimal',
    dispensable: 3,
    cell: ({ performance_averages: { avg_turns_per_session } }) => figureCell(avg_turns_per_session, formatMean),
  },
  {
    title: 'agents',
    align: 'decimal',
    dispensable: 3,
    cell: ({ performance_averages: { avg_agents_per_session } }) => figureCell(avg_agents_per_session, formatMean),
  },
  { title: 'total cost', align: 'decimal', dispensable: 1, cell: ({ total_cost }) => formatUsd(total_cost.usd) },
];

/** Tokens are counted in thousands; a tenth of one says nothing. */
function formatRounded(value: number): string {
  return formatCount(Math.round(value));
}

function underpricedNote({ paint }: Invocation, workflows: readonly WorkflowDocument[]): readonly string[] {
  const sessions = workflows.reduce((sum, { underpriced_sessions }) => sum + underpriced_sessions, 0);
  if (sessions === 0) return [];
  return [
    paint('warning', `Of ${plural(sessions, 'session')} the cost is a lower bound, as something in them has no price.`),
  ];
}

export function printWorkflow(invocation: Invocation, workflow: WorkflowDetailDocument): void {
  const { session_count, last_updated, total_cost, tenant } = workflow;
  printFacts(invocation, [
    ['workflow', { text: shown(workflow.workflow), tone: 'title' }],
    ['tenant', tenant === 'default' ? '' : shown(tenant)],
    [
      'sessions',
      `${formatCount(session_count)} finalized${last_updated === null ? '' : `, the last ${formatTime(last_updated)} UTC`}`,
    ],
    ['cost', `${formatUsd(total_cost.usd)} in all`],
  ]);
  printSection(invocation, measuresOf(workflow), MEASURE_COLUMNS);
  printSection(invocation, Object.entries(workflow.agent_performance), AGENT_COLUMNS);
  printWorkflowVersions(invocation, workflow.versions);
  const note = underpricedNote(invocation, [workflow]);
  invocation.print(...(note.length === 0 ? [] : ['', ...note]));
}

interface Measure {
  readonly name: string;
  readonly values: DistributionDocument;
  readonly format: (value: number) => string;
}

function measuresOf({ distributions }: WorkflowDocument): readonly Measure[] {
  return [
    { name: 'cost', values: distributions.cost_usd, format: formatUsd },
    { name: 'duration', values: distributions.session_duration_seconds, format: formatSeconds },
    { name: 'tokens', values: distributions.tokens, format: formatRounded },
    { name: 'turns', values: distributions.turns, format: formatMean },
    { name: 'agents', values: distributions.agents, format: formatMean },
  ];
}

const MEASURE_COLUMNS: readonly Column<Measure>[] = [
  { title: 'a session’s', cell: ({ name }) => name },
  { title: 'n', align: 'right', dispensable: 3, cell: ({ values }) => formatCount(values.n) },
  { title: 'mean', align: 'right', cell: ({ values, format }) => figureCell(values.mean, format) },
  { title: 'sd', align: 'right', dispensable: 2, cell: ({ values, format }) => figureCell(values.sd, format) },
  { title: 'median', align: 'right', cell: ({ values, format }) => figureCell(values.p50, format) },
  { title: 'p95', align: 'right', cell: ({ values, format }) => figureCell(values.p95, format) },
  { title: 'p99', align: 'right', dispensable: 1, cell: ({ values, format }) => figureCell(values.p99, format) },
];

type AgentRow = readonly [name: string, agent: WorkflowAgentDocument];

/** A column of response times, which are kept in milliseconds. */
function responseColumn(
  title: string,
  pick: (values: DistributionDocument) => number | null,
  dispensable?: number,
): Column<AgentRow> {
  return {
    title,
    align: 'right',
    ...(dispensable === undefined ? {} : { dispensable }),
    cell: ([, { response_time_ms }]) => figureCell(pick(response_time_ms), (ms) => formatSeconds(ms / 1000)),
  };
}

const AGENT_COLUMNS: readonly Column<AgentRow>[] = [
  { title: 'agent', isFlexible: true, cell: ([name]) => nameCell(name, '(no agent)') },
  { title: 'in sessions', align: 'right', dispensable: 4, cell: ([, { session_count }]) => formatCount(session_count) },
  { title: 'turns', align: 'right', cell: ([, { message_count }]) => formatCount(message_count) },
  responseColumn('mean turn', ({ mean }) => mean),
  responseColumn('sd', ({ sd }) => sd, 3),
  responseColumn('median', ({ p50 }) => p50, 2),
  responseColumn('p95', ({ p95 }) => p95),
  responseColumn('p99', ({ p99 }) => p99, 3),
  responseColumn('longest', ({ max }) => max ?? null, 2),
  {
    title: 'tokens/turn',
    align: 'right',
    dispensable: 1,
    cell: ([, { tokens_per_message }]) => figureCell(tokens_per_message, formatMean),
  },
  { title: 'cost', align: 'decimal', cell: ([, { cost }]) => formatUsd(cost.usd) },
];
