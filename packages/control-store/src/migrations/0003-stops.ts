/** Sessions and workflows that are to stop, until they are released. */
export const STOPS: readonly string[] = [
  `CREATE TABLE stops (
    tenant {text} NOT NULL,
    kind {text} NOT NULL,
    target {text} NOT NULL,
    reason {text} NOT NULL,
    written_by {text} NOT NULL,
    at_ms {whole} NOT NULL,
    PRIMARY KEY (tenant, kind, target)
  ) {strict}`,
  `CREATE INDEX stops_by_time ON stops (at_ms)`,
];
