import { guarded, warnOnce } from '../../emit/guarded.ts';

/**
 * Tells of the SDK's trace provider as soon as there is one: the SDK makes it when it is first used, and puts it where all its copies
 * look for it. Nothing is imported or patched for that. The answer stops telling and leaves the provider where it is.
 */
export function watchProviderSlot(tell: (provider: unknown) => void): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, SLOT);
  let provider: unknown = Reflect.get(globalThis, SLOT);
  if (provider !== undefined) guarded('provider of OpenAI Agents', () => tell(provider));
  const get = (): unknown => provider;
  const isWatched = Reflect.defineProperty(globalThis, SLOT, {
    configurable: true,
    enumerable: before?.enumerable ?? false,
    get,
    set(next: unknown) {
      provider = next;
      // Somebody else may watch the slot too.
      before?.set?.call(globalThis, next);
      guarded('provider of OpenAI Agents', () => tell(next));
    },
  });
  if (!isWatched) {
    if (provider === undefined)
      warnOnce('openai-agents-slot', 'the global object is locked: OpenAI Agents cannot be seen');
    return () => undefined;
  }
  return () => {
    if (Object.getOwnPropertyDescriptor(globalThis, SLOT)?.get !== get) return;
    if (before?.get !== undefined) Reflect.defineProperty(globalThis, SLOT, before);
    else if (provider === undefined) Reflect.deleteProperty(globalThis, SLOT);
    else {
      const enumerable = before?.enumerable ?? false;
      Reflect.defineProperty(globalThis, SLOT, { configurable: true, enumerable, writable: true, value: provider });
    }
  };
}

/** The SDK's own name for the place. */
const SLOT: unique symbol = Symbol.for('openai.agents.core.traceProvider');
