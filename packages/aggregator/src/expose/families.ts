// What /metrics says of tenants and workflows: every metric once, by the name that it has in the conventions.

import {
  METRIC_TURNMETER_BALANCE_ACCOUNTS,
  METRIC_TURNMETER_BALANCE_FREE_TOKENS,
  METRIC_TURNMETER_BALANCE_FREE_USD,
  METRIC_TURNMETER_BALANCE_SPENT_TOKENS,
  METRIC_TURNMETER_BALANCE_SPENT_USD,
  METRIC_TURNMETER_BUDGET_PERIOD_END_TIMESTAMP_SECONDS,
  METRIC_TURNMETER_BUDGET_PERIOD_SECONDS,
  METRIC_TURNMETER_BUDGET_SPENT_USD,
  METRIC_TURNMETER_BUDGET_USD,
  METRIC_TURNMETER_BUILD_INFO,
  METRIC_TURNMETER_COST_USD,
  METRIC_TURNMETER_FIGURES_TIMESTAMP_SECONDS,
  METRIC_TURNMETER_FOLDED_RECORDS,
  METRIC_TURNMETER_MEMORY_RESIDENT_BYTES,
  METRIC_TURNMETER_PERIOD_COST_USD,
  METRIC_TURNMETER_PRICE_BOOK_INFO,
  METRIC_TURNMETER_PRICE_BOOK_TIMESTAMP_SECONDS,
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
  UNIT_ACCOUNTS,
  UNIT_BYTES,
  UNIT_CROSSINGS,
  UNIT_RECORDS,
  UNIT_SECONDS,
  UNIT_SESSIONS,
  UNIT_TOKENS,
  UNIT_USD,
  UNIT_WORKFLOWS,
} from '@turnmeter/semconv';
import type { Family } from './metric.ts';

type CounterFamily = Family & { readonly type: 'counter' };
type GaugeFamily = Family & { readonly type: 'gauge' };
type HistogramFamily = Family & { readonly type: 'histogram' };

/** Everything that is said of a metric but its kind; units in braces are in the name already, or none. */
interface Description {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
}

function counter({ name, unit, help }: Description): CounterFamily {
  return { name: `${prometheusName(name)}_total`, otelName: name, otelUnit: unit, type: 'counter', help };
}

function gauge({ name, unit, help }: Description): GaugeFamily {
  return { name: prometheusName(name), otelName: name, otelUnit: unit, type: 'gauge', help };
}

function histogram({ name, unit, help }: Description): HistogramFamily {
  return { name: prometheusName(name), otelName: name, otelUnit: unit, type: 'histogram', help };
}

function prometheusName(name: string): string {
  return name.replaceAll('.', '_');
}

const OF_PROCESS = 'since this aggregator started: for rates';

