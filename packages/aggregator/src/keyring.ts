// The keys that may send or read: those of the configuration, and those of the control store. Only their hashes are known, so nothing
// that is stored or dumped opens anything.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyConfig } from './config/config.ts';

interface HashedKey {
  readonly hash: Buffer;
  readonly key: KeyConfig;
}

/** A key that can be revoked. */
export interface RevocableKey extends KeyConfig {
  readonly revokedAtMs: number | null;
}

export class Keyring {
  #configured: readonly HashedKey[];
  #stored: readonly RevocableKey[] = [];
  #keys: readonly HashedKey[] = [];
  #isOpen = true;

  constructor(keys: readonly KeyConfig[]) {
    this.#configured = keys.map(hashed);
    this.#join();
  }

  /**
   * Without keys everybody who reaches the port may send and read, so only loopback is listened on. Once a key was made it stays closed,
   * also when all of them are revoked or left out of a configuration that is read anew: nobody opens a service by taking keys away.
   */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Takes over all keys that were ever made while the service ran, in place of those that it was told before. */
  replaceStored(keys: readonly RevocableKey[]): void {
    this.#stored = keys;
    this.#join();
  }

  /** Takes over the keys of a configuration that was read anew. */
  replaceConfigured(keys: readonly KeyConfig[]): void {
    this.#configured = keys.map(hashed);
    this.#join();
  }

  /** Whether a key that was found once is still one. */
  holds({ sha256 }: KeyConfig): boolean {
    return this.#keys.some(({ key }) => key.sha256 === sha256);
  }

  /**
   * The key in an `Authorization: Bearer …` header. All keys are compared, each in constant time: how long it takes tells neither
   * how much of a key was right nor which one it was.
   */
  find(authorization: string | undefined): KeyConfig | undefined {
    const token = /^Bearer +([\x21-\x7e]{1,1024})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const hash = createHash('sha256').update(token).digest();
    let found: KeyConfig | undefined;
    for (const known of this.#keys) if (timingSafeEqual(hash, known.hash)) found = known.key;
    return found;
  }

  #join(): void {
    const valid = this.#stored.filter(({ revokedAtMs }) => revokedAtMs === null);
    this.#keys = [...this.#configured, ...valid.map(hashed)];
    this.#isOpen &&= this.#configured.length === 0 && this.#stored.length === 0;
  }
}

function hashed(key: KeyConfig): HashedKey {
  return { hash: Buffer.from(key.sha256, 'hex'), key };
}
