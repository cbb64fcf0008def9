// A finalized session against the others of its workflow: is it normal, and where did the money go?

import type {
  AssessmentDocument,
  BudgetVerdictDocument,
  ComparedMetricDocument,
  CostAnalysisDocument,
} from '../../serve/documents/assessment-document.ts';
import type { Invocation } from '../invocation.ts';
import { printSection } from '../print-table.ts';
import {
  formatMean,
  formatPercentChange,
  formatRatio,
  formatSeconds,
  formatUsd,
  formatUsdChange,
  plural,
} from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';
import { figureCell, nameCell, verdictTone } from './cells.ts';
import { shareBar } from './share-bar.ts';

export function printAssessment(invocation: Invocation, assessment: AssessmentDocument): void {
  const { paint } = invocation;
  const { session_id, performance_comparison: comparison, cost_analysis: cost } = assessment;
  const { verdict, sessions_compared, confidence } = comparison;
  const workflow = comparison.workflow === '' ? '' : ` of ${shown(comparison.workflow)}`;
  const others =
    sessions_compared === 0
      ? 'no other to compare it with'
      : `compared with ${plural(sessions_compared, 'other')}; confidence: ${shown(confidence)}`;
  invocation.print(
    `${paint('title', shown(session_id))}${workflow} is finalized: ${paint(verdictTone(verdict), shown(verdict))}`,
    paint('faint', others),
  );
  printSection(invocation, rowsOf(assessment), METRIC_COLUMNS);
  invocation.print('', ...sentences(invocation, comparison.explanation));
  if (assessment.budget !== null) invocation.print('', ...budgetLines(invocation, assessment.budget));
  printSection(invocation, sharesOf(cost), SHARE_COLUMNS);
  invocation.print('', ...sentences(invocation, cost.explanation), ...ratesOf(invocation, cost));
}

/** Sentences of the service, each that is long on lines of its own. */
function sentences({ width = 120 }: Invocation, text: string): readonly string[] {
  return shown(text, 2000)
    .split(/(?<=\.) (?=[A-Z])/)
    .flatMap((sentence) => wrap(sentence, width));
}

function budgetLines(invocation: Invocation, budget: BudgetVerdictDocument): readonly string[] {
  const { status, level, expected_cost, percent_of_expected, recommendations } = budget;
  const share =
    expected_cost === null || percent_of_expected === null
      ? 'what it should cost is not known yet'
      : `${Math.round(percent_of_expected).toLocaleString('en-US')} % of the ${formatUsd(expected_cost)} that was expected`;
  const standing = `Budget: ${shown(status.replaceAll('_', ' '))} (${shown(level)}), ${share}.`;
  return [standing, ...recommendations].flatMap((text) => sentences(invocation, text));
}

interface MetricRow {
  readonly name: string;
  readonly metric: ComparedMetricDocument;
  readonly format: (value: number) => string;
  readonly formatChange: (value: number) => string;
}

function rowsOf({ performance_comparison: { metrics } }: AssessmentDocument): readonly MetricRow[] {
  const counted = { format: formatMean, formatChange: withSign(formatMean) };
  return [
    { name: 'cost', metric: metrics.cost_usd, format: formatUsd, formatChange: formatUsdChange },
    {
      name: 'duration',
      metric: metrics.session_duration_seconds,
      format: formatSeconds,
      formatChange: withSign(formatSeconds),
    },
    { name: 'tokens', metric: metrics.tokens, ...counted },
    { name: 'turns', metric: metrics.turns, ...counted },
    { name: 'agents', metric: metrics.agents, ...counted },
  ];
}

function withSign(format: (value: number) => string): (value: number) => string {
  return (value) => (value > 0 ? `+${format(value)}` : format(value));
}

const METRIC_COLUMNS: readonly Column<MetricRow>[] = [
  { title: '', cell: ({ name }) => name },
  { title: 'this session', align: 'right', cell: ({ metric, format }) => format(metric.value) },
  { title: 'average', align: 'right', cell: ({ metric, format }) => figureCell(metric.average, format) },
  {
    title: 'difference',
    align: 'right',
    dispensable: 2,
    cell: ({ metric, formatChange }) => figureCell(metric.difference, formatChange),
  },
  {
    title: 'percent',
    align: 'right',
    cell: ({ metric }) => figureCell(metric.difference_percent, formatPercentChange),
  },
  {
    title: 'above',
    align: 'right',
    dispensable: 1,
    cell: ({ metric }) => figureCell(metric.percentile_rank, (rank) => `${Math.round(rank)} % of others`),
  },
  { title: 'verdict', cell: ({ metric }) => ({ text: shown(metric.verdict), tone: verdictTone(metric.verdict) }) },
];

interface ShareRow {
  readonly kind: string;
  readonly name: string;
  readonly usd: number;
  readonly share: number | null;
}

/** More of a kind are in `--json`. */
const SHARES_MAX = 8;

function sharesOf({ by_agent, by_model, by_tool }: CostAnalysisDocument): readonly ShareRow[] {
  return [...largest('agent', by_agent), ...largest('model', by_model), ...largest('tool', by_tool)];
}

function largest(kind: string, shares: CostAnalysisDocument['by_agent']): readonly ShareRow[] {
  return shares
    .toSorted((a, b) => b.usd - a.usd)
    .slice(0, SHARES_MAX)
    .map(({ name, usd, share }) => ({ kind, name, usd, share }));
}

const SHARE_COLUMNS: readonly Column<ShareRow>[] = [
  { title: 'cost by', cell: ({ kind }) => kind },
  {
    title: '',
    isFlexible: true,
    cell: ({ kind, name }) => nameCell(name, kind === 'agent' ? '(no agent)' : '(not named)'),
  },
  { title: '', align: 'decimal', cell: ({ usd }) => formatUsd(usd) },
  { title: 'share', dispensable: 1, cell: ({ share }) => (share === null ? '' : shareBar(share)) },
];

function ratesOf({ paint }: Invocation, cost: CostAnalysisDocument): readonly string[] {
  const rates = [
    ...(cost.usd_per_turn === null ? [] : [`${formatUsd(cost.usd_per_turn)} a turn`]),
    ...(cost.usd_per_thousand_tokens === null ? [] : [`${formatUsd(cost.usd_per_thousand_tokens)} a thousand tokens`]),
    ...(cost.cached_share === null ? [] : [`${formatRatio(cost.cached_share)} of the prompts from cache`]),
  ];
  return rates.length === 0 ? [] : [paint('faint', rates.join(', '))];
}
