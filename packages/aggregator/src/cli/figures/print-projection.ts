// Where a running session is going, for the facts about it.

import type { EqualProgressDocument, ProjectionDocument } from '../../serve/documents/projection-document.ts';
import type { Fact } from '../print-facts.ts';
import { formatMean, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { verdictTone } from './cells.ts';

/** Similar sessions that are named. */
const SIMILAR_MAX = 3;

export function projectionFacts({
  projection,
  comparison_at_turn,
  similar_sessions,
}: ProjectionDocument): readonly Fact[] {
  return [
    ['end cost', projection === null ? '' : endCostOf(projection)],
    ...(comparison_at_turn === null ? [] : [comparisonFact(comparison_at_turn)]),
    [
      'like',
      similar_sessions
        .slice(0, SIMILAR_MAX)
        .map(({ session_id, end_cost_usd }) => `${shown(session_id)} (${formatUsd(end_cost_usd)})`)
        .join(', '),
    ],
  ];
}

/** `$0.42 to $1.10, as likely more as less than $0.61 (90 % of sessions; from 57 that came as far)` */
function endCostOf({
  cost_usd,
  level,
  sessions,
  sessions_needed,
}: NonNullable<ProjectionDocument['projection']>): string {
  if (cost_usd === null || level === null) {
    return `not known: ${plural(sessions, 'finished session')} came as far, ${sessions_needed} are needed`;
  }
  const { low, mid, high } = cost_usd;
  return (
    `${formatUsd(low)} to ${formatUsd(high)}, as likely more as less than ${formatUsd(mid)} ` +
    `(${Math.round(level * 100)} % of sessions; from ${sessions} that came as far)`
  );
}

/** `high: 1.8 times what half of 57 sessions had cost by turn 6` */
function comparisonFact({ turn, sessions_compared, cost_usd }: EqualProgressDocument): Fact {
  const { verdict, ratio } = cost_usd;
  if (ratio === null) return ['compared', ''];
  const times = `${formatMean(ratio)} times what half of ${plural(sessions_compared, 'session')} had cost by turn ${turn}`;
  return ['compared', { text: `${verdict}: ${times}`, tone: verdictTone(verdict) }];
}
