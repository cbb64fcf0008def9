// The keys that may send or read. Only their hashes are known, so nothing that is stored or dumped opens anything.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyConfig } from './config/config.ts';

interface HashedKey {
  readonly hash: Buffer;
  readonly key: KeyConfig;
}

export class Keyring {
  readonly #keys: readonly HashedKey[];

  constructor(keys: readonly KeyConfig[]) {
    this.#keys = keys.map((key) => ({ hash: Buffer.from(key.sha256, 'hex'), key }));
  }

  /** Without keys everybody who reaches the port may send and read, so only loopback is listened on. */
  get isOpen(): boolean {
    return this.#keys.length === 0;
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
}
