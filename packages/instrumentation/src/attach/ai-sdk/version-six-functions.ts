// Of objects and embeddings version 6 tells its integrations nothing, so these functions are watched themselves.

import { GenAiOperation } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import { isObject, type JsonObject, objectOr, textOr } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import type { AnyFunction } from './module-functions.ts';
import { OpenCall } from './open-call.ts';
import type { OpenCalls } from './open-calls.ts';

/** A function of version 6 whose promise has the answer: `generateObject`, `embed`, `embedMany`. */
export function countedFunction(name: string, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args) {
    const settings = objectOr(args[0]);
    const call = guarded(`AI SDK 6's ${name}`, () => begin(name, settings));
    const result = original.apply(this, args);
    if (call === undefined || !(result instanceof Promise)) return result;
    return result.then(
      (answer: unknown) => {
        guarded(`AI SDK 6's ${name}`, () => {
          call.answered(usageFrom(answer));
          call.end();
        });
        return answer;
      },
      (error: unknown) => {
        guarded(`AI SDK 6's ${name}`, () => failed(call, error));
        throw error;
      },
    );
  };
}

/** `streamObject` of version 6: its answer is told to `onFinish`. */
export function countedStream(name: string, original: AnyFunction, calls: OpenCalls): AnyFunction {
  return function (this: unknown, ...args) {
    const [settings, ...rest] = args;
    const call = isObject(settings) ? guarded(`AI SDK 6's ${name}`, () => begin(name, settings)) : undefined;
    if (call === undefined) return original.apply(this, args);
    const told = {
      ...(settings as JsonObject),
      onFinish: hear(settings, 'onFinish', (event) => {
        call.answered(usageFrom(event));
        call.end();
      }),
      onError: hear(settings, 'onError', (event) => failed(call, objectOr(event)['error'])),
    };
    const result = original.call(this, told, ...rest);
    if (isObject(result)) calls.watch(result, { life: call, end: () => call.stop() });
    return result;
  };
}

function begin(name: string, settings: JsonObject): OpenCall {
  const telemetry = objectOr(settings['experimental_telemetry']);
  const event = {
    operationId: `ai.${name}`,
    metadata: telemetry['metadata'],
    model: modelOf(settings['model']),
    ...(telemetry['recordInputs'] === false ? { recordInputs: false } : {}),
  };
  const isEmbedding = name.startsWith('embed');
  const call = new OpenCall(event, isEmbedding ? undefined : textOr(telemetry['functionId']));
  call.begin({ ...settings, ...event }, { operation: isEmbedding ? GenAiOperation.EMBEDDINGS : GenAiOperation.CHAT });
  return call;
}

/** A model, or the gateway's name of one: `openai/gpt-5`. */
function modelOf(model: unknown): JsonObject {
  if (isObject(model)) return model;
  const [provider, modelId] = typeof model === 'string' ? model.split('/', 2) : [];
  return modelId === undefined ? { modelId: model } : { provider, modelId };
}

/** An answer that was no object (`NoObjectGeneratedError`) was paid for all the same. */
function failed(call: OpenCall, error: unknown): void {
  if (isObject(error) && isObject(error['usage'])) call.answered(usageFrom(error));
  call.fail(error);
}

/** The app's own listener, where it has one, hears as before. `onError` that is left out prints the error. */
function hear(settings: unknown, name: string, work: (event: unknown) => void): AnyFunction {
  const theirs = objectOr(settings)[name];
  return function (this: unknown, ...args) {
    guarded(`AI SDK 6's ${name}`, () => work(args[0]));
    if (typeof theirs === 'function') return Reflect.apply(theirs, this, args);
    // oxlint-disable-next-line no-console -- What version 6 itself does with errors of streams that nobody listens to.
    if (name === 'onError') console.error(objectOr(args[0])['error']);
    return undefined;
  };
}
