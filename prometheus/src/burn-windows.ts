// The one table of windows, factors and objectives. `npm run prometheus:rules` writes rules/burn-rates.yaml and rules/burn-alerts.yaml from it.

/** A long window says that it matters, a short one that it goes on. */
export interface WindowPair {
  readonly long: Window;
  readonly short: Window;
  /** Burn rate: 1 uses up the budget exactly by the end of its time. */
  readonly factor: number;
}

export type Window = '5m' | '30m' | '1h' | '2h' | '6h' | '1d' | '3d';

export const WINDOW_SECONDS: Readonly<Record<Window, number>> = {
  '5m': 300,
  '30m': 1800,
  '1h': 3600,
  '2h': 7200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

/** Rates over so long are averaged, one each so often, which tiles the window. */
export interface WindowSource {
  /** `sparse` is what others record each minute, recorded each five. */
  readonly of: 'rate5m' | 'rate1h_sparse' | 'rate1d';
  readonly step: '5m' | '1h' | '1d';
}

export const STEP_SECONDS: Readonly<Record<WindowSource['step'], number>> = { '5m': 300, '1h': 3600, '1d': 86_400 };

/** What rates of promises are made of: few steps of few samples. */
export const WINDOW_SOURCES: Readonly<Record<Window, WindowSource>> = {
  '5m': { of: 'rate5m', step: '5m' },
  '30m': { of: 'rate5m', step: '5m' },
  '1h': { of: 'rate5m', step: '5m' },
  '2h': { of: 'rate5m', step: '5m' },
  '6h': { of: 'rate5m', step: '5m' },
  '1d': { of: 'rate1h_sparse', step: '1h' },
  '3d': { of: 'rate1d', step: '1d' },
};

/**
 * Windows that are recorded each five minutes instead of each minute, and looked at by alerts that wait for an hour. What is recorded each minute for three
 * days are 4,320 samples of each series, and all of them are read for an average over three days, however few of them count.
 */
export const SLOW_WINDOWS: readonly Window[] = ['2h', '1d', '3d'];

export interface Urgency {
  readonly severity: 'critical' | 'warning';
  readonly pairs: readonly WindowPair[];
  /** How long it must hold: the pairs look back far enough, this spares what a restart leaves behind. */
  readonly for: string;
  /** How long it goes on when it holds no more: while an aggregator starts again, nothing is spent that anybody sees. */
  readonly keepFiringFor?: string;
}

/** As in the SRE workbook: 2 % of a month in an hour, 5 % in six, 10 % in a day and in three. */
const FAST: readonly WindowPair[] = [
  { long: '1h', short: '5m', factor: 14.4 },
  { long: '6h', short: '30m', factor: 6 },
];

/** Errors at 1x use up all that may fail in a month. */
export const SLO_URGENCIES: readonly Urgency[] = [
  { severity: 'critical', pairs: FAST, for: '2m', keepFiringFor: '5m' },
  {
    severity: 'warning',
    pairs: [
      { long: '1d', short: '2h', factor: 3 },
      { long: '3d', short: '6h', factor: 1 },
    ],
    for: '1h',
  },
];

/** Money at 1x is the plan, and eight hours of work a day are 1.4x over three days: the slowest pair begins above. */
export const BUDGET_URGENCIES: readonly Urgency[] = [
  { severity: 'critical', pairs: FAST, for: '2m', keepFiringFor: '5m' },
  {
    severity: 'warning',
    pairs: [
      { long: '1d', short: '2h', factor: 3 },
      { long: '3d', short: '6h', factor: 1.5 },
    ],
    for: '1h',
  },
];

/** US dollars in the long window below which nobody is told: a session of 0.30 USD burns a budget of 0.50 USD at 345x. */
export const BURN_USD_MIN = 1;

/** A promise: this share of events is good. */
export interface Objective {
  /** As in the label `slo`. */
  readonly slo: string;
  readonly alert: string;
  /** Percent of events that are good. */
  readonly percent: number;
  /** What an event is, per second over five minutes; or the promise whose events they are too. */
  readonly events: string | { readonly sameAs: string };
  /** What a bad one is, per second over five minutes. */
  readonly errors: string;
  /** Events in the long window below which nobody is told. */
  readonly eventsMin: number;
  /** Bad ones, likewise: of ten events a single one is a tenth, and no pattern. */
  readonly errorsMin: number;
  readonly bad: string;
  /** Whether each tenant has its own. */
  readonly isByTenant: boolean;
}

// Five minutes and a scrape: what rises between the last scrape of one window and the first of the next is in one of them, and only in one.
const RANGE = '[5m15s]';
const SESSIONS = 'turnmeter_sessions_finalized_total{job="turnmeter"}';
const STOPPED = 'turnmeter_session_threshold_crossings_total{job="turnmeter", level="stop"}';
const FAILED = 'turnmeter_sessions_finalized_total{job="turnmeter", outcome="failed"}';
const TURNS = 'turnmeter_turn_duration_seconds_count{job="turnmeter"}';
// Of a server that takes native histograms instead, or is pushed to. There 30 s are within a bucket, of which a part counts; no turns have no share.
const NATIVE_TURNS = `sum by (tenant) (rate(turnmeter_turn_duration_seconds{job="turnmeter"}${RANGE}))`;
const SLOW_SHARE = `(1 - histogram_fraction(0, 30, ${NATIVE_TURNS}))`;
// Prometheus 3 writes `le="30"` as `30.0`.
const QUICK_TURNS = 'turnmeter_turn_duration_seconds_bucket{job="turnmeter", le=~"30([.]0)?"}';
const VISIBLE = 'turnmeter_visible_delay_seconds_count{job="turnmeter"}';
const VISIBLE_SOON = 'turnmeter_visible_delay_seconds_bucket{job="turnmeter", le=~"10([.]0)?"}';

export const OBJECTIVES: readonly Objective[] = [
  {
    slo: 'session-cost',
    alert: 'TurnmeterSessionCostSloBurn',
    percent: 99,
    events: `sum by (tenant) (rate(${SESSIONS}${RANGE}))`,
    errors: `sum by (tenant) (rate(${STOPPED}${RANGE}))`,
    eventsMin: 10,
    errorsMin: 3,
    bad: 'sessions cost more than 150 % of what is expected of them, or than their limit',
    isByTenant: true,
  },
  {
    slo: 'turn-latency',
    alert: 'TurnmeterTurnLatencySloBurn',
    percent: 95,
    events: `sum by (tenant) (rate(${TURNS}${RANGE})) or histogram_count(${NATIVE_TURNS})`,
    errors:
      `sum by (tenant) (rate(${TURNS}${RANGE})) - sum by (tenant) (rate(${QUICK_TURNS}${RANGE})) ` +
      `or histogram_count(${NATIVE_TURNS}) * ${SLOW_SHARE} >= 0 or histogram_count(${NATIVE_TURNS}) * 0`,
    eventsMin: 10,
    errorsMin: 3,
    bad: 'turns took longer than 30 s',
    isByTenant: true,
  },
  {
    slo: 'failed-sessions',
    alert: 'TurnmeterFailedSessionsSloBurn',
    percent: 95,
    // Which are many series.
    events: { sameAs: 'session-cost' },
    errors: `sum by (tenant) (rate(${FAILED}${RANGE}))`,
    eventsMin: 10,
    errorsMin: 3,
    bad: 'sessions had a call, tool or turn that failed',
    isByTenant: true,
  },
  {
    slo: 'freshness',
    alert: 'TurnmeterFreshnessSloBurn',
    percent: 99.9,
    events: `sum (rate(${VISIBLE}${RANGE}))`,
    errors: `sum (rate(${VISIBLE}${RANGE})) - sum (rate(${VISIBLE_SOON}${RANGE}))`,
    eventsMin: 100,
    errorsMin: 3,
    bad: 'segments of records took longer than 10 s to be in the figures',
    isByTenant: false,
  },
];
