/** Rules of tenants, how it stands with them, and messages that are to be sent. */
export const ALERTS: readonly string[] = [
  `CREATE TABLE alert_rules (
    tenant {text} NOT NULL,
    id {text} NOT NULL,
    version {whole} NOT NULL,
    document {text} NOT NULL,
    written_by {text} NOT NULL,
    at_ms {whole} NOT NULL,
    PRIMARY KEY (tenant, id)
  ) {strict}`,
  `CREATE TABLE alert_states (
    tenant {text} NOT NULL,
    rule_id {text} NOT NULL,
    fingerprint {text} NOT NULL,
    state {text} NOT NULL,
    since_ms {whole} NOT NULL,
    last_delivery_ms {whole},
    document {text} NOT NULL,
    PRIMARY KEY (tenant, rule_id, fingerprint)
  ) {strict}`,
  `CREATE TABLE deliveries (
    id {text} PRIMARY KEY,
    tenant {text} NOT NULL,
    rule_id {text} NOT NULL,
    url {text} NOT NULL,
    body {text} NOT NULL,
    document {text} NOT NULL,
    attempts {whole} NOT NULL,
    next_attempt_ms {whole} NOT NULL,
    outcome {text} NOT NULL,
    detail {text},
    created_at_ms {whole} NOT NULL,
    finished_at_ms {whole}
  ) {strict}`,
  `CREATE INDEX deliveries_due ON deliveries (next_attempt_ms) WHERE outcome = 'waiting'`,
  `CREATE INDEX deliveries_by_tenant ON deliveries (tenant, created_at_ms)`,
  `CREATE INDEX deliveries_finished ON deliveries (finished_at_ms) WHERE outcome <> 'waiting'`,
];