export const Families: {
  readonly cost: CounterFamily;
  readonly tokens: CounterFamily;
  readonly unpricedTokens: CounterFamily;
  readonly sessionsFinalized: CounterFamily;
  readonly thresholdCrossings: CounterFamily;
  readonly turnDuration: HistogramFamily;
  readonly sessionCost: HistogramFamily;
  readonly sessionDuration: HistogramFamily;
  readonly periodCost: GaugeFamily;
  readonly expectedCost: GaugeFamily;
  readonly sessionsActive: GaugeFamily;
  readonly sessionsOver: GaugeFamily;
  readonly sessionLimit: GaugeFamily;
  readonly budget: GaugeFamily;
  readonly budgetSpent: GaugeFamily;
  readonly periodSeconds: GaugeFamily;
  readonly periodEnd: GaugeFamily;
  readonly balanceFreeUsd: GaugeFamily;
  readonly balanceSpentUsd: GaugeFamily;
  readonly balanceFreeTokens: GaugeFamily;
  readonly balanceSpentTokens: GaugeFamily;
  readonly balanceAccounts: GaugeFamily;
  readonly up: GaugeFamily;
  readonly buildInfo: GaugeFamily;
  readonly priceBookInfo: GaugeFamily;
  readonly priceBookTimestamp: GaugeFamily;
  readonly residentBytes: GaugeFamily;
  readonly figuresTimestamp: GaugeFamily;
  readonly workflows: GaugeFamily;
  readonly foldedRecords: CounterFamily;
} = {
  cost: counter({
    name: METRIC_TURNMETER_COST_USD,
    unit: UNIT_USD,
    help: `US dollars booked ${OF_PROCESS}; exact sums are gauges.`,
  }),
  tokens: counter({
    name: METRIC_TURNMETER_TOKENS,
    unit: UNIT_TOKENS,
    help: `Tokens booked ${OF_PROCESS}.`,
  }),
  unpricedTokens: counter({
    name: METRIC_TURNMETER_UNPRICED_TOKENS,
    unit: UNIT_TOKENS,
    help: `Tokens without a price booked ${OF_PROCESS}.`,
  }),
  sessionsFinalized: counter({
    name: METRIC_TURNMETER_SESSIONS_FINALIZED,
    unit: UNIT_SESSIONS,
    help: `Sessions finalized ${OF_PROCESS}; failed are those in which a call, tool or turn failed.`,
  }),
  thresholdCrossings: counter({
    name: METRIC_TURNMETER_SESSION_THRESHOLD_CROSSINGS,
    unit: UNIT_CROSSINGS,
    help: `Sessions finalized at or over a level of their expected cost ${OF_PROCESS}.`,
  }),
  turnDuration: histogram({
    name: METRIC_TURNMETER_TURN_DURATION_SECONDS,
    unit: UNIT_SECONDS,
    help: 'Response time of turns, without people.',
  }),
  sessionCost: histogram({
    name: METRIC_TURNMETER_SESSION_COST_USD,
    unit: UNIT_USD,
    help: 'Cost of sessions that were finalized.',
  }),
  sessionDuration: histogram({
    name: METRIC_TURNMETER_SESSION_DURATION_SECONDS,
    unit: UNIT_SECONDS,
    help: 'Time from begin to end of sessions that were finalized.',
  }),
  periodCost: gauge({
    name: METRIC_TURNMETER_PERIOD_COST_USD,
    unit: UNIT_USD,
    help: 'Spent in this calendar day or month, UTC: an exact sum.',
  }),
  expectedCost: gauge({
    name: METRIC_TURNMETER_WORKFLOW_EXPECTED_COST_USD,
    unit: UNIT_USD,
    help: 'What a session is expected to cost.',
  }),
  sessionsActive: gauge({
    name: METRIC_TURNMETER_SESSIONS_ACTIVE,
    unit: UNIT_SESSIONS,
    help: 'Sessions that something was booked to lately.',
  }),
  sessionsOver: gauge({
    name: METRIC_TURNMETER_SESSIONS_OVER_THRESHOLD,
    unit: UNIT_SESSIONS,
    help: 'Of them, those at or over a level of their expected cost, or of a limit in US dollars.',
  }),
  sessionLimit: gauge({
    name: METRIC_TURNMETER_SESSION_LIMIT_USD,
    unit: UNIT_USD,
    help: 'What policies let a session cost in US dollars, by level.',
  }),
  budget: gauge({
    name: METRIC_TURNMETER_BUDGET_USD,
    unit: UNIT_USD,
    help: 'What is meant to be spent in a calendar day or month.',
  }),
  budgetSpent: gauge({
    name: METRIC_TURNMETER_BUDGET_SPENT_USD,
    unit: UNIT_USD,
    help: 'What is spent of it so far: an exact sum.',
  }),
  periodSeconds: gauge({
    name: METRIC_TURNMETER_BUDGET_PERIOD_SECONDS,
    unit: UNIT_SECONDS,
    help: 'How long this day or month is.',
  }),
  periodEnd: gauge({
    name: METRIC_TURNMETER_BUDGET_PERIOD_END_TIMESTAMP_SECONDS,
    unit: UNIT_SECONDS,
    help: 'When this day or month ends, Unix time.',
  }),
  balanceFreeUsd: gauge({
    name: METRIC_TURNMETER_BALANCE_FREE_USD,
    unit: UNIT_USD,
    help: 'US dollars of a prepaid balance that can be spent.',
  }),
  balanceSpentUsd: gauge({
    name: METRIC_TURNMETER_BALANCE_SPENT_USD,
    unit: UNIT_USD,
    help: 'US dollars of a prepaid balance spent ever.',
  }),
  balanceFreeTokens: gauge({
    name: METRIC_TURNMETER_BALANCE_FREE_TOKENS,
    unit: UNIT_TOKENS,
    help: 'Tokens of a prepaid balance that can be spent.',
  }),
  balanceSpentTokens: gauge({
    name: METRIC_TURNMETER_BALANCE_SPENT_TOKENS,
    unit: UNIT_TOKENS,
    help: 'Tokens of a prepaid balance spent ever.',
  }),
  balanceAccounts: gauge({
    name: METRIC_TURNMETER_BALANCE_ACCOUNTS,
    unit: UNIT_ACCOUNTS,
    help: 'Accounts of prepaid balances that are shown here, and how many there may be.',
  }),
  up: gauge({
    name: METRIC_TURNMETER_UP,
    unit: '',
    help: 'Whether a part of the service answers: clickhouse, control_store.',
  }),
  buildInfo: gauge({
    name: METRIC_TURNMETER_BUILD_INFO,
    unit: '',
    help: 'What runs: always 1, with its version.',
  }),
  priceBookInfo: gauge({
    name: METRIC_TURNMETER_PRICE_BOOK_INFO,
    unit: '',
    help: 'Which prices count: always 1, with the version of the price book.',
  }),
  priceBookTimestamp: gauge({
    name: METRIC_TURNMETER_PRICE_BOOK_TIMESTAMP_SECONDS,
    unit: UNIT_SECONDS,
    help: 'Since when the newest price of the price list holds, Unix time: the list is at least as new.',
  }),
  residentBytes: gauge({
    name: METRIC_TURNMETER_MEMORY_RESIDENT_BYTES,
    unit: UNIT_BYTES,
    help: 'Memory of this process, without an embedded engine.',
  }),
  figuresTimestamp: gauge({
    name: METRIC_TURNMETER_FIGURES_TIMESTAMP_SECONDS,
    unit: UNIT_SECONDS,
    help: 'When sums, sessions and budgets shown here were read, Unix time; 0 before the first time.',
  }),
  workflows: gauge({
    name: METRIC_TURNMETER_WORKFLOWS,
    unit: UNIT_WORKFLOWS,
    help: 'Workflows with series of their own, and how many there may be.',
  }),
  foldedRecords: counter({
    name: METRIC_TURNMETER_FOLDED_RECORDS,
    unit: UNIT_RECORDS,
    help: 'Bookings and sessions counted under _other, because there are too many workflows.',
  }),
};
