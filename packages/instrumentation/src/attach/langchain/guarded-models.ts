// Comes in: model calls of LangChain, whoever's model it is. Goes out: the same calls, once the guard lets them through. Refused: by a promise
// or stream that fails before anything is asked, and before LangChain tries anything again.

import { GenAiOperation } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import { admitCall, refuseIfStopped, type DescribedCall } from '../../guard/admit-call.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import { sizeOfRequest } from '../../guard/request-size.ts';
import { callGuard } from '../../guard/start-guard.ts';
import { processState } from '../../session/process-state.ts';
import { currentScope } from '../../session/scope.ts';
import { isObject, numberOr, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import type { ModelCall } from './model-calls.ts';

/** A call of a model's method: a request for each prompt. */
interface Asked {
  readonly model: unknown;
  readonly prompts: readonly unknown[];
  readonly options: unknown;
}

/** Makes the call when it may be made. LangChain's methods are async functions. */
export function admitted(asked: Asked, call: ModelCall, go: () => unknown): unknown {
  if (callGuard() === undefined) return go();
  return admitAll(asked, call)
    .then(go)
    .finally(() => giveBack(call));
}

/** The same of a stream, which begins when it is first read. */
export function admittedStream(asked: Asked, call: ModelCall, go: () => unknown): unknown {
  if (callGuard() === undefined) return go();
  return streamLater(admitAll(asked, call), call, go);
}

/** What was reserved for requests that were not made. */
export function giveBack(call: ModelCall): void {
  for (const { reservation } of call.admissions.splice(0)) reservation.release();
}

/** Whether a model streams by itself; LangChain invokes the others. */
export function streams(model: unknown, prototype: object): boolean {
  const { _streamResponseChunks: own, disableStreaming } = objectOr(model);
  return disableStreaming !== true && own !== Reflect.get(prototype, '_streamResponseChunks');
}

async function admitAll(asked: Asked, call: ModelCall): Promise<void> {
  const scope = currentScope();
  if (asksByItself(asked.model)) {
    refuseIfStopped(() => scope);
    return;
  }
  try {
    for (const prompt of asked.prompts) {
      // Each by itself, since each is a request that others of the batch may leave no room for.
      // oxlint-disable-next-line no-await-in-loop -- What was reserved for one counts for the next.
      const admission: Admission | undefined = await admitCall(scope, () => describe(asked, prompt));
      if (admission !== undefined) call.admissions.push(admission);
    }
  } catch (error) {
    giveBack(call);
    throw error;
  }
}

async function* streamLater(admission: Promise<void>, call: ModelCall, go: () => unknown): AsyncGenerator {
  await admission;
  try {
    yield* go() as AsyncIterable<unknown>;
  } finally {
    giveBack(call);
  }
}

/** Whether the client below it is attached: that one knows the request, and can change it. */
function asksByItself(model: unknown): boolean {
  const { guardedClients } = processState();
  const kind = kindOf(model);
  if (guardedClients.has('openai') && (/openai/i.test(kind) || isObject(objectOr(model)['clientConfig']))) return true;
  return guardedClients.has('@anthropic-ai/sdk') && /anthropic/i.test(kind);
}

function kindOf(model: unknown): string {
  const { _llmType: type } = objectOr(model);
  const kind: unknown =
    typeof type === 'function'
      ? guarded('kind of a model of LangChain', () => Reflect.apply(type, model, []) as unknown)
      : '';
  return typeof kind === 'string' ? kind : '';
}

function describe({ model, options }: Asked, prompt: unknown): DescribedCall {
  const { invocationParams, getLsParams, model: name, modelName } = objectOr(model);
  const callOf = (method: unknown): JsonObject =>
    typeof method === 'function'
      ? objectOr(guarded('settings of a model of LangChain', () => Reflect.apply(method, model, [options]) as unknown))
      : {};
  const params = callOf(invocationParams);
  const facts = callOf(getLsParams);
  const { signal } = objectOr(options);
  return {
    provider: textOr(facts['ls_provider']) ?? 'unknown',
    model: textOr(params['model']) ?? textOr(facts['ls_model_name']) ?? textOr(modelName) ?? textOr(name),
    operation: GenAiOperation.CHAT,
    size: sizeOfRequest(contentOf(prompt), params['tools']),
    outputTokensMax: outputTokensOf(params, facts, objectOr(model)),
    canChangeModel: false,
    canShorten: false,
    signal: signal instanceof AbortSignal ? signal : undefined,
  };
}

/** Messages have much around what they say that no model is shown. */
function contentOf(prompt: unknown): unknown {
  if (!Array.isArray(prompt)) return prompt;
  return prompt.map((message) => {
    const { content, tool_calls: calls } = objectOr(message);
    return content === undefined ? (message as unknown) : { content, calls };
  });
}

function outputTokensOf(...sources: readonly JsonObject[]): number | undefined {
  for (const source of sources) {
    for (const name of OUTPUT_TOKENS) {
      const tokens = numberOr(source[name]);
      if (tokens !== undefined && tokens > 0) return tokens;
    }
  }
  return undefined;
}

const OUTPUT_TOKENS = [
  'max_completion_tokens',
  'max_tokens',
  'max_output_tokens',
  'maxOutputTokens',
  'maxTokens',
  'ls_max_tokens',
  'numPredict',
] as const;
