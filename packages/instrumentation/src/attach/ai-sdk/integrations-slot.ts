import { guarded, warnOnce } from '../../emit/guarded.ts';

/** An object with listeners, as the SDK calls it. */
export type Integration = object;

/** Marks ours, also where this package is installed twice: two that listen would count each call twice. */
export const OURS: unique symbol = Symbol.for('@turnmeter/instrumentation/ai-sdk');

/** Whether one of these integrations is ours. */
export function hasOurs(integrations: readonly unknown[]): boolean {
  return integrations.some((item) => typeof item === 'object' && item !== null && OURS in item);
}

/**
 * Puts an integration into the list that all copies of the AI SDK share, and keeps it there when somebody sets another list. Nothing is
 * imported or patched for that. The answer takes it out again.
 *
 * Version 6 spreads the list once a call, and its events do not say what call they are of: it gets an integration of its own for each
 * call (`forOneCall`). Version 7 goes by index, and gets the one that stays.
 */
export function joinIntegrations(integration: Integration, forOneCall: () => Integration): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, SLOT);
  let list: unknown;
  const set = (next: unknown): void => {
    list = next;
    guarded('integrations of the AI SDK', () => {
      if (!Array.isArray(next) || hasOurs(next)) return;
      // First, so that what it sets up is there before others' listeners are waited for.
      next.unshift(integration);
      giveOneACall(next, integration, forOneCall);
    });
  };
  set(Reflect.get(globalThis, SLOT) ?? []);
  const get = (): unknown => list;
  const isWatched = Reflect.defineProperty(globalThis, SLOT, {
    configurable: true,
    enumerable: before?.enumerable ?? true,
    get,
    // Who takes the list away does not take the place away: the next call finds a list again.
    set(next: unknown) {
      set(next ?? []);
    },
  });
  if (!isWatched)
    warnOnce(
      'ai-sdk-slot',
      'the global object is locked: the AI SDK is seen only where it finds a list of integrations',
    );
  return () => {
    if (Array.isArray(list)) leave(list, integration);
    if (Object.getOwnPropertyDescriptor(globalThis, SLOT)?.get !== get) return;
    if (before === undefined && Array.isArray(list) && list.length === 0) Reflect.deleteProperty(globalThis, SLOT);
    else
      Reflect.defineProperty(globalThis, SLOT, { configurable: true, enumerable: true, writable: true, value: list });
  };
}

/** The SDK's own name for the place. */
const SLOT = 'AI_SDK_TELEMETRY_INTEGRATIONS';

function giveOneACall(list: unknown[], integration: Integration, forOneCall: () => Integration): void {
  Reflect.defineProperty(list, Symbol.iterator, {
    configurable: true,
    enumerable: false,
    writable: true,
    *value(this: readonly unknown[]) {
      for (let index = 0; index < this.length; index++) {
        const item = this[index];
        yield item === integration ? (guarded('integration of the AI SDK', forOneCall) ?? item) : item;
      }
    },
  });
}

function leave(list: unknown[], integration: Integration): void {
  const index = list.indexOf(integration);
  if (index < 0) return;
  list.splice(index, 1);
  Reflect.deleteProperty(list, Symbol.iterator);
}
