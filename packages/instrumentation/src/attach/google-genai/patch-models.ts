import { guarded } from '../../emit/guarded.ts';
import { isObject } from '../../usage/json-object.ts';
import { ModelCall } from '../model-call/model-call.ts';
import { isStream, observeIterator } from '../model-call/observe-stream.ts';
import type { Patches } from '../patches.ts';
import { MODELS_METHODS, startOf, type ModelsMethod } from './google-genai-api.ts';

/** Attaches to the prototype of the SDK's `Models`. @returns false where it makes its requests otherwise. */
export function patchModels(prototype: object, patches: Patches, isEnabled: () => boolean): boolean {
  const isPatched = MODELS_METHODS.map((method) => {
    const wrap = (name: string): boolean =>
      patches.wrap(
        prototype,
        name,
        (original) =>
          function (this: unknown, ...args: unknown[]) {
            const call = isEnabled()
              ? guarded('start of a call of a client', () => begin(this, args[0], method))
              : undefined;
            if (call === undefined) return original.apply(this, args);
            return observe(
              call.run(() => original.apply(this, args)),
              call,
              method,
            );
          },
      );
    return wrap(method.name) || (method.formerName !== undefined && wrap(method.formerName));
  });
  return isPatched.every(Boolean);
}

function begin(models: unknown, params: unknown, method: ModelsMethod): ModelCall {
  const call = new ModelCall(method);
  call.begin(startOf(models, params, method));
  return call;
}

function observe(answer: unknown, call: ModelCall, { isStream: isStreaming }: ModelsMethod): unknown {
  if (!(answer instanceof Promise)) return answer;
  return answer.then(
    (value: unknown) => {
      guarded('reading an answer', () => {
        if (!isStreaming) call.answered(value);
        else if (isObject(value) && isStream(value) && call.streams(value)) observeIterator(value, value, call);
      });
      return value;
    },
    (error: unknown) => {
      call.failed(error);
      throw error;
    },
  );
}
