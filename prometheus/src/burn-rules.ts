// The text of the rules that are made of the table of windows.

import {
  BUDGET_URGENCIES,
  BURN_USD_MIN,
  type Objective,
  OBJECTIVES,
  SLO_URGENCIES,
  type Urgency,
  type Window,
  WINDOW_SECONDS,
  type WindowPair,
} from './burn-windows.ts';

const HEADER = '# Written by `npm run prometheus:rules` from src/burn-windows.ts. Do not edit.\n';
const RUNBOOKS = 'https://github.com/turnmeter/turnmeter/blob/main/docs/runbooks';
const BURN_OF_SLO = 'slo:turnmeter_burn:ratio_rate';
const BURN_OF_BUDGET = 'budget:turnmeter_burn:ratio_rate';
/** Of recorded rates: the interval of their group. */
const SAMPLE_SECONDS = 60;
const WINDOWS = Object.keys(WINDOW_SECONDS) as Window[];

interface Rule {
  readonly name: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What rates and burn rates are recorded. */
export function recordingRules(): string {
  return [
    `${HEADER}groups:\n`,
    group('turnmeter-budget-burn', budgetRates()),
    group('turnmeter-slo-burn', sloRates()),
  ].join('');
}

/** Who is told of them. */
export function alertingRules(): string {
  const budget = BUDGET_URGENCIES.map((urgency) => budgetAlert(urgency));
  const slos = OBJECTIVES.flatMap((objective) => SLO_URGENCIES.map((urgency) => sloAlert(objective, urgency)));
  return `${HEADER}groups:\n  - name: turnmeter-burn-alerts\n    interval: 1m\n    rules:\n${[...budget, ...slos].join('')}`;
}

/**
 * Spending comes from the budget's own exact sum. It falls when a month begins, and by what is taken back: neither is spending.
 */
function budgetRates(): readonly Rule[] {
  const rate = 'budget:turnmeter_cost_usd:rate';
  const spent = 'turnmeter_budget_spent_usd{job="turnmeter", period="month"}';
  const budget = 'turnmeter_budget_usd{job="turnmeter", period="month"}';
  const seconds = 'max (turnmeter_budget_period_seconds{job="turnmeter", period="month"})';
  const by = 'tenant, workflow, scope';
  return [
    { name: 'budget:turnmeter_plan_usd:rate', expr: `max by (${by}) (${budget}) / on () group_left () ${seconds}` },
    { name: `${rate}5m`, expr: `max by (${by}) (clamp_min(delta(${spent}[5m]), 0)) / 300` },
    ...WINDOWS.filter((window) => window !== '5m').map((window) => ({
      // A minute without a sample is one without spending, hence no average over those there are.
      name: `${rate}${window}`,
      expr: `sum_over_time(${rate}5m[${window}]) / ${WINDOW_SECONDS[window] / SAMPLE_SECONDS}`,
    })),
    ...WINDOWS.map((window) => ({
      name: `${BURN_OF_BUDGET}${window}`,
      expr: `${rate}${window} / (budget:turnmeter_plan_usd:rate > 0)`,
    })),
  ];
}

function sloRates(): readonly Rule[] {
  return [
    ...OBJECTIVES.flatMap(({ slo, percent, events, errors }) => [
      { name: 'slo:turnmeter_objective:ratio', expr: `vector(${percent / 100})`, labels: { slo } },
      { name: 'slo:turnmeter_events:rate5m', expr: events, labels: { slo } },
      { name: 'slo:turnmeter_errors:rate5m', expr: errors, labels: { slo } },
    ]),
    ...WINDOWS.map((window) => ({ name: `${BURN_OF_SLO}${window}`, expr: sloBurn(window) })),
  ];
}

/** Rates over five minutes, one each five minutes: all of the window, once. */
function sloBurn(window: Window): string {
  const over =
    window === '5m' ? (rates: string): string => rates : (rates: string): string => overWindow(rates, window);
  const ratio = `${over('slo:turnmeter_errors:rate5m')} / (${over('slo:turnmeter_events:rate5m')} > 0)`;
  return `(${ratio}) / on (slo) group_left () (1 - slo:turnmeter_objective:ratio)`;
}

function overWindow(rates: string, window: Window): string {
  return `sum_over_time(${rates}[${window}:5m])`;
}

function budgetAlert(urgency: Urgency): string {
  const pairs = urgency.pairs.map(({ long, short, factor }) => [
    `${BURN_OF_BUDGET}${long} > ${factor}`,
    `${BURN_OF_BUDGET}${short} > ${factor}`,
    `budget:turnmeter_cost_usd:rate${long} * ${WINDOW_SECONDS[long]} > ${BURN_USD_MIN}`,
  ]);
  const who = '{{ $labels.tenant }}{{ with $labels.workflow }}/{{ . }}{{ end }}';
  return alertRule('TurnmeterBudgetBurn', urgency, {
    pairs,
    summary: `${who} spends its monthly budget {{ $value | humanize }} times as fast as planned.`,
    description: `Held on, the budget of {{ $labels.scope }} ${who} is used up long before the month ends. ${explain(urgency.pairs)}`,
  });
}

function sloAlert({ slo, alert, percent, bad, eventsMin, isByTenant }: Objective, urgency: Urgency): string {
  const of = `{slo="${slo}"}`;
  const pairs = urgency.pairs.map(({ long, short, factor }) => [
    `${BURN_OF_SLO}${long}${of} > ${factor}`,
    `${BURN_OF_SLO}${short}${of} > ${factor}`,
    `${overWindow(`slo:turnmeter_events:rate5m${of}`, long)} * 300 >= ${eventsMin}`,
  ]);
  const whose = isByTenant ? ' of {{ $labels.tenant }}' : '';
  const share = `${Math.round((100 - percent) * 10) / 10} %`;
  return alertRule(alert, urgency, {
    pairs,
    summary: `Too many ${bad}${whose}: {{ $value | humanize }} times what may.`,
    description: `${share} may${whose}, and at this rate all that may in 30 days is used up early. ${explain(urgency.pairs)}`,
  });
}

/** `Told at 14.4x over 1h and 5m, or at 6x over 6h and 30m.` */
function explain(pairs: readonly WindowPair[]): string {
  return `Told at ${pairs.map(({ long, short, factor }) => `${factor}x over ${long} and ${short}`).join(', or at ')}.`;
}

function alertRule(
  name: string,
  { severity, for: held }: Urgency,
  rule: {
    readonly pairs: readonly (readonly string[])[];
    readonly summary: string;
    readonly description: string;
  },
): string {
  const expr = rule.pairs.map((all) => `          (\n            ${all.join('\n            and ')}\n          )\n`);
  return [
    `      - alert: ${name}\n        expr: |\n`,
    expr.join('          or\n'),
    `        for: ${held}\n`,
    `        labels:\n          severity: ${severity}\n`,
    `        annotations:\n          summary: '${rule.summary}'\n          description: '${rule.description}'\n`,
    `          runbook_url: '${RUNBOOKS}/${name}.md'\n`,
  ].join('');
}

function group(name: string, rules: readonly Rule[]): string {
  return `  - name: ${name}\n    interval: 1m\n    rules:\n${rules.map(recordingRule).join('')}`;
}

function recordingRule({ name, expr, labels }: Rule): string {
  const own = Object.entries(labels ?? {}).map(([label, value]) => `          ${label}: ${value}\n`);
  const text = `      - record: ${name}\n        expr: ${expr}\n`;
  return own.length === 0 ? text : `${text}        labels:\n${own.join('')}`;
}
