// Columns as the code sees them. Whole numbers come back as bigint from both databases, so that none is rounded.

import type { ColumnType } from 'kysely';

type Whole = ColumnType<bigint, bigint | number, bigint | number>;
type WholeOrNull = ColumnType<bigint | null, bigint | number | null, bigint | number | null>;

export interface Tables {
  counters: { name: string; value: Whole };
  changes: { cursor: Whole; topic: string; tenant: string; document: string; at_ms: Whole };
  policy_scopes: { tenant: string; version: Whole };
  policy_versions: { tenant: string; version: Whole; documents: string; written_by: string; at_ms: Whole };
  stops: { tenant: string; kind: string; target: string; reason: string; written_by: string; at_ms: Whole };
  lease_sessions: { tenant: string; session: string; told_at_ms: Whole };
  lease_shares: {
    tenant: string;
    session: string;
    guard: string;
    sequence: Whole;
    spent_nano_usd: Whole;
    spent_tokens: Whole;
    reserved_nano_usd: Whole;
    reserved_tokens: Whole;
    leased_nano_usd: WholeOrNull;
    leased_tokens: WholeOrNull;
    committed_nano_usd: Whole;
    committed_tokens: Whole;
    is_over: Whole;
    expires_at_ms: Whole;
    told_at_ms: Whole;
  };
  api_keys: {
    name: string;
    sha256: string;
    tenants: string;
    scope: string;
    created_by: string;
    created_at_ms: Whole;
    revoked_by: string | null;
    revoked_at_ms: WholeOrNull;
  };
  alert_rules: { tenant: string; id: string; version: Whole; document: string; written_by: string; at_ms: Whole };
  alert_states: {
    tenant: string;
    rule_id: string;
    fingerprint: string;
    state: string;
    since_ms: Whole;
    last_delivery_ms: WholeOrNull;
    document: string;
  };
  deliveries: {
    id: string;
    tenant: string;
    rule_id: string;
    url: string;
    body: string;
    document: string;
    attempts: Whole;
    next_attempt_ms: Whole;
    outcome: string;
    detail: string | null;
    created_at_ms: Whole;
    finished_at_ms: WholeOrNull;
  };
  balance_accounts: {
    id: Whole;
    tenant: string;
    account: string;
    unit: string;
    sequence: Whole;
    free: Whole;
    reserved: Whole;
    spent: Whole;
    expired: Whole;
    granted: Whole;
    refunded: Whole;
    uncovered: Whole;
    lots: string;
    due_at_ms: WholeOrNull;
    created_at_ms: Whole;
  };
  balance_entries: {
    account_id: Whole;
    sequence: Whole;
    tenant: string;
    kind: string;
    amount: Whole;
    uncovered: Whole;
    refers_to: WholeOrNull;
    expires_at_ms: WholeOrNull;
    idempotency_key: string | null;
    fingerprint: string | null;
    note: string | null;
    written_by: string | null;
    at_ms: Whole;
    free_after: Whole;
    reserved_after: Whole;
    spent_after: Whole;
  };
  balance_reservations: {
    account_id: Whole;
    sequence: Whole;
    lots: string;
    expires_at_ms: WholeOrNull;
  };
  locks: { name: string; holder: string; expires_at_ms: Whole };
}
