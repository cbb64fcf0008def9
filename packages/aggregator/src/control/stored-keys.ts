import { type Change, ChangeTopic, type ControlStore } from '@turnmeter/control-store';
import type { Keyring } from '../keyring.ts';
import type { ChangeFollower } from './change-feed.ts';

/** Keeps the keyring up to date with the keys in the control store: one that was revoked opens nothing as soon as that is known. */
export class StoredKeys implements ChangeFollower {
  readonly #store: Pick<ControlStore, 'keys'>;
  readonly #keyring: Keyring;

  constructor(store: Pick<ControlStore, 'keys'>, keyring: Keyring) {
    this.#store = store;
    this.#keyring = keyring;
  }

  async reload(): Promise<void> {
    this.#keyring.replaceStored(await this.#store.keys.list());
  }

  async apply({ topic }: Change): Promise<void> {
    if (topic === ChangeTopic.KEYS) await this.reload();
  }
}
