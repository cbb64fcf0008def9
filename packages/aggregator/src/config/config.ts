// The shape of the configuration. Meaning, unit, bounds and default of each setting stand in `schema.ts`, once, where they are checked.

/** Who may send or read, and for whom. */
export interface KeyConfig {
  readonly name: string;
  readonly sha256: string;
  readonly tenants: readonly string[] | '*';
  readonly scope: 'ingest' | 'read' | 'all';
}

export interface OtlpConfig {
  readonly host: string;
  readonly http_port: number;
  readonly grpc_port: number;
  readonly body_bytes_max: number;
  readonly bytes_in_flight_max: number;
  readonly requests_per_second_max?: number | undefined;
}

export interface ClickHouseConfig {
  readonly url?: string | undefined;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly cluster?: string | undefined;
  readonly memory_bytes_max: number;
}

/** Money that is meant to be spent in a calendar day or month. */
export interface BudgetConfig {
  readonly tenant: string;
  /** All that the tenant spends when left out. */
  readonly workflow?: string | undefined;
  readonly period: 'day' | 'month';
  readonly usd: number;
}

/** Where metrics are sent to, for those who do not scrape. */
export interface PushConfig {
  /** Nothing is sent without it. */
  readonly endpoint?: string | undefined;
  readonly interval_seconds: number;
  readonly timeout_seconds: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The aggregator's settings, complete and checked. */
export interface Config {
  readonly data_dir: string;
  readonly trace_quiet_seconds: number;
  readonly session_idle_minutes: number;
  readonly otlp: OtlpConfig;
  readonly http: { readonly host: string; readonly port: number };
  readonly clickhouse: ClickHouseConfig;
  readonly book: { readonly records_max: number; readonly keep_seconds: number };
  readonly save: {
    readonly flush_seconds: number;
    readonly segment_rows_max: number;
    readonly spool_bytes_max: number;
    readonly disk_reserve_bytes: number;
  };
  /** Where policies, balances, keys, leases and stops are. */
  readonly control: { readonly url?: string | undefined };
  readonly alerts: { readonly evaluate_seconds: number; readonly allow_private_targets: boolean };
  readonly metrics: {
    readonly refresh_seconds: number;
    readonly workflows_max: number;
    readonly histograms_max: number;
    readonly push: PushConfig;
  };
  readonly budgets: readonly BudgetConfig[];
  readonly retention: { readonly observation_days: number; readonly entry_days: number };
  readonly keys: readonly KeyConfig[];
  readonly prices: readonly Readonly<Record<string, unknown>>[];
  readonly profiles: readonly Readonly<Record<string, unknown>>[];
  readonly log: { readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' };
}
