// The text of the rules that are made of the table of windows.

import {
  BUDGET_URGENCIES,
  BURN_USD_MIN,
  type Objective,
  OBJECTIVES,
  SLO_URGENCIES,
  SLOW_WINDOWS,
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
const QUICK_WINDOWS = (Object.keys(WINDOW_SECONDS) as Window[]).filter((window) => !SLOW_WINDOWS.includes(window));

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
    group('turnmeter-budget-burn', [...budgetSums(), ...budgetRates(QUICK_WINDOWS)].map(recordingRule)),
    group('turnmeter-slo-burn', [...sloEvents(), ...sloRates(QUICK_WINDOWS)].map(recordingRule)),
  ].join('');
}

/** Who is told of them at once. */
export function alertingRules(): string {
  return `${HEADER}groups:\n${group('turnmeter-burn-alerts', [
    ...BUDGET_URGENCIES.filter(isQuick).map((urgency) => budgetAlert(urgency)),
    ...OBJECTIVES.flatMap((objective) => SLO_URGENCIES.filter(isQuick).map((urgency) => sloAlert(objective, urgency))),
  ])}`;
}

/** Long windows and who is told of them, together: an alert finds what was recorded just before, also after a restart between two evaluations. */
export function slowRules(): string {
  return [
    `${HEADER}groups:\n`,
    group('turnmeter-budget-burn-slow', [
      recordingRule({ name: 'budget:turnmeter_cost_usd:rate1h_sparse', expr: 'budget:turnmeter_cost_usd:rate1h' }),
      ...budgetRates(SLOW_WINDOWS).map(recordingRule),
      ...BUDGET_URGENCIES.filter((urgency) => !isQuick(urgency)).map((urgency) => budgetAlert(urgency)),
    ]),
    group('turnmeter-slo-burn-slow', [
      recordingRule({ name: 'slo:turnmeter_events:rate1h_sparse', expr: 'slo:turnmeter_events:rate1h' }),
      recordingRule({ name: 'slo:turnmeter_errors:rate1h_sparse', expr: averageOver('slo:turnmeter_errors', '1h') }),
      ...sloRates(SLOW_WINDOWS).map(recordingRule),
      ...OBJECTIVES.flatMap((objective) =>
        SLO_URGENCIES.filter((urgency) => !isQuick(urgency)).map((urgency) => sloAlert(objective, urgency)),
      ),
    ]),
  ].join('');
}

function isQuick({ pairs }: Urgency): boolean {
  return pairs.every(({ long }) => !SLOW_WINDOWS.includes(long));
}

/** Spending comes from the budget's own exact sum, a minute at a time. Gauges are those of five minutes: a restart of the aggregator ends no alert. */
function budgetSums(): readonly Rule[] {
  const spent = lately('spent_usd{job="turnmeter"}');
  const end = lately('period_end_timestamp_seconds{job="turnmeter"}');
  const seconds = lately('period_seconds{job="turnmeter", period="month"}');
  const sum = 'budget:turnmeter_spent_usd:max{period="month"}';
  const before = 'last_over_time(budget:turnmeter_spent_usd:max{period="month"}[1h] offset 1s)';
  const by = 'tenant, workflow, scope';
  return [
    {
      comment: 'Of several aggregators one may be behind, and still have the sum of the month before.',
      name: 'budget:turnmeter_spent_usd:max',
      expr: `max by (${by}, period) (${spent} unless on (instance, period) (${end} < on (period) group_left () max by (period) (${end})))`,
    },
    {
      name: 'budget:turnmeter_budget_usd:max',
      expr: `max by (${by}, period) (${lately('usd{job="turnmeter"}')})`,
    },
    {
      name: 'budget:turnmeter_plan_usd:rate',
      expr: `sum by (${by}) (budget:turnmeter_budget_usd:max{period="month"}) / on () group_left () max (${seconds})`,
    },
    {
      comment:
        'Since the evaluation before, up to an hour of them missing. It falls when a month begins, and by what is taken back: neither is spending.',
      name: 'budget:turnmeter_cost_usd:increase1m',
      expr: `sum by (${by}) (clamp_min(${sum} - ${before}, 0))`,
    },
  ];
}

function lately(name: string): string {
  return `last_over_time(turnmeter_budget_${name}[5m])`;
}

function budgetRates(windows: readonly Window[]): readonly Rule[] {
  const rate = 'budget:turnmeter_cost_usd:rate';
  return [
    ...windows.map((window) => ({ name: `${rate}${window}`, expr: budgetRate(window) })),
    ...windows.map((window) => ({
      name: `${BURN_OF_BUDGET}${window}`,
      expr: `${rate}${window} / (budget:turnmeter_plan_usd:rate > 0)`,
    })),
  ];
}

/** A minute without a sample is one without spending, hence no average over those there are. */
function budgetRate(window: Window): string {
  return WINDOW_SOURCES[window].of === 'rate5m'
    ? `sum_over_time(budget:turnmeter_cost_usd:increase1m[${within(window)}]) / ${WINDOW_SECONDS[window]}`
    : averageOver('budget:turnmeter_cost_usd', window);
}

function sloEvents(): readonly Rule[] {
  return OBJECTIVES.flatMap(({ slo, percent, events, errors }) => [
    { name: 'slo:turnmeter_objective:ratio', expr: `vector(${1 - shareOfErrors(percent)})`, labels: { slo } },
    ...(typeof events === 'string' ? [{ name: 'slo:turnmeter_events:rate5m', expr: events, labels: { slo } }] : []),
    { name: 'slo:turnmeter_errors:rate5m', expr: errors, labels: { slo } },
  ]);
}

