/**
 * The ledger, and what follows from it. Accounts and reservations are there to be quick: replaying the entries gives the same. The databases
 * refuse themselves what must never be: a negative amount, sums that do not add up, an entry that is changed or deleted.
 */
export const BALANCES: readonly string[] = [
  `CREATE TABLE balance_accounts (
    id {whole} PRIMARY KEY,
    tenant {text} NOT NULL,
    account {text} NOT NULL,
    unit {text} NOT NULL,
    sequence {whole} NOT NULL,
    free {whole} NOT NULL CHECK (free >= 0),
    reserved {whole} NOT NULL CHECK (reserved >= 0),
    spent {whole} NOT NULL CHECK (spent >= 0),
    expired {whole} NOT NULL CHECK (expired >= 0),
    granted {whole} NOT NULL CHECK (granted >= 0),
    refunded {whole} NOT NULL CHECK (refunded >= 0),
    uncovered {whole} NOT NULL CHECK (uncovered >= 0),
    lots {text} NOT NULL,
    due_at_ms {whole},
    created_at_ms {whole} NOT NULL,
    UNIQUE (tenant, account, unit),
    CHECK (granted + refunded = free + reserved + spent + expired)
  ) {strict}`,
  `CREATE INDEX balance_accounts_due ON balance_accounts (due_at_ms) WHERE due_at_ms IS NOT NULL`,
  `CREATE TABLE balance_entries (
    account_id {whole} NOT NULL REFERENCES balance_accounts (id),
    sequence {whole} NOT NULL,
    tenant {text} NOT NULL,
    kind {text} NOT NULL,
    amount {whole} NOT NULL CHECK (amount >= 0),
    uncovered {whole} NOT NULL CHECK (uncovered >= 0),
    refers_to {whole},
    expires_at_ms {whole},
    idempotency_key {text},
    fingerprint {text},
    note {text},
    written_by {text},
    at_ms {whole} NOT NULL,
    free_after {whole} NOT NULL CHECK (free_after >= 0),
    reserved_after {whole} NOT NULL CHECK (reserved_after >= 0),
    spent_after {whole} NOT NULL CHECK (spent_after >= 0),
    PRIMARY KEY (account_id, sequence)
  ) {clustered}`,
  `CREATE UNIQUE INDEX balance_entries_once ON balance_entries (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL`,
  `CREATE INDEX balance_entries_referring ON balance_entries (account_id, refers_to) WHERE refers_to IS NOT NULL`,
  `CREATE TABLE balance_reservations (
    account_id {whole} NOT NULL REFERENCES balance_accounts (id),
    sequence {whole} NOT NULL,
    lots {text} NOT NULL,
    expires_at_ms {whole},
    PRIMARY KEY (account_id, sequence)
  ) {clustered}`,
  `CREATE INDEX balance_reservations_due ON balance_reservations (account_id, expires_at_ms) WHERE expires_at_ms IS NOT NULL`,
  `sqlite: CREATE TRIGGER balance_entries_stay BEFORE UPDATE ON balance_entries
    BEGIN SELECT RAISE(ABORT, 'entries of the ledger are never changed'); END`,
  `sqlite: CREATE TRIGGER balance_entries_remain BEFORE DELETE ON balance_entries
    BEGIN SELECT RAISE(ABORT, 'entries of the ledger are never deleted'); END`,
  `postgres: CREATE FUNCTION refuse_to_change_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'entries of the ledger are never changed or deleted'; END $$`,
  `postgres: CREATE TRIGGER balance_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON balance_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_entries()`,
];
