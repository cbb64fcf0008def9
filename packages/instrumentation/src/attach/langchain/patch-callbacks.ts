import { guarded } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import type { Patches } from '../patches.ts';
import type { RunHandler } from './run-handler.ts';

/** Gives every run of LangChain one more callback handler, which its children inherit. */
export function patchCallbacks(patches: Patches, callbackManager: object, handler: RunHandler): boolean {
  return patches.wrap<readonly unknown[], unknown>(
    callbackManager,
    '_configureSync',
    (configure) =>
      function (this: unknown, inheritableHandlers, localHandlers, ...others) {
        if (!handler.isEnabled) return configure.call(this, inheritableHandlers, localHandlers, ...others);
        // Without any handler LangChain makes no manager at all.
        const isAlone = inheritableHandlers === undefined && localHandlers === undefined;
        const manager = configure.call(this, isAlone ? [handler] : inheritableHandlers, localHandlers, ...others);
        if (!isAlone) guarded('a callback of LangChain', () => addHandler(manager, handler));
        return manager;
      },
  );
}

/** The manager that was made is this run's own: LangChain copies the one it was given. */
function addHandler(manager: unknown, handler: RunHandler): void {
  if (!isObject(manager) || !Array.isArray(manager['inheritableHandlers'])) return;
  if (manager['inheritableHandlers'].includes(handler)) return;
  (manager as unknown as { addHandler(added: RunHandler, inherit: boolean): void }).addHandler(handler, true);
}
