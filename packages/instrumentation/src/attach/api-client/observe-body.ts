import type { ReadableStreamDefaultReader, ReadableStreamReadResult } from 'node:stream/web';
import { guarded } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import type { ModelCall } from '../model-call/model-call.ts';
import type { BodyReader } from './body-reader.ts';

/**
 * Sees the bytes of a body as they are read, on the very stream. `response` is what it belongs to; it lives as long as somebody reads.
 */
export function observeBody(body: object, response: object, call: ModelCall, reader: BodyReader): void {
  if (observed.has(body)) return;
  observed.add(body);
  const decoder = new TextDecoder();
  const sight: Sight = {
    response,
    read: (bytes) => {
      if (bytes instanceof Uint8Array) reader.push(decoder.decode(bytes, { stream: true }), call);
    },
    end: () => reader.end(call),
    failed: (error) => call.failed(error),
    canceled: () => call.finished(),
  };
  const getReader = methodOf(body, 'getReader');
  if (getReader === undefined) return;
  define(body, 'getReader', (...args) => {
    const bodyReader = getReader(...args);
    guarded('observing a body', () => observeReader(bodyReader, sight));
    return bodyReader;
  });
  const cancel = methodOf(body, 'cancel');
  if (cancel !== undefined) {
    define(body, 'cancel', (...args) => {
      sight.canceled();
      return cancel(...args);
    });
  }
  // Node reads these past `getReader`: they go through a stream that asks for a chunk when it is asked for one.
  for (const name of ['pipeTo', 'pipeThrough', 'tee', 'values', Symbol.asyncIterator]) {
    const original = methodOf(body, name);
    if (original === undefined) continue;
    define(body, name, (...args) => {
      if (Reflect.get(body, 'locked') === true) return original(...args);
      const through = readThrough(Reflect.get(body, 'getReader') as Method);
      return (Reflect.get(through, name) as Method).apply(through, args);
    });
  }
}

/** What becomes of a body. */
interface Sight {
  /** Only to be held. */
  readonly response: object;
  readonly read: (bytes: unknown) => void;
  readonly end: () => void;
  readonly failed: (error: unknown) => void;
  readonly canceled: () => void;
}

type Method = (...args: unknown[]) => unknown;

/** Accesses of one body: `response.body` gives the same stream each time. */
const observed = new WeakSet();

function observeReader(bodyReader: unknown, sight: Sight): void {
  if (!isObject(bodyReader)) return;
  const read = methodOf(bodyReader, 'read');
  if (read === undefined) return;
  define(bodyReader, 'read', async (...args) => {
    try {
      const result = (await read(...args)) as ReadableStreamReadResult<unknown>;
      guarded('a part of a body', () => {
        if (result.value !== undefined) sight.read(result.value);
        if (result.done) sight.end();
      });
      return result;
    } catch (error) {
      sight.failed(error);
      throw error;
    }
  });
  const cancel = methodOf(bodyReader, 'cancel');
  if (cancel === undefined) return;
  define(bodyReader, 'cancel', (...args) => {
    sight.canceled();
    return cancel(...args);
  });
}

function readThrough(getReader: Method): ReadableStream<unknown> {
  const reader = getReader() as ReadableStreamDefaultReader<unknown>;
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function methodOf(object: object, name: PropertyKey): Method | undefined {
  const method: unknown = Reflect.get(object, name);
  return typeof method === 'function' ? (...args) => method.apply(object, args) as unknown : undefined;
}

function define(target: object, name: PropertyKey, value: Method): void {
  Reflect.defineProperty(target, name, { value, configurable: true, enumerable: false, writable: true });
}
