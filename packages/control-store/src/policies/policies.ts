import type { JsonDocument } from '../json-value.ts';

/** Who writes, and when. */
export interface Authorship {
  /** The name of the key or person. */
  readonly by: string;
  /** Unix time. */
  readonly atMs: number;
}

/** All policies of a scope as they were from one writing to the next. */
export interface PolicySet {
  readonly tenant: string;
  /** Counts up with each writing; 0 before the first. */
  readonly version: number;
  readonly documents: readonly JsonDocument[];
  /** Null before the first writing. */
  readonly by: string | null;
  readonly atMs: number | null;
}

export interface PutPolicies extends Authorship {
  readonly tenant: string;
  readonly documents: readonly JsonDocument[];
  /** Refuses to write over a version that the writer has not seen. */
  readonly expectedVersion?: number | undefined;
}

export interface HistoryPage {
  /** Versions older than this one. */
  readonly before?: number | undefined;
  /** @default 50 */
  readonly limit?: number | undefined;
}

/** The tenant is a scope key of the caller's; `*` is used for policies of all tenants. */
export interface Policies {
  /** The newest version. */
  list(tenant: string): Promise<PolicySet>;
  /** Replaces all documents of the tenant. @throws ControlStoreError version_conflict */
  put(put: PutPolicies): Promise<PolicySet>;
  /** Newest first. */
  history(tenant: string, page?: HistoryPage): Promise<readonly PolicySet[]>;
}
