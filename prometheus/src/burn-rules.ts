// The text of the rules that are made of the table of windows.

import {
  BUDGET_URGENCIES,
  BURN_USD_MIN,
  type Objective,
  OBJECTIVES,
  SLO_URGENCIES,
  STEP_SECONDS,
  type Urgency,
  type Window,
  WINDOW_SECONDS,
  WINDOW_SOURCES,
  type WindowPair,
} from './burn-windows.ts';

const HEADER = '# Written by `npm run prometheus:rules` from src/burn-windows.ts. Do not edit.\n';
const RUNBOOKS = 'https://github.com/turnmeter/turnmeter/blob/main/docs/runbooks';
const BURN_OF_SLO = 'slo:turnmeter_burn:ratio_rate';
const BURN_OF_BUDGET = 'budget:turnmeter_burn:ratio_rate';
const WINDOWS = Object.keys(WINDOW_SECONDS) as Window[];

interface Rule {
  /** Why it is as it is, where that is not plain. */
  readonly comment?: string;
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

/** Spending comes from the budget's own exact sum, a minute at a time. */
function budgetRates(): readonly Rule[] {
  const spent = 'turnmeter_budget_spent_usd{job="turnmeter"}';
  const budget = 'turnmeter_budget_usd{job="turnmeter", period="month"}';
  const seconds = 'max (turnmeter_budget_period_seconds{job="turnmeter", period="month"})';
  const end = 'turnmeter_budget_period_end_timestamp_seconds{job="turnmeter"}';
  const sum = 'budget:turnmeter_spent_usd:max{period="month"}';
  const before = 'last_over_time(budget:turnmeter_spent_usd:max{period="month"}[1h] offset 1s)';
  const rate = 'budget:turnmeter_cost_usd:rate';
  const by = 'tenant, workflow, scope';
  return [
    {
      comment: 'Of several aggregators one may be behind, and still have the sum of the month before.',
      name: 'budget:turnmeter_spent_usd:max',
      expr:
        `max by (${by}, period) (${spent} unless on (instance, period) ` +
        `(${end} < on (period) group_left () max by (period) (${end})))`,
    },
    { name: 'budget:turnmeter_plan_usd:rate', expr: `max by (${by}) (${budget}) / on () group_left () ${seconds}` },
    {
      comment:
        'Since the evaluation before, up to an hour of them missing. It falls when a month begins, and by what is taken back: neither is spending.',
      name: 'budget:turnmeter_cost_usd:increase1m',
      expr: `sum by (${by}) (clamp_min(${sum} - ${before}, 0))`,
    },
    ...WINDOWS.map((window) => ({ name: `${rate}${window}`, expr: budgetRate(window) })),
    ...WINDOWS.map((window) => ({
      name: `${BURN_OF_BUDGET}${window}`,
      expr: `${rate}${window} / (budget:turnmeter_plan_usd:rate > 0)`,
    })),
  ];
}

/** A minute without a sample is one without spending, hence no average over those there are. */
function budgetRate(window: Window): string {
  const { of, step } = WINDOW_SOURCES[window];
  const source = `budget:turnmeter_cost_usd:${of}`;
  return of === 'increase1m'
    ? `sum_over_time(${source}[${within(window)}]) / ${WINDOW_SECONDS[window]}`
    : `sum_over_time(${source}[${within(window)}:${step}]) / ${samplesIn(window, step)}`;
}

function sloRates(): readonly Rule[] {
  const longer = WINDOWS.filter((window) => window !== '5m');
  return [
    ...OBJECTIVES.flatMap(({ slo, percent, events, errors }) => [
      { name: 'slo:turnmeter_objective:ratio', expr: `vector(${percent / 100})`, labels: { slo } },
      { name: 'slo:turnmeter_events:rate5m', expr: events, labels: { slo } },
      { name: 'slo:turnmeter_errors:rate5m', expr: errors, labels: { slo } },
    ]),
    ...longer.flatMap((window) => [
      { name: `slo:turnmeter_events:rate${window}`, expr: sloRate('slo:turnmeter_events', window) },
      { name: `slo:turnmeter_errors:rate${window}`, expr: sloRate('slo:turnmeter_errors', window) },
    ]),
    ...WINDOWS.map((window) => ({ name: `${BURN_OF_SLO}${window}`, expr: sloBurn(window) })),
  ];
}

/** Rates over five minutes, one each five minutes: all of the window, once. Longer ones of those over an hour. */
function sloRate(rates: string, window: Window): string {
  const { of, step } = WINDOW_SOURCES[window];
  const [source, every] = of === 'rate1h' ? ([of, step] as const) : (['rate5m', '5m'] as const);
  return `sum_over_time(${rates}:${source}[${within(window)}:${every}]) / ${samplesIn(window, every)}`;
}

function sloBurn(window: Window): string {
  const ratio = `slo:turnmeter_errors:rate${window} / (slo:turnmeter_events:rate${window} > 0)`;
  return `(${ratio}) / on (slo) group_left () (1 - slo:turnmeter_objective:ratio)`;
}

/** `59m59s` for an hour: Prometheus 2 counts the sample at the begin of a range, Prometheus 3 does not. */
function within(window: Window): string {
  const seconds = WINDOW_SECONDS[window] - 1;
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('');
}

function samplesIn(window: Window, step: keyof typeof STEP_SECONDS): number {
  return WINDOW_SECONDS[window] / STEP_SECONDS[step];
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
    `slo:turnmeter_events:rate${long}${of} * ${WINDOW_SECONDS[long]} >= ${eventsMin}`,
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

function recordingRule({ comment, name, expr, labels }: Rule): string {
  const why = comment === undefined ? '' : `      # ${comment}\n`;
  const own = Object.entries(labels ?? {}).map(([label, value]) => `          ${label}: ${value}\n`);
  const text = `${why}      - record: ${name}\n        expr: ${expr}\n`;
  return own.length === 0 ? text : `${text}        labels:\n${own.join('')}`;
}
