// What /metrics says of tenants and workflows: every metric once, by the name that it has in the conventions.

import {
  METRIC_TURNMETER_BALANCE_FREE_TOKENS,
  METRIC_TURNMETER_BALANCE_FREE_USD,
  METRIC_TURNMETER_BALANCE_SPENT_TOKENS,
  METRIC_TURNMETER_BALANCE_SPENT_USD,
  METRIC_TURNMETER_BUDGET_PERIOD_END_TIMESTAMP_SECONDS,
  METRIC_TURNMETER_BUDGET_PERIOD_SECONDS,
  METRIC_TURNMETER_BUDGET_SPENT_USD,
  METRIC_TURNMETER_BUDGET_USD,
  METRIC_TURNMETER_COST_USD,
  METRIC_TURNMETER_FIGURES_TIMESTAMP_SECONDS,
  METRIC_TURNMETER_FOLDED_RECORDS,
  METRIC_TURNMETER_PERIOD_COST_USD,
  METRIC_TURNMETER_SESSION_COST_USD,
  METRIC_TURNMETER_SESSION_DURATION_SECONDS,
  METRIC_TURNMETER_SESSION_LIMIT_USD,
  METRIC_TURNMETER_SESSION_THRESHOLD_CROSSINGS,
  METRIC_TURNMETER_SESSIONS_ACTIVE,
  METRIC_TURNMETER_SESSIONS_FINALIZED,
  METRIC_TURNMETER_SESSIONS_OVER_THRESHOLD,
  METRIC_TURNMETER_TOKENS,
  METRIC_TURNMETER_TURN_DURATION_SECONDS,
  METRIC_TURNMETER_UNPRICED_TOKENS,
  METRIC_TURNMETER_UP,
  METRIC_TURNMETER_WORKFLOW_EXPECTED_COST_USD,
  METRIC_TURNMETER_WORKFLOWS,
} from '@turnmeter/semconv';

export interface Family {
  /** As Prometheus has it. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

function counter(name: string, help: string): Family {
  return { name: `${name.replaceAll('.', '_')}_total`, type: 'counter', help };
}

function gauge(name: string, help: string): Family {
  return { name: name.replaceAll('.', '_'), type: 'gauge', help };
}

function histogram(name: string, help: string): Family {
  return { ...gauge(name, help), type: 'histogram' };
}

const OF_PROCESS = 'since this aggregator started: for rates';

type FamilyName =
  | 'cost'
  | 'tokens'
  | 'unpricedTokens'
  | 'sessionsFinalized'
  | 'thresholdCrossings'
  | 'turnDuration'
  | 'sessionCost'
  | 'sessionDuration'
  | 'periodCost'
  | 'expectedCost'
  | 'sessionsActive'
  | 'sessionsOver'
  | 'sessionLimit'
  | 'budget'
  | 'budgetSpent'
  | 'periodSeconds'
  | 'periodEnd'
  | 'balanceFreeUsd'
  | 'balanceSpentUsd'
  | 'balanceFreeTokens'
  | 'balanceSpentTokens'
  | 'up'
  | 'figuresTimestamp'
  | 'workflows'
  | 'foldedRecords';

export const Families: Readonly<Record<FamilyName, Family>> = {
  cost: counter(METRIC_TURNMETER_COST_USD, `US dollars booked ${OF_PROCESS}; exact sums are gauges.`),
  tokens: counter(METRIC_TURNMETER_TOKENS, `Tokens booked ${OF_PROCESS}.`),
  unpricedTokens: counter(METRIC_TURNMETER_UNPRICED_TOKENS, `Tokens without a price booked ${OF_PROCESS}.`),
  sessionsFinalized: counter(
    METRIC_TURNMETER_SESSIONS_FINALIZED,
    `Sessions finalized ${OF_PROCESS}; failed are those in which a call, tool or turn failed.`,
  ),
  thresholdCrossings: counter(
    METRIC_TURNMETER_SESSION_THRESHOLD_CROSSINGS,
    `Sessions finalized at or over a level of their expected cost ${OF_PROCESS}.`,
  ),
  turnDuration: histogram(METRIC_TURNMETER_TURN_DURATION_SECONDS, 'Response time of turns, without people.'),
  sessionCost: histogram(METRIC_TURNMETER_SESSION_COST_USD, 'Cost of sessions that were finalized.'),
  sessionDuration: histogram(
    METRIC_TURNMETER_SESSION_DURATION_SECONDS,
    'Time from begin to end of sessions that were finalized.',
  ),
  periodCost: gauge(METRIC_TURNMETER_PERIOD_COST_USD, 'Spent in this calendar day or month, UTC: an exact sum.'),
  expectedCost: gauge(METRIC_TURNMETER_WORKFLOW_EXPECTED_COST_USD, 'What a session is expected to cost.'),
  sessionsActive: gauge(METRIC_TURNMETER_SESSIONS_ACTIVE, 'Sessions that something was booked to lately.'),
  sessionsOver: gauge(
    METRIC_TURNMETER_SESSIONS_OVER_THRESHOLD,
    'Of them, those at or over a level of their expected cost, or of a limit in US dollars.',
  ),
  sessionLimit: gauge(METRIC_TURNMETER_SESSION_LIMIT_USD, 'What policies let a session cost in US dollars, by level.'),
  budget: gauge(METRIC_TURNMETER_BUDGET_USD, 'What is meant to be spent in a calendar day or month.'),
  budgetSpent: gauge(METRIC_TURNMETER_BUDGET_SPENT_USD, 'What is spent of it so far: an exact sum.'),
  periodSeconds: gauge(METRIC_TURNMETER_BUDGET_PERIOD_SECONDS, 'How long this day or month is.'),
  periodEnd: gauge(METRIC_TURNMETER_BUDGET_PERIOD_END_TIMESTAMP_SECONDS, 'When this day or month ends, Unix time.'),
  balanceFreeUsd: gauge(METRIC_TURNMETER_BALANCE_FREE_USD, 'US dollars of a prepaid balance that can be spent.'),
  balanceSpentUsd: gauge(METRIC_TURNMETER_BALANCE_SPENT_USD, 'US dollars of a prepaid balance spent ever.'),
  balanceFreeTokens: gauge(METRIC_TURNMETER_BALANCE_FREE_TOKENS, 'Tokens of a prepaid balance that can be spent.'),
  balanceSpentTokens: gauge(METRIC_TURNMETER_BALANCE_SPENT_TOKENS, 'Tokens of a prepaid balance spent ever.'),
  up: gauge(METRIC_TURNMETER_UP, 'Whether a part of the service answers: clickhouse, control_store.'),
  figuresTimestamp: gauge(
    METRIC_TURNMETER_FIGURES_TIMESTAMP_SECONDS,
    'When sums, sessions and budgets shown here were read, Unix time; 0 before the first time.',
  ),
  workflows: gauge(METRIC_TURNMETER_WORKFLOWS, 'Workflows with series of their own, and how many there may be.'),
  foldedRecords: counter(
    METRIC_TURNMETER_FOLDED_RECORDS,
    'Bookings and sessions counted under _other, because there are too many workflows.',
  ),
};
