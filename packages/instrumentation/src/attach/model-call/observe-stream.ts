import { guarded } from '../../emit/guarded.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import type { AnswerSink } from './answer-sink.ts';

/** Whether an SDK's answer comes in parts. */
export function isStream(value: unknown): value is object {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.asyncIterator) === 'function';
}

/**
 * Sees the parts of an answer as the app reads them, on the SDK's own stream. Nothing is read ahead, and nothing that the app leaves
 * unread is read.
 */
export function observeStream(stream: object, sink: AnswerSink): void {
  if (!sink.streams(stream)) return;
  // The SDKs' streams make their iterator by a field of that name, from which `tee()` and `toReadableStream()` read too.
  const name = typeof Reflect.get(stream, 'iterator') === 'function' ? 'iterator' : Symbol.asyncIterator;
  const iterate = Reflect.get(stream, name) as (this: unknown) => unknown;
  shadow(stream, name, function (this: unknown) {
    const iterator = iterate.call(this);
    guarded('observing a stream', () => observeIterator(iterator, stream, sink));
    return iterator;
  });
}

/** Sees what an iterator gives, on the iterator itself. `stream` is what it belongs to; it lives as long as the iterator does. */
export function observeIterator(iterator: unknown, stream: object, sink: AnswerSink): void {
  if (!isObject(iterator)) return;
  wrapStep(
    iterator,
    'next',
    (next) =>
      function (this: unknown, ...args) {
        return next.apply(this, args).then(
          (result) => {
            guarded('a part of a stream', () => {
              if (result.done === true) sink.finished(abortOf(stream));
              else sink.part(result.value);
            });
            // SDKs end such a stream quietly: half an answer would be taken for the whole.
            if (result.done === true && sink.stopError !== undefined) throw sink.stopError;
            return result;
          },
          (error: unknown) => {
            sink.failed(error);
            throw error;
          },
        );
      },
  );
  for (const name of ['return', 'throw']) {
    wrapStep(
      iterator,
      name,
      (close) =>
        function (this: unknown, ...args) {
          // Before the SDK closes the connection, which may take a while.
          sink.finished();
          return close.apply(this, args);
        },
    );
  }
}

type Step = (this: unknown, ...args: unknown[]) => Promise<IteratorResult<unknown>>;

function wrapStep(iterator: object, name: string, wrap: (step: Step) => Step): void {
  const step: unknown = Reflect.get(iterator, name);
  if (typeof step === 'function') shadow(iterator, name, wrap(step as Step));
}

function shadow(target: object, name: PropertyKey, value: unknown): void {
  const enumerable = Object.getOwnPropertyDescriptor(target, name)?.enumerable ?? false;
  Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
}

/** SDKs end a stream quietly that the app has aborted. */
function abortOf(stream: object): unknown {
  const { signal } = objectOr(Reflect.get(stream, 'controller'));
  if (!(signal instanceof AbortSignal) || !signal.aborted) return undefined;
  // The app may abort with any value; a time-out tells itself.
  return signal.reason instanceof DOMException ? signal.reason : new DOMException('aborted', 'AbortError');
}
