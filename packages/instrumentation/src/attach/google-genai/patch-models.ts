import { guarded } from '../../emit/guarded.ts';
import { admitCall } from '../../guard/admit-call.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import { isObject } from '../../usage/json-object.ts';
import { ModelCall } from '../model-call/model-call.ts';
import { isStream, observeIterator } from '../model-call/observe-stream.ts';
import type { Patches } from '../patches.ts';
import { cheaper, describe, MODELS_METHODS, startOf, type ModelsMethod } from './google-genai-api.ts';

/** Attaches to the prototype of the SDK's `Models`. @returns false where it makes its requests otherwise. */
export function patchModels(prototype: object, patches: Patches, isEnabled: () => boolean): boolean {
  const isPatched = MODELS_METHODS.map((method) => {
    const wrap = (name: string): boolean =>
      patches.wrap(
        prototype,
        name,
        (original) =>
          function (this: unknown, ...args: unknown[]) {
            if (!isEnabled()) return original.apply(this, args);
            const [params, ...rest] = args;
            const make = (given: unknown): unknown => original.call(this, given, ...rest);
            return ask({ models: this, params, method, make });
          },
      );
    return wrap(method.name) || (method.formerName !== undefined && wrap(method.formerName));
  });
  return isPatched.every(Boolean);
}

interface Asked {
  readonly models: unknown;
  readonly params: unknown;
  readonly method: ModelsMethod;
  readonly make: (params: unknown) => unknown;
}

/** The methods are async functions: what the guard refuses is a promise that is rejected. */
function ask({ models, params, method, make }: Asked): unknown {
  const call = guarded('start of a call of a client', () => new ModelCall(method));
  if (call === undefined) return make(params);
  const go = (admission: Admission | undefined): unknown => {
    const given = admission === undefined ? params : cheaper(params, admission);
    guarded('start of a call of a client', () => call.begin({ ...startOf(models, given, method), admission }));
    if (!call.isBegun) admission?.reservation.release();
    return observe(
      call.run(() => make(given)),
      call,
      method,
    );
  };
  try {
    const admission = admitCall(call.scope, () => describe(models, params, method));
    return admission instanceof Promise ? admission.then(go) : go(admission);
  } catch (error) {
    return Promise.reject(error);
  }
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
