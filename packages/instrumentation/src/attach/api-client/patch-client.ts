import { guarded } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import { heldFor } from '../model-call/unread-calls.ts';
import type { Patches } from '../patches.ts';
import { ClientCall } from './client-call.ts';
import { LaterAnswer } from './later-answer.ts';
import type { ClientApi } from './model-endpoint.ts';
import { observePromise } from './observe-promise.ts';
import { openCall, takeOpenCall } from './open-call.ts';

/** What a client is attached with. */
export interface ClientPatch {
  readonly patches: Patches;
  readonly api: ClientApi;
  /** Ours may stay below somebody else's patch when it should be gone. */
  readonly isEnabled: () => boolean;
}

/** The prototypes that define the two methods of a client class that all of its calls go through. */
export interface ClientHolders {
  readonly post: object;
  readonly makeRequest: object;
}

/**
 * Looks for the methods of a client class as the SDKs of OpenAI and Anthropic have it: every resource asks by `post`, and `makeRequest`
 * sends, again where it must. Newer versions may move them to a parent class, and clients of clouds extend it.
 */
export function clientHoldersOf(clientClass: unknown): ClientHolders | undefined {
  const post = holderOf(clientClass, 'post');
  const makeRequest = holderOf(clientClass, 'makeRequest');
  return post === undefined || makeRequest === undefined ? undefined : { post, makeRequest };
}

/** Attaches to them; all that is built on top of them (parse and stream helpers, tool runners) is seen too. */
export function patchClient(holders: ClientHolders, { patches, api, isEnabled }: ClientPatch): void {
  patches.wrap(
    holders.post,
    'post',
    (original) =>
      function (this: unknown, ...args: unknown[]) {
        const [path] = args;
        const call = isEnabled() ? guarded('start of a call of a client', () => callOf(this, path, api)) : undefined;
        if (call === undefined) return observeLater(original.apply(this, args), path, api);
        const direct = guarded('look at a client', () => isPlain(call.client, holders)) ?? false;
        const promise = openCall(call, direct, () => original.apply(this, args));
        guarded('observing a promise', () => observePromise(promise, call.model));
        return promise;
      },
  );
  if (api.answerIdOf !== undefined) {
    patches.wrap(
      holders.post,
      'get',
      (original) =>
        function (this: unknown, ...args: unknown[]) {
          return observeLater(original.apply(this, args), args[0], api);
        },
    );
  }
  patches.wrap(
    holders.makeRequest,
    'makeRequest',
    (original) =>
      function (this: unknown, ...args: unknown[]) {
        const [options, ...rest] = args;
        const call = takeOpenCall();
        if (call !== undefined) return firstRequest(call, options, (given) => original.call(this, given, ...rest));
        // Some SDKs ask again when they read the answer, which is where the app waits for it.
        if (isObject(options)) callsByOptions.get(options)?.model.retry();
        return original.apply(this, args);
      },
  );
}

function holderOf(clientClass: unknown, method: string): object | undefined {
  if (typeof clientClass !== 'function') return undefined;
  for (let at: unknown = clientClass.prototype; isObject(at); at = Object.getPrototypeOf(at)) {
    if (typeof Object.getOwnPropertyDescriptor(at, method)?.value === 'function') return at;
  }
  return undefined;
}

/** Whether nobody's own class stands between the two methods, where it may wait before it asks. */
function isPlain(client: object, { makeRequest }: ClientHolders): boolean {
  return BETWEEN.every((name) => Reflect.get(client, name) === Reflect.get(makeRequest, name));
}

const BETWEEN = ['methodRequest', 'request', 'makeRequest'] as const;

function callOf(client: unknown, path: unknown, api: ClientApi): ClientCall | undefined {
  if (typeof path !== 'string' || !isObject(client)) return undefined;
  const endpoint = api.endpointOf(path.replace(QUERY, ''));
  return endpoint === undefined ? undefined : new ClientCall(client, api, endpoint);
}

/** What asks for the answer of a call that still waits for it is none itself. */
function observeLater(promise: unknown, path: unknown, { answerIdOf }: ClientApi): unknown {
  if (answerIdOf === undefined || typeof path !== 'string') return promise;
  guarded('observing a promise', () => {
    const id = answerIdOf(path.replace(QUERY, ''));
    const call = id === undefined ? undefined : heldFor(id);
    if (call !== undefined) observePromise(promise, new LaterAnswer(call));
  });
  return promise;
}

const QUERY = /\?.*$/s;

/** The promise it gives is the one that the SDK goes on with: whether the app handles its failure stays as it was. */
async function firstRequest(call: ClientCall, options: unknown, send: (options: unknown) => unknown): Promise<unknown> {
  const given = await options;
  // The guard may refuse, or let the call wait: nothing was sent by then.
  const pending = call.admit(given);
  const admission = pending instanceof Promise ? await pending : pending;
  const begun = guarded('start of a model call', () => call.begin(given, admission));
  if (begun === undefined) admission?.reservation.release();
  const sent = begun ?? given;
  if (isObject(sent)) callsByOptions.set(sent, call);
  try {
    const answer = await call.model.run(() => send(sent));
    guarded('arrival of an answer', () => call.responded(answer));
    return answer;
  } catch (error) {
    call.model.failed(error);
    // Who is told that the app has aborted the call would look for that in the app.
    throw admission?.reservation.stopError ?? error;
  }
}

/** The SDKs make one object of a call's options, and pass it on to each of its requests. */
const callsByOptions = new WeakMap<object, ClientCall>();
