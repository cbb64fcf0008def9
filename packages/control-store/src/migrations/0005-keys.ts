/** API keys by their hashes; revoked ones stay, so that what they did keeps its name. */
export const KEYS: readonly string[] = [
  `CREATE TABLE api_keys (
    name {text} PRIMARY KEY,
    sha256 {text} NOT NULL UNIQUE,
    tenants {text} NOT NULL,
    scope {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at_ms {whole} NOT NULL,
    revoked_by {text},
    revoked_at_ms {whole}
  ) {strict}`,
];
