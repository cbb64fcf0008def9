import type { CostCheckDocument, ThresholdAnalysisDocument } from '../../serve/documents/cost-check-document.ts';
import { ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { type Fact, printFacts } from '../print-facts.ts';
import { formatCount, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import { wrap } from '../text/wrap.ts';

const LEVEL_TONES: Readonly<Record<string, Tone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'warning',
  stop: 'bad',
};

export function printCostCheck(invocation: Invocation, check: CostCheckDocument, { json }: OutputOptions): void {
  if (check.status === 'exceeded_limit') invocation.exitCode = ExitCode.FAILED;
  if (json === true) {
    invocation.printJson(check);
    return;
  }
  const { status, recommendations, threshold_analysis: analysis } = check;
  printFacts(invocation, factsOf(status, analysis));
  const { width = 120 } = invocation;
  for (const text of recommendations) invocation.print(...wrap(`- ${shown(text, 1000)}`, width));
  for (const note of [analysis.not_enforced, analysis.hint])
    if (note !== null) invocation.note(...wrap(shown(note, 1000), width));
}

function factsOf(status: string, analysis: ThresholdAnalysisDocument): readonly Fact[] {
  const { level, current_cost, current_tokens, expected_cost, percent_of_expected, projected_cost } = analysis;
  const { confidence, sessions, binding_limit, counted_by } = analysis;
  const share = percent_of_expected === null ? '' : `, ${Math.round(percent_of_expected)} % of what is expected`;
  const source = counted_by === 'ledger' ? ', as the service counted' : '';
  return [
    ['status', { text: `${status.replaceAll('_', ' ')} (${level})`, tone: LEVEL_TONES[level] ?? 'plain' }],
    ['cost', `${formatUsd(current_cost)} and ${formatCount(current_tokens)} tokens${share}${source}`],
    [
      'expected',
      expected_cost === null
        ? { text: 'nobody knows yet', tone: 'faint' }
        : `${formatUsd(expected_cost)}, from ${plural(sessions, 'session')} (confidence: ${confidence})`,
    ],
    [
      'projected',
      projected_cost === null
        ? ''
        : `${formatUsd(projected_cost.mid)} at the end (${formatUsd(projected_cost.low)} to ${formatUsd(projected_cost.high)})`,
    ],
    [
      'limit',
      binding_limit === null ? { text: 'none', tone: 'warning' } : `${binding_limit.limit} = ${binding_limit.value}`,
    ],
  ];
}
