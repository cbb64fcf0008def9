/** Every version of a tenant's policies; the scope's row has the newest one's number, and is locked by who writes. */
export const POLICIES: readonly string[] = [
  `CREATE TABLE policy_scopes (
    tenant {text} PRIMARY KEY,
    version {whole} NOT NULL
  ) {strict}`,
  `CREATE TABLE policy_versions (
    tenant {text} NOT NULL,
    version {whole} NOT NULL,
    documents {text} NOT NULL,
    written_by {text} NOT NULL,
    at_ms {whole} NOT NULL,
    PRIMARY KEY (tenant, version)
  ) {strict}`,
];
