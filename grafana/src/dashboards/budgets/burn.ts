// Each budget: what is used, where it ends, how fast it burns.

import { DashboardLinkBuilder, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Row } from '../../dashboard.ts';
import { clicked, onLine, Uid } from '../../link.ts';
import { merged, valueColumns } from '../../panel/merged.ts';
import { stateTimeline } from '../../panel/state-timeline.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { labelRows, overTime } from '../../query/prometheus-query.ts';
import { RUNBOOKS } from '../../runbook.ts';
import { Color, falling, ofBudget, quiet, rising, Unit } from '../../style.ts';
import { budget, firing, highest, LEFT_SECONDS, ofChosen } from './series.ts';

export function burnRow(): Row {
  return {
    title: 'Budgets: used, projected, burning',
    panels: [standings(), plan(), windows(), burning(), alerts()],
  };
}

/** A column `workflow` is there in any case, or rows of several queries would not be found to be the same. */
function named(expr: string): string {
  return `label_replace(${expr}, "workflow", "(all)", "workflow", "")`;
}

/** Rates are of monthly budgets. */
function monthly(expr: string): string {
  return named(`label_replace(${expr}, "period", "month", "", "")`);
}

function standings() {
  return table({
    title: 'Where does each budget stand?',
    description:
      'Budgets of the configuration. First look at "ends at": above 100 % the money does not last. "Lasts" is at the rate of the last six hours. Click on a tenant to see its burn alone. Runbooks: TurnmeterBudgetExceeded, TurnmeterBudgetBurn.',
    width: 24,
    height: 8,
    sortedBy: 'Used',
    columns: [
      {
        name: 'tenant',
        header: 'Tenant',
        drill: { title: 'See this tenant alone', to: Uid.BUDGETS, variables: { tenant: clicked } },
      },
      { name: 'workflow', header: 'Workflow' },
      { name: 'period', header: 'Period', width: 80 },
      { name: 'Value #A', header: 'Budget', unit: Unit.USD_EXACT, decimals: 2, width: 120 },
      { name: 'Value #B', header: 'Spent', unit: Unit.USD_EXACT, decimals: 2, width: 120 },
      { name: 'Value #C', header: 'Used', unit: Unit.RATIO, decimals: 0, width: 190, steps: ofBudget, bar: { max: 1 } },
      { name: 'Value #D', header: 'Ends at', unit: Unit.RATIO, decimals: 0, width: 100, steps: quiet(rising(1, 1.1)) },
      {
        name: 'Value #E',
        header: 'Lasts',
        unit: Unit.SECONDS,
        decimals: 1,
        width: 110,
        steps: quiet(falling(259_200, 86_400)),
      },
      { name: 'Value #F', header: 'Burn 1 h', unit: Unit.TIMES, decimals: 1, width: 100, steps: quiet(rising(1.5, 6)) },
      { name: 'Value #G', header: 'Burn 1 d', unit: Unit.TIMES, decimals: 1, width: 100, steps: quiet(rising(1.5, 3)) },
    ],
    transformations: merged(['tenant', 'workflow', 'period', ...valueColumns(7)]),
    queries: [
      labelRows(named(`max by (tenant, workflow, period) (${ofChosen('turnmeter_budget_usd')})`)),
      labelRows(named(`max by (tenant, workflow, period) (${budget('turnmeter_spent_usd:max')})`)),
      labelRows(named(`max by (tenant, workflow, period) (${budget('turnmeter_used:ratio')})`)),
      labelRows(named(`max by (tenant, workflow, period) (${budget('turnmeter_projected:ratio')})`)),
      labelRows(monthly(`max by (tenant, workflow) (${LEFT_SECONDS})`)),
      labelRows(monthly(`max by (tenant, workflow) (${budget('turnmeter_burn:ratio_rate1h')})`)),
      labelRows(monthly(`max by (tenant, workflow) (${budget('turnmeter_burn:ratio_rate1d')})`)),
    ],
  });
}

const BUDGET_NAME = '{{tenant}} {{workflow}}';

