import { invalid } from './check-input.ts';
import type { ControlStore, ControlStoreOptions } from './control-store.ts';
import { describeFailure } from './database/describe-failure.ts';
import { openPostgres } from './database/open-postgres.ts';
import { storeOf } from './store-of.ts';
import { openInThread } from './worker/open-in-thread.ts';

/**
 * Opens the store, and brings its tables up to date. Several processes may do so at once.
 *
 * @throws ControlStoreError invalid, unavailable, busy
 */
export async function openControlStore({ url, file, onThreadEnd }: ControlStoreOptions): Promise<ControlStore> {
  if ((url === undefined) === (file === undefined)) throw invalid('url', 'either a url or a file', { url, file });
  if (url === undefined) return openInThread(file ?? '', { onThreadEnd });
  // A URL holds a password, so it is not shown.
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw invalid('url', 'postgres://user:password@host/database', `${url.slice(0, 5)}…`);
  try {
    return storeOf(await openPostgres(url));
  } catch (error) {
    throw describeFailure(error);
  }
}
