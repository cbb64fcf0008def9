// Comes in: the response of a model call whose body the app may read itself (`asResponse()`). Goes out: the answer, as far as it was read.
// Refused: reading ahead of the app, or instead of it; a body that is too long to be looked at is left alone.

import { guarded } from '../../emit/guarded.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import type { ModelCall } from '../model-call/model-call.ts';
import { BodyReader } from './body-reader.ts';
import { observeBody } from './observe-body.ts';

/** Sees what the app reads of a response, on the very object that it gets. Silent while the SDK reads, which tells more. */
export function observeResponse(response: object, call: ModelCall): void {
  for (const [name, read] of READERS) {
    const original: unknown = Reflect.get(response, name);
    if (typeof original !== 'function') continue;
    define(response, name, {
      value: async function (this: unknown, ...args: unknown[]): Promise<unknown> {
        const isRead = call.isReading;
        try {
          const value: unknown = await original.apply(this, args);
          if (!isRead) guarded('reading a response', () => read(value, call, isEventStream(response)));
          return value;
        } catch (error) {
          if (!isRead) call.failed(error);
          throw error;
        }
      },
      writable: true,
    });
  }
  const body = getterOf(response, 'body');
  if (body === undefined) return;
  define(response, 'body', {
    get(this: unknown) {
      const stream: unknown = body.call(this);
      if (!call.isReading && isObject(stream)) {
        guarded('observing a body', () => observeBody(stream, response, call, new BodyReader(isEventStream(response))));
      }
      return stream;
    },
  });
}

type Read = (value: unknown, call: ModelCall, isEvents: boolean) => void;

/** Methods that give the whole body at once. */
const READERS: readonly (readonly [name: string, read: Read])[] = [
  ['json', (value, call) => call.answered(value)],
  ['text', (value, call, isEvents) => tellText(String(value), call, isEvents)],
  ['arrayBuffer', (value, call, isEvents) => tellBytes(new Uint8Array(value as ArrayBuffer), call, isEvents)],
  ['bytes', (value, call, isEvents) => tellBytes(value as Uint8Array, call, isEvents)],
  // To look into it would be to read it once more.
  ['blob', (_, call) => call.answered(undefined)],
];

function tellBytes(bytes: Uint8Array, call: ModelCall, isEvents: boolean): void {
  tellText(new TextDecoder().decode(bytes), call, isEvents);
}

function tellText(text: string, call: ModelCall, isEvents: boolean): void {
  const reader = new BodyReader(isEvents);
  reader.push(text, call);
  reader.end(call);
}

function isEventStream(response: object): boolean {
  // Old versions bring a `Headers` of their own.
  const headers = objectOr(Reflect.get(response, 'headers'));
  const { get } = headers;
  return typeof get === 'function' && String(get.call(headers, 'content-type')).includes('event-stream');
}

function getterOf(object: object, name: string): ((this: unknown) => unknown) | undefined {
  for (let at: unknown = object; isObject(at); at = Object.getPrototypeOf(at)) {
    const own = Object.getOwnPropertyDescriptor(at, name);
    // oxlint-disable-next-line typescript/unbound-method -- It is called on the object that it is asked of.
    if (own !== undefined) return own.get;
  }
  return undefined;
}

function define(target: object, name: string, descriptor: PropertyDescriptor): void {
  Reflect.defineProperty(target, name, { ...descriptor, configurable: true, enumerable: false });
}
