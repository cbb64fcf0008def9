/** What only one process does at a time. */
export const LOCKS: readonly string[] = [
  `CREATE TABLE locks (
    name {text} PRIMARY KEY,
    holder {text} NOT NULL,
    expires_at_ms {whole} NOT NULL
  ) {strict}`,
];
