// The aggregator's own metrics, declared as data, and the only place that knows prom-client. Names follow Prometheus: base units, `_total`
// on counters, labels of low cardinality. Nothing is dropped, refused or changed without a counter here (design §3, point 5).

import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const COUNTERS = {
  turnmeter_requests_total: {
    help: 'Export requests by signal, protocol and status code.',
    labels: ['signal', 'protocol', 'code'],
  },
  turnmeter_request_bytes_total: { help: 'Bytes of request bodies after inflating, by signal.', labels: ['signal'] },
  turnmeter_records_accepted_total: { help: 'Records taken over, by signal.', labels: ['signal'] },
  turnmeter_records_refused_total: {
    help: 'Records or whole requests refused, by stage and reason.',
    labels: ['stage', 'reason'],
  },
  turnmeter_records_passed_over_total: {
    help: 'Log records and metric points that say nothing about calls, by signal.',
    labels: ['signal'],
  },
  turnmeter_records_repeated_total: { help: 'Records that were there already, by signal.', labels: ['signal'] },
  turnmeter_values_clamped_total: {
    help: 'Values that could not be and were repaired or left out, by reason.',
    labels: ['reason'],
  },
  turnmeter_observations_total: {
    help: 'Records by the profile that read them and the role it gave them.',
    labels: ['profile', 'role'],
  },
  turnmeter_entries_booked_total: { help: 'Entries booked, by kind and reason.', labels: ['kind', 'reason'] },
  turnmeter_entries_reversed_total: {
    help: 'Entries taken back because of later news, by what they are booked as now.',
    labels: ['because'],
  },
  turnmeter_tokens_excluded_total: {
    help: 'Tokens seen and not counted, because they are counted elsewhere or never, by reason.',
    labels: ['reason'],
  },
  turnmeter_tokens_unpriced_total: { help: 'Counted tokens for which nobody has a price.', labels: ['provider'] },
  turnmeter_traces_reloaded_total: {
    help: 'Traces read back from storage because late records came for them.',
    labels: [],
  },
  turnmeter_segments_saved_total: { help: 'Segments that the database holds completely.', labels: [] },
  turnmeter_api_requests_total: {
    help: 'Requests to the JSON API by route and status code.',
    labels: ['route', 'code'],
  },
  turnmeter_guard_actions_total: {
    help: 'What guards in apps did about budgets: notify, degrade, pause, resume, stop, override.',
    labels: ['tenant', 'workflow', 'action'],
  },
  turnmeter_streams_cut_total: {
    help: 'Streams of events that were ended because whoever listened did not read, or may no longer, by reason.',
    labels: ['reason'],
  },
  turnmeter_alert_evaluations_total: { help: 'Evaluations of alert rules, by outcome.', labels: ['outcome'] },
  turnmeter_alert_deliveries_total: {
    help: 'Attempts to deliver alert messages to webhooks, by outcome.',
    labels: ['outcome'],
  },
  turnmeter_control_store_thread_ends_total: {
    help: 'How often the thread of the control store ended by itself and was followed by another.',
    labels: [],
  },
  turnmeter_metrics_pushes_total: { help: 'Rounds of sending metrics by OTLP, by outcome.', labels: ['outcome'] },
  turnmeter_config_reloads_total: { help: 'Configurations that were read anew, by outcome.', labels: ['outcome'] },
  turnmeter_insert_failures_total: {
    help: 'Failed inserts, by whether they are tried again.',
    labels: ['code', 'retried'],
  },
} as const;

const GAUGES = {
  turnmeter_book_records: { help: 'Records of open traces in memory.', labels: [] },
  turnmeter_segments_pending: { help: 'Segments that are durable on disk and not yet in the database.', labels: [] },
  turnmeter_segments_pending_bytes: { help: 'Their size in bytes.', labels: [] },
  turnmeter_segments_quarantined: {
    help: 'Segments that were put aside because something is wrong with them: each needs a person.',
    labels: [],
  },
  turnmeter_streams: { help: 'Streams of events that somebody listens to.', labels: [] },
  turnmeter_alerts_firing: {
    help: 'Alerts of all tenants that fire; told by the aggregator that evaluates.',
    labels: [],
  },
  turnmeter_ingest_lag_seconds: { help: 'Age of the oldest segment that is not yet in the database.', labels: [] },
} as const;

const HISTOGRAMS = {
  turnmeter_request_duration_seconds: {
    help: 'Time from the first byte of an export request to its answer.',
    labels: ['signal', 'protocol'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  turnmeter_api_request_duration_seconds: {
    help: 'Time from a request to the JSON API to the end of its answer.',
    labels: ['route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  },
  turnmeter_visible_delay_seconds: {
    help: 'Time from the receipt of a record to its entries being in the database.',
    labels: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 5, 10, 60],
  },
} as const;

export type CounterName = keyof typeof COUNTERS;
export type GaugeName = keyof typeof GAUGES;
export type HistogramName = keyof typeof HISTOGRAMS;
export type Labels = Readonly<Record<string, string>>;

/** Where stages report what they did. */
export interface Telemetry {
  count(name: CounterName, labels?: Labels, by?: number): void;
  set(name: GaugeName, value: number): void;
  observe(name: HistogramName, seconds: number, labels?: Labels): void;
}

/** Telemetry that Prometheus can scrape. */
export class PrometheusTelemetry implements Telemetry {
  readonly registry: Registry = new Registry();
  readonly #counters: ReadonlyMap<CounterName, Counter>;
  readonly #gauges: ReadonlyMap<GaugeName, Gauge>;
  readonly #histograms: ReadonlyMap<HistogramName, Histogram>;

  constructor() {
    const registers = [this.registry];
    this.#counters = mapEntries(
      COUNTERS,
      (name, { help, labels }) => new Counter({ name, help, labelNames: labels, registers }),
    );
    this.#gauges = mapEntries(
      GAUGES,
      (name, { help, labels }) => new Gauge({ name, help, labelNames: labels, registers }),
    );
    this.#histograms = mapEntries(
      HISTOGRAMS,
      (name, { help, labels, buckets }) =>
        new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
    );
  }

  count(name: CounterName, labels: Labels = {}, by: number = 1): void {
    if (by > 0) this.#counters.get(name)?.inc(labels, by);
  }

  set(name: GaugeName, value: number): void {
    this.#gauges.get(name)?.set(value);
  }

  observe(name: HistogramName, seconds: number, labels: Labels = {}): void {
    this.#histograms.get(name)?.observe(labels, seconds);
  }
}

/** For those who run a stage alone. */
export const NO_TELEMETRY: Telemetry = { count() {}, set() {}, observe() {} };

function mapEntries<const Source extends object, Made>(
  source: Source,
  make: (name: keyof Source & string, declared: Source[keyof Source]) => Made,
): ReadonlyMap<keyof Source & string, Made> {
  return new Map(
    Object.entries(source).map(([name, declared]) => [
      name as keyof Source & string,
      make(name as keyof Source & string, declared as Source[keyof Source]),
    ]),
  );
}
