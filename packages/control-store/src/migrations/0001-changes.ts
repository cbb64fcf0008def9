/** What was written, for those who hold copies; and counters, whose rows are locked to number things without gaps. */
export const CHANGES: readonly string[] = [
  `CREATE TABLE counters (
    name {text} PRIMARY KEY,
    value {whole} NOT NULL
  ) {strict}`,
  `INSERT INTO counters (name, value) VALUES ('changes', 0), ('balance_accounts', 0)`,
  `CREATE TABLE changes (
    cursor {whole} PRIMARY KEY,
    topic {text} NOT NULL,
    tenant {text} NOT NULL,
    document {text} NOT NULL,
    at_ms {whole} NOT NULL
  ) {strict}`,
  `CREATE INDEX changes_by_time ON changes (at_ms)`,
];
