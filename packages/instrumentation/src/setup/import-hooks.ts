import { register } from 'node:module';
import { createAddHookMessageChannel } from 'import-in-the-middle';
import { register as registerSync, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs';

/**
 * Lets ES modules be attached to as they are imported. Only the named packages are looked at, and their files whose address ends as
 * a pattern says: hooking everything would cost an app seconds at its start.
 */
export function hookImports(packages: readonly (string | RegExp)[]): void {
  const include = [...new Set(packages)];
  if (supportsSyncHooks()) {
    registerSync({ include });
    return;
  }
  // Node before 22.22.3 and 24.11.1: hooks in a thread of their own, at some 2 ms for each module of the app.
  const { registerOptions } = createAddHookMessageChannel<Record<string, unknown>>();
  register('import-in-the-middle/hook.mjs', import.meta.url, {
    ...registerOptions,
    data: { ...registerOptions.data, include },
  });
}
