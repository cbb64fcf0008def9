import { guarded, warnOnce } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import type { AnswerSink } from '../model-call/answer-sink.ts';
import { isStream, observeStream } from '../model-call/observe-stream.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Sees what becomes of an SDK's promise of an answer, on the very object the app gets. The SDK reads the answer when the app asks for
 * it, by `parseResponse`; promises that are made from this one by `_thenUnwrap` are observed too, since newer SDKs read the
 * answer anew for them.
 */
export function observePromise(promise: unknown, sink: AnswerSink): void {
  if (!isObject(promise)) return;
  const { parseResponse, _thenUnwrap: thenUnwrap } = promise;
  if (typeof parseResponse !== 'function' || typeof thenUnwrap !== 'function') {
    warnOnce(
      'shape of an API promise',
      'a client returns promises of an unknown shape; answers are read from the wire',
    );
    return;
  }
  shadow(promise, 'parseResponse', observedParse(parseResponse as Method, sink));
  shadow(promise, '_thenUnwrap', function (this: unknown, transform: unknown, ...rest: unknown[]) {
    const observed: Method = function (this: unknown, data, ...others) {
      see(data, sink);
      return (transform as Method).call(this, data, ...others);
    };
    const unwrapped = (thenUnwrap as Method).call(this, observed, ...rest);
    guarded('observing a promise', () => observePromise(unwrapped, sink));
    return unwrapped;
  });
}

function observedParse(parse: Method, sink: AnswerSink): Method {
  return function (this: unknown, ...args) {
    sink.reads();
    const parsed = parse.apply(this, args);
    if (!(parsed instanceof Promise)) return parsed;
    return parsed.then(
      (value: unknown) => {
        see(value, sink);
        return value;
      },
      (error: unknown) => {
        sink.failed(error);
        throw error;
      },
    );
  };
}

function see(value: unknown, sink: AnswerSink): void {
  guarded('reading an answer', () => {
    if (isStream(value)) observeStream(value, sink);
    else sink.answered(value);
  });
}

function shadow(target: object, name: string, value: Method): void {
  const enumerable = Object.getOwnPropertyDescriptor(target, name)?.enumerable ?? false;
  Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
}
