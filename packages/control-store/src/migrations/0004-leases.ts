/** What guards told, and what is kept for them; the session's row is locked by who changes a share of it. */
export const LEASES: readonly string[] = [
  `CREATE TABLE lease_sessions (
    tenant {text} NOT NULL,
    session {text} NOT NULL,
    told_at_ms {whole} NOT NULL,
    PRIMARY KEY (tenant, session)
  ) {strict}`,
  `CREATE INDEX lease_sessions_by_time ON lease_sessions (told_at_ms)`,
  `CREATE TABLE lease_shares (
    tenant {text} NOT NULL,
    session {text} NOT NULL,
    guard {text} NOT NULL,
    sequence {whole} NOT NULL,
    spent_nano_usd {whole} NOT NULL,
    spent_tokens {whole} NOT NULL,
    reserved_nano_usd {whole} NOT NULL,
    reserved_tokens {whole} NOT NULL,
    leased_nano_usd {whole},
    leased_tokens {whole},
    committed_nano_usd {whole} NOT NULL,
    committed_tokens {whole} NOT NULL,
    is_over {whole} NOT NULL,
    expires_at_ms {whole} NOT NULL,
    told_at_ms {whole} NOT NULL,
    PRIMARY KEY (tenant, session, guard)
  ) {strict}`,
];
