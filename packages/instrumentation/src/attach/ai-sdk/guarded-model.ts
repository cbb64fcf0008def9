// Comes in: a model object of the AI SDK, of whatever provider. Goes out: one that asks the guard before each call, and makes the call as that
// lets it through. Refused: models that may not be looked through, which are left as they are.

import { GenAiOperation } from '@turnmeter/semconv';
import { openOwner } from '../../emit/start-inference.ts';
import { admitCall, type DescribedCall } from '../../guard/admit-call.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import { sizeOfRequest } from '../../guard/request-size.ts';
import { callGuard } from '../../guard/start-guard.ts';
import { currentScope } from '../../session/scope.ts';
import { isObject, numberOr, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import { inferenceOfCall } from './called-agent.ts';
import { providerNameOf } from './provider-name.ts';

/** The settings of a call with a model that asks the guard; as they are where nothing is guarded. */
export function withGuardedModel(settings: JsonObject, modelOfName?: (name: string) => unknown): JsonObject {
  if (callGuard() === undefined) return settings;
  const { model, prepareStep } = settings;
  const named = typeof model === 'string' ? modelOfName?.(model) : model;
  return {
    ...settings,
    ...(isObject(named) ? { model: guardedModel(named) } : {}),
    ...(typeof prepareStep === 'function' ? { prepareStep: guardedSteps(prepareStep as AnyMethod) } : {}),
  };
}

/** Whether calls of a model are asked for by the model itself. */
export function asksForItself(provider: unknown, modelId: unknown): boolean {
  return guardedNames.has(nameOf(provider, modelId));
}

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

const guardedModels = new WeakMap<object, object>();
const guardedNames = new Set<string>();
const NAMES_MAX = 10_000;

function nameOf(provider: unknown, modelId: unknown): string {
  return `${String(provider)} ${String(modelId)}`;
}

function guardedSteps(prepareStep: AnyMethod): AnyMethod {
  return async function (this: unknown, ...args) {
    const step: unknown = await prepareStep.apply(this, args);
    return isObject(step) && isObject(step['model']) ? { ...step, model: guardedModel(step['model']) } : step;
  };
}

function guardedModel(model: JsonObject): object {
  const known = guardedModels.get(model);
  if (known !== undefined) return known;
  // Of a frozen object a proxy may not show other methods.
  if (Object.isFrozen(model)) return model;
  const methods = new Map<PropertyKey, AnyMethod>();
  for (const name of ['doGenerate', 'doStream', 'doEmbed']) {
    const original = model[name];
    if (typeof original === 'function') methods.set(name, guardedMethod(model, original as AnyMethod, name));
  }
  const guarded = new Proxy(model, {
    get: (target, name) => methods.get(name) ?? (Reflect.get(target, name, target) as unknown),
  });
  guardedModels.set(model, guarded);
  guardedModels.set(guarded, guarded);
  if (guardedNames.size < NAMES_MAX) guardedNames.add(nameOf(model['provider'], model['modelId']));
  return guarded;
}

function guardedMethod(model: JsonObject, original: AnyMethod, name: string): AnyMethod {
  return async function (options, ...rest) {
    const scope = currentScope();
    const pending = admitCall(scope, () => describe(model, objectOr(options), name));
    const admission = pending instanceof Promise ? await pending : pending;
    if (admission === undefined) return original.call(model, options, ...rest);
    const holder = openOwner(scope) ?? inferenceOfCall();
    holder?.hold(admission);
    try {
      return await original.call(cheaperModel(model, admission), cheaperOptions(options, admission), ...rest);
    } finally {
      // Nobody tells what came of it: then it is counted without what was reserved.
      if (holder === undefined) admission.reservation.release();
    }
  };
}

function describe(model: JsonObject, options: JsonObject, name: string): DescribedCall {
  const { prompt, tools, responseFormat, values, maxOutputTokens, abortSignal: signal } = options;
  const isEmbedding = name === 'doEmbed';
  return {
    provider: providerNameOf(textOr(model['provider'])),
    model: textOr(model['modelId']),
    operation: isEmbedding ? GenAiOperation.EMBEDDINGS : GenAiOperation.CHAT,
    size: sizeOfRequest(prompt, tools, responseFormat, values),
    outputTokensMax: isEmbedding ? 0 : numberOr(maxOutputTokens),
    canChangeModel: hasOwnName(model),
    canShorten: !isEmbedding,
    signal: signal instanceof AbortSignal ? signal : undefined,
  };
}

/** Objects of a provider's class make their request by their own name; what only wraps another model does not. */
function hasOwnName(model: JsonObject): boolean {
  const prototype: unknown = Object.getPrototypeOf(model);
  return Object.hasOwn(model, 'modelId') && prototype !== Object.prototype && prototype !== null;
}

function cheaperModel(model: JsonObject, { model: modelId }: Admission): object {
  return modelId === undefined
    ? model
    : (Object.create(model, { modelId: { value: modelId, enumerable: true } }) as object);
}

function cheaperOptions(options: unknown, { outputTokensMax }: Admission): unknown {
  return outputTokensMax === undefined ? options : { ...objectOr(options), maxOutputTokens: outputTokensMax };
}
