import type { ControlStore, ControlStoreOptions } from './control-store.ts';
import { ControlStoreError, ControlStoreErrorCode } from './control-store-error.ts';

/**
 * Opens the store, and brings its tables up to date. Several processes may do so at once.
 *
 * @throws ControlStoreError invalid, unavailable, busy
 */
export async function openControlStore(options: ControlStoreOptions): Promise<ControlStore> {
  await Promise.resolve();
  throw new ControlStoreError(`The control store cannot be opened yet: ${options.file ?? ''}`, {
    code: ControlStoreErrorCode.UNAVAILABLE,
  });
}