/** Of errors only what longer windows read is recorded. */
function sloRates(windows: readonly Window[]): readonly Rule[] {
  return windows.flatMap((window) => {
    const events = { name: `slo:turnmeter_events:rate${window}`, expr: averageOver('slo:turnmeter_events', window) };
    const burns = OBJECTIVES.map((objective) => sloBurn(objective, window));
    if (window === '5m') return burns;
    const errors = { name: `slo:turnmeter_errors:rate${window}`, expr: averageOver('slo:turnmeter_errors', window) };
    return isRecorded(window) ? [events, errors, ...burns] : [events, ...burns];
  });
}

function sloBurn({ slo, percent, events }: Objective, window: Window): Rule {
  const rates = 'slo:turnmeter_errors';
  const of = `{slo="${slo}"}`;
  const errors = isRecorded(window) ? `${rates}:rate${window}${of}` : averageOver(rates, window, of);
  const all = `slo:turnmeter_events:rate${window}{slo="${eventsOf(slo, events)}"}`;
  return {
    name: `${BURN_OF_SLO}${window}`,
    expr: `${errors} / ignoring (slo) (${all} > 0) / ${shareOfErrors(percent)}`,
    labels: { slo },
  };
}

/** Whether a longer window is made of it as it is. */
function isRecorded(window: Window): boolean {
  return Object.values(WINDOW_SOURCES).some(({ of }) => of === `rate${window}`);
}

function eventsOf(slo: string, events: Objective['events']): string {
  return typeof events === 'string' ? slo : events.sameAs;
}

/** Rates one after the other: all of the window, once. A step without a sample is one without events, hence no average over those there are. */
function averageOver(rates: string, window: Window, selector = ''): string {
  const { of, step } = WINDOW_SOURCES[window];
  const rate = `${rates}:${of}${selector}`;
  const count = WINDOW_SECONDS[window] / STEP_SECONDS[step];
  return step === '1d'
    ? `(${averagedDays(rate, count)}) / ${count}`
    : `sum_over_time(${rate}[${within(window)}:${step}]) / ${count}`;
}

/** Steps of a day would be midnights: today, and the same moment of days before. What was not there then was nothing; half an hour spares gaps. */
function averagedDays(rate: string, count: number): string {
  const before = Array.from(
    { length: count - 1 },
    (_, at) => `(last_over_time(${rate}[30m] offset ${at + 1}d) or ${rate} * 0)`,
  );
  return [rate, ...before].join(' + ');
}

/** What may be bad: 0.01 of 99 %. */
function shareOfErrors(percent: number): number {
  return Number(((100 - percent) / 100).toPrecision(6));
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

function sloAlert(objective: Objective, urgency: Urgency): string {
  const { alert, percent, bad, isByTenant } = objective;
  const whose = isByTenant ? ' of {{ $labels.tenant }}' : '';
  const share = `${Math.round((100 - percent) * 10) / 10} %`;
  return alertRule(alert, urgency, {
    pairs: urgency.pairs.map((pair) => sloConditions(objective, pair)),
    summary: `Too many ${bad}${whose}: {{ $value | humanize }} times what may.`,
    description: `${share} may${whose}, and at this rate all that may in 30 days is used up early. ${explain(urgency.pairs)}`,
  });
}

/** Counts are made of rates, and may be a little less than whole. */
function sloConditions(objective: Objective, { long, short, factor }: WindowPair): readonly string[] {
  const { slo, percent, events, eventsMin, errorsMin } = objective;
  const of = `{slo="${slo}"}`;
  const all = `slo:turnmeter_events:rate${long}{slo="${eventsOf(slo, events)}"}`;
  const mayFail = Number((WINDOW_SECONDS[long] * shareOfErrors(percent)).toPrecision(6));
  const isImplied = eventsMin * factor * shareOfErrors(percent) >= errorsMin;
  return [
    `${BURN_OF_SLO}${long}${of} > ${factor}`,
    `${BURN_OF_SLO}${short}${of} > ${factor}`,
    `ignoring (slo) ${all} * ${WINDOW_SECONDS[long]} > ${eventsMin - 0.5}`,
    ...(isImplied
      ? []
      : [`ignoring (slo) ${BURN_OF_SLO}${long}${of} * ignoring (slo) ${all} * ${mayFail} > ${errorsMin - 0.5}`]),
  ];
}

/** `Told at 14.4x over 1h and 5m, or at 6x over 6h and 30m.` */
function explain(pairs: readonly WindowPair[]): string {
  return `Told at ${pairs.map(({ long, short, factor }) => `${factor}x over ${long} and ${short}`).join(', or at ')}.`;
}

function alertRule(
  name: string,
  { severity, for: held, keepFiringFor }: Urgency,
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
    keepFiringFor === undefined ? '' : `        keep_firing_for: ${keepFiringFor}\n`,
    `        labels:\n          severity: ${severity}\n`,
    `        annotations:\n          summary: '${rule.summary}'\n          description: '${rule.description}'\n`,
    `          runbook_url: '${RUNBOOKS}/${name}.md'\n`,
  ].join('');
}

function group(name: string, rules: readonly string[]): string {
  const interval = name.endsWith('-slow') ? '5m' : '1m';
  return `  - name: ${name}\n    interval: ${interval}\n    rules:\n${rules.join('')}`;
}

function recordingRule({ comment, name, expr, labels }: Rule): string {
  const why = comment === undefined ? '' : `      # ${comment}\n`;
  const own = Object.entries(labels ?? {}).map(([label, value]) => `          ${label}: ${value}\n`);
  const text = `${why}      - record: ${name}\n        expr: ${expr}\n`;
  return own.length === 0 ? text : `${text}        labels:\n${own.join('')}`;
}
