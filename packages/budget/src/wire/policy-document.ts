// A policy rule as JSON: what `GET /api/v1/policies` gives, `PUT` takes, and configuration files hold.

/** Null and missing are the same: a wider policy's value holds. */
export interface LimitsDocument {
  readonly warning?: number | null;
  readonly critical?: number | null;
  readonly stop?: number | null;
}

export interface PolicyDocument {
  /** Null or missing: all of them. Who holds a key for one tenant only writes that tenant's. */
  readonly tenant?: string | null;
  readonly workflow?: string | null;
  readonly agent?: string | null;
  readonly model?: string | null;
  readonly shares?: LimitsDocument | null;
  readonly usd?: LimitsDocument | null;
  readonly tokens?: LimitsDocument | null;
  readonly expected_usd?: number | null;
  readonly degrade?: {
    readonly at?: 'warning' | 'critical' | null;
    readonly models?: Readonly<Record<string, string>> | null;
    readonly output_tokens_max?: number | null;
    readonly agents_max?: number | null;
  } | null;
  readonly pause_share?: number | null;
  readonly on_unavailable?: 'last-known' | 'allow' | 'deny' | null;
  readonly on_unpriced?: 'dearest' | 'refuse' | 'warn' | null;
}
