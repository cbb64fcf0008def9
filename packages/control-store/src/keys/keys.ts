import type { Authorship } from '../policies/policies.ts';

export const KeyScope = { INGEST: 'ingest', READ: 'read', ALL: 'all' } as const;
export type KeyScope = (typeof KeyScope)[keyof typeof KeyScope];

/** An API key. Only its hash is known here: nothing that is stored or dumped opens anything. */
export interface StoredKey {
  /** Unique, also among those that were revoked. */
  readonly name: string;
  /** SHA-256 of the key, in hexadecimal digits. */
  readonly sha256: string;
  /** `*`: of all. */
  readonly tenants: readonly string[] | '*';
  readonly scope: KeyScope;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly revokedBy: string | null;
  readonly revokedAtMs: number | null;
}

export interface AddKey extends Authorship {
  readonly name: string;
  readonly sha256: string;
  readonly tenants: readonly string[] | '*';
  readonly scope: KeyScope;
}

export interface Keys {
  /** @throws ControlStoreError already_exists */
  add(key: AddKey): Promise<StoredKey>;
  /** False if there is no such key, or it was revoked before. */
  revoke(revocation: Authorship & { readonly name: string }): Promise<boolean>;
  /** Revoked ones too, by name. */
  list(): Promise<readonly StoredKey[]>;
  /** Only keys that are not revoked. */
  findByHash(sha256: string): Promise<StoredKey | undefined>;
}
