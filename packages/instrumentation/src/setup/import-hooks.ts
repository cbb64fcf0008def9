import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type * as importInTheMiddle from 'import-in-the-middle';
import type * as syncHooks from 'import-in-the-middle/register-hooks.mjs';

/**
 * Lets ES modules be attached to as they are imported. Only the named packages are looked at, and their files whose address ends as
 * a pattern says: hooking everything would cost an app seconds at its start.
 */
export function hookImports(packages: readonly (string | RegExp)[]): void {
  const include = [...new Set(packages)];
  // Hooks tell only the copy that they belong to, which in apps with an older SDK is an older one.
  const instrumentation = createRequire(import.meta.url).resolve('@opentelemetry/instrumentation');
  const load = createRequire(instrumentation);
  const { registerSync } = loadSyncHooks(load);
  if (registerSync !== undefined) {
    registerSync({ include });
    return;
  }
  // Node before 22.22.3 and 24.11.1, or an SDK before 0.215: hooks in a thread of their own, at some 2 ms for each module of the app.
  const { createAddHookMessageChannel } = load('import-in-the-middle') as typeof importInTheMiddle;
  const { registerOptions } = createAddHookMessageChannel<Record<string, unknown>>();
  register('import-in-the-middle/hook.mjs', pathToFileURL(instrumentation), {
    ...registerOptions,
    data: { ...registerOptions.data, include },
  });
}

function loadSyncHooks(load: NodeJS.Require): { readonly registerSync?: typeof syncHooks.register } {
  try {
    const hooks = load('import-in-the-middle/register-hooks.mjs') as typeof syncHooks;
    return hooks.supportsSyncHooks() ? { registerSync: hooks.register } : {};
  } catch {
    return {};
  }
}