function plan() {
  return timeSeries({
    title: 'Is the month on plan?',
    description:
      'Used share of monthly budgets, the twelve fullest, beside the share of the month that is over, dashed. What stays above the dashed line does not last to the end: see who spends in Tenants, and on what in Agents and models.',
    isColoredInOrder: true,
    unit: Unit.RATIO,
    expected: ['plan'],
    width: 8,
    height: 9,
    drills: [TENANT],
    queries: [
      overTime(highest(budget('turnmeter_used:ratio', { period: 'month' })), BUDGET_NAME),
      overTime(
        `1 - max(period:turnmeter_left:seconds{period="month"})
        / max(turnmeter_budget_period_seconds{job="turnmeter", period="month"})`,
        'plan',
      ),
    ],
  });
}

const TENANT = {
  title: 'See this tenant alone',
  to: Uid.BUDGETS,
  variables: { tenant: onLine('tenant') },
} as const;

/** As prometheus/src/burn-windows.ts has them: what is told at 14.4 and 6 wakes somebody, at 3 and 1.5 it is a ticket. */
const BURN_LINES = [
  { from: null, color: Color.OK },
  { from: 1, color: Color.EXPECTED },
  { from: 1.5, color: Color.OK },
  { from: 3, color: Color.WARNING },
  { from: 6, color: Color.CRITICAL },
  { from: 14.4, color: Color.STOP },
] as const;

/** Where the axis ends: above it all is alarm, and below it the lines can be told apart. */
const BURN_MAX = 20;

function windows() {
  const rates = ['5m', '1h', '6h', '1d'] as const;
  return timeSeries({
    title: 'How fast does money burn, and since when?',
    description:
      'Spending over the plan, for the budget that burns fastest, over four windows. Lines: 1 is the plan; told as a ticket at 1.5 over 3 d and 3 over 1 d, and as a page at 6 over 6 h and 14.4 over 1 h, if the short window agrees. Only 5m high: it has just begun, or is over soon. The axis ends at 20. Runbook: TurnmeterBudgetBurn.',
    unit: Unit.TIMES,
    decimals: 1,
    steps: BURN_LINES,
    max: BURN_MAX,
    faint: ['5m'],
    colors: { '5m': Color.COUNT, '1h': Color.COST, '6h': Color.TOKENS, '1d': Color.TIME },
    width: 8,
    height: 9,
    queries: rates.map((rate) => overTime(`max(${budget(`turnmeter_burn:ratio_rate${rate}`)})`, rate)),
  });
}

function burning() {
  return timeSeries({
    title: 'Whose budget burns?',
    description:
      'Spending of the last hour over the plan, for the twelve monthly budgets that burned fastest. 1 is the plan. One tenant or workflow that stands out: click on it, then look for the sessions below that are over what is expected.',
    isColoredInOrder: true,
    unit: Unit.TIMES,
    decimals: 1,
    steps: BURN_LINES,
    max: BURN_MAX,
    width: 8,
    height: 9,
    drills: [TENANT],
    queries: [overTime(highest(budget('turnmeter_burn:ratio_rate1h')), BUDGET_NAME)],
  });
}

function alerts() {
  const levels = SEVERITIES.toReversed().map(
    ({ name, value }) => `max by (alertname, tenant) (${firing({ severity: name })}) * ${value}`,
  );
  return stateTimeline({
    title: 'Which alerts fired when?',
    description:
      'Alerts about money of the chosen tenants that are a ticket (warning) or wake somebody (critical). One that comes and goes is a threshold that usual spending touches; two that begin together have one reason. Click on one for its runbook.',
    unit: Unit.NONE,
    noValue: 'No alert fired.',
    hasText: false,
    steps: [{ from: null, color: Color.PLAIN }, ...SEVERITIES.map(({ value, color }) => ({ from: value, color }))],
    mappings: [
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(SEVERITIES.map(({ name, value, color }) => [value, { text: name, color }])),
      },
    ],
    width: 24,
    height: 10,
    queries: [
      overTime(
        `label_replace(${levels.join('\nor\n')}, "alert", "$1", "alertname", "Turnmeter(.*)")`,
        '{{tenant}}: {{alert}}',
      ),
    ],
  }).dataLinks([
    new DashboardLinkBuilder('Open the runbook').url(`${RUNBOOKS}/\${__field.labels.alertname}.md`).targetBlank(true),
  ]);
}

/** The worst counts where an alert has two. */
const SEVERITIES = [
  { name: 'warning', value: 1, color: Color.WARNING },
  { name: 'critical', value: 2, color: Color.STOP },
] as const;
