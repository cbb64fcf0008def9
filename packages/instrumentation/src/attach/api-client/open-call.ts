// Which call a client's request belongs to: the app asks by `post`, the request is made by `makeRequest`, and nothing that both are given
// says that they belong together.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientCall } from './client-call.ts';

/**
 * Runs what opens a call. Nearly all clients make the first request before they return; those that wait for something (a token, their turn)
 * make it later, in the same asynchronous context. Such a context takes a tenth of the time that is added to a call, so a client of the
 * SDK's own class (`isPlain`) that was seen to ask at once goes without.
 */
export function openCall<Result>(call: ClientCall, isPlain: boolean, open: () => Result): Result {
  const { client } = call;
  const outer = opening;
  opening = call;
  try {
    return isPlain && asksAtOnce.get(client) === true ? open() : calls.run(call, open);
  } finally {
    opening = outer;
    const before = asksAtOnce.get(client);
    const now = call.isTaken && before !== false;
    if (now !== before) asksAtOnce.set(client, now);
  }
}

/** The call whose first request the running code is about to make; told once. */
export function takeOpenCall(): ClientCall | undefined {
  const call = opening ?? calls.getStore();
  opening = undefined;
  if (call === undefined || call.isTaken) return undefined;
  call.isTaken = true;
  return call;
}

let opening: ClientCall | undefined;
const calls = new AsyncLocalStorage<ClientCall>();
const asksAtOnce = new WeakMap<object, boolean>();
