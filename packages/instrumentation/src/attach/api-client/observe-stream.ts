import { guarded } from '../../emit/guarded.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import type { ClientCall } from './client-call.ts';

/** Whether an SDK's answer comes in parts. */
export function isStream(value: unknown): value is object {
  return isObject(value) && typeof value[Symbol.asyncIterator as unknown as string] === 'function';
}

/**
 * Sees the parts of an answer as the app reads them, on the SDK's own stream. Nothing is read ahead, and nothing that the app leaves
 * unread is read.
 */
export function observeStream(stream: object, call: ClientCall): void {
  if (!call.streams()) return;
  // The SDKs' streams make their iterator by a field of that name, from which `tee()` and `toReadableStream()` read too.
  const name = typeof objectOr(stream)['iterator'] === 'function' ? 'iterator' : Symbol.asyncIterator;
  const iterate = Reflect.get(stream, name) as (this: unknown) => unknown;
  const enumerable = Object.getOwnPropertyDescriptor(stream, name)?.enumerable ?? false;
  const signal = objectOr(objectOr(stream)['controller'])['signal'];
  Object.defineProperty(stream, name, {
    value: function (this: unknown) {
      const iterator = iterate.call(this);
      guarded('observing a stream', () => observeIterator(iterator, call, signal));
      return iterator;
    },
    enumerable,
    configurable: true,
    writable: true,
  });
}

type Step = (this: unknown, ...args: unknown[]) => Promise<IteratorResult<unknown>>;

/** Shadows the methods of one iterator. */
function observeIterator(iterator: unknown, call: ClientCall, signal: unknown): void {
  if (!isObject(iterator)) return;
  shadowStep(
    iterator,
    'next',
    (next) =>
      function (this: unknown, ...args) {
        return next.apply(this, args).then(
          (result) => {
            guarded('a part of a stream', () => {
              if (result.done === true) call.finished(abortOf(signal));
              else call.part(result.value);
            });
            return result;
          },
          (error: unknown) => {
            call.finished(error);
            throw error;
          },
        );
      },
  );
  for (const name of ['return', 'throw']) {
    shadowStep(
      iterator,
      name,
      (close) =>
        function (this: unknown, ...args) {
          // Before the SDK closes the connection, which may take a while.
          call.finished();
          return close.apply(this, args);
        },
    );
  }
}

function shadowStep(iterator: object, name: string, wrap: (step: Step) => Step): void {
  const step: unknown = Reflect.get(iterator, name);
  if (typeof step !== 'function') return;
  Object.defineProperty(iterator, name, { value: wrap(step as Step), configurable: true, writable: true });
}

/** SDKs end a stream quietly that the app has aborted. */
function abortOf(signal: unknown): unknown {
  return signal instanceof AbortSignal && signal.aborted
    ? (signal.reason ?? new DOMException('', 'AbortError'))
    : undefined;
}
