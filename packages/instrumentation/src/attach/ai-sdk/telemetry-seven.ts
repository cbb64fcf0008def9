// Comes in: what version 7 tells its integrations. Goes out: turns, calls of models and of tools. Refused: events without a call's id.

import { GenAiOperation, SPAN_AI_EMBED_DO_EMBED, TurnOutcome } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import { admitCall, refuseIfStopped, type DescribedCall } from '../../guard/admit-call.ts';
import { sizeOfRequest } from '../../guard/request-size.ts';
import { currentScope } from '../../session/scope.ts';
import { isObject, type JsonObject, numberOr, objectOr, textOr } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import { takeCalledAgent } from './called-agent.ts';
import { asksForItself } from './guarded-model.ts';
import { OURS } from './integrations-slot.ts';
import { watchModelStream } from './model-stream.ts';
import { OpenCall } from './open-call.ts';
import { providerNameOf } from './provider-name.ts';
import type { OpenCalls, Watched } from './open-calls.ts';

/** An integration as version 7 knows them. */
export interface TelemetrySeven {
  readonly [OURS]: true;
  onStart(event: unknown): void;
  onObjectStepStart(event: unknown): void;
  onObjectStepEnd(event: unknown): void;
  onEmbedStart(event: unknown): void;
  onEmbedEnd(event: unknown): void;
  onLanguageModelCallEnd(event: unknown): void;
  onEnd(event: unknown): void;
  onAbort(event: unknown): void;
  onError(event: unknown): void;
  readonly executeLanguageModelCall: <T>(options: ExecuteOptions<T>) => PromiseLike<T>;
  executeTool<T>(options: ExecuteOptions<T>): PromiseLike<T>;
}

interface ExecuteOptions<T> {
  readonly execute: () => PromiseLike<T>;
}

/** Listens to version 7 of the SDK. */
export function telemetrySeven(calls: OpenCalls): TelemetrySeven {
  const on =
    (place: string, work: (call: OpenCall, event: JsonObject) => void) =>
    (event: unknown): void => {
      if (!isObject(event)) return;
      guarded(`AI SDK's ${place}`, () => {
        const call = callOf(calls, event);
        if (call !== undefined) work(call, event);
      });
    };
  const last =
    (place: string, work: (call: OpenCall, event: JsonObject) => void) =>
    (event: unknown): void => {
      const call = isObject(event) ? calls.take(textOr(event['callId'])) : undefined;
      if (call !== undefined) guarded(`AI SDK's ${place}`, () => work(call, objectOr(event)));
    };
  return {
    [OURS]: true,
    onStart: on('start', () => undefined),
    onObjectStepStart: on('start of an object', (call, event) => void call.begin(event)),
    onObjectStepEnd: on('end of an object', (call, event) => call.answered(usageFrom(event))),
    onEmbedStart: on('start of embedding', (call, event) => {
      call.begin(event, { id: embeddingIdOf(event), operation: GenAiOperation.EMBEDDINGS });
    }),
    onEmbedEnd: on('end of embedding', (call, event) => call.answered(usageFrom(event), { id: embeddingIdOf(event) })),
    // Known before from the answer itself, unless that has another shape.
    onLanguageModelCallEnd: on('answer of a model', (call, event) => call.answered(usageFrom(event))),
    onEnd: last('end', (call) => call.end()),
    onAbort: last('abort', (call) => call.stop()),
    onError: last('error', (call, { error }) => failed(call, error)),
    // Asked for once a call, and held by it alone: when this function is gone, nobody can go on with the call.
    get executeLanguageModelCall() {
      let isWatched = false;
      const execute = <T>(options: ExecuteOptions<T>): Promise<T> => {
        const id = textOr(objectOr(options)['callId']);
        if (!isWatched && id !== undefined) calls.watch(execute, lifeOf(calls, id));
        isWatched = true;
        return executeModelCall(calls, options);
      };
      return execute;
    },
    executeTool: (options) => executeTool(calls, options),
  };
}

/** An answer that was no object (`NoObjectGeneratedError`) was paid for all the same. */
function failed(call: OpenCall, error: unknown): void {
  const facts = isObject(error) && isObject(error['usage']) ? usageFrom(error) : undefined;
  if (facts?.usage !== undefined) call.answered(facts);
  call.fail(error);
}

/** `embedMany` asks for several parts at once; `embed` asks once, and again where that failed. */
function embeddingIdOf(event: JsonObject): string {
  return event['operationId'] === SPAN_AI_EMBED_DO_EMBED ? '' : (textOr(event['embedCallId']) ?? '');
}

/** The call that an event is of; one that began before anybody listened begins here. */
function callOf(calls: OpenCalls, event: JsonObject): OpenCall | undefined {
  const id = textOr(event['callId']);
  if (id === undefined) return undefined;
  return calls.get(id) ?? calls.add(id, new OpenCall(event, agentOf(event)));
}

/** Who speaks: the app's name for the function, or the agent object's own. Only texts and objects are somebody's turn. */
function agentOf(event: JsonObject): string | undefined {
  const operation = textOr(event['operationId']) ?? '';
  if (!/^ai\.(?:generate|stream)(?:Text|Object)$/.test(operation)) return undefined;
  const agent = takeCalledAgent();
  return textOr(event['functionId']) ?? agent;
}

async function executeModelCall<T>(calls: OpenCalls, options: ExecuteOptions<T>): Promise<T> {
  const event = objectOr(options);
  const call = guarded('AI SDK’s call of a model', () => callOf(calls, event));
  const scope = call?.scope ?? currentScope();
  refuseIfStopped(() => scope);
  // A model that was seen when the function was called asks for itself, where the call can be changed.
  const isOwn = asksForItself(event['provider'], event['modelId']);
  const pending = isOwn ? undefined : admitCall(scope, () => describeEvent(event));
  const admission = pending instanceof Promise ? await pending : pending;
  const inference = call && guarded('AI SDK’s call of a model', () => call.begin(event));
  if (admission !== undefined) {
    if (inference === undefined) admission.reservation.release();
    else inference.hold(admission);
  }
  if (call === undefined || inference === undefined) return options.execute();
  try {
    const result = await inference.run(options.execute);
    guarded('AI SDK’s answer of a model', () => readResult(calls, event, { call, result }));
    return result;
  } catch (error) {
    call.attemptFailed(error);
    throw error;
  }
}

function describeEvent(event: JsonObject): DescribedCall {
  return {
    provider: providerNameOf(textOr(event['provider'])),
    model: textOr(event['modelId']),
    operation: GenAiOperation.CHAT,
    size: sizeOfRequest(event['instructions'], event['messages'], event['tools']),
    outputTokensMax: numberOr(event['maxOutputTokens']),
    canChangeModel: false,
    canShorten: false,
  };
}

function readResult(
  calls: OpenCalls,
  event: JsonObject,
  { call, result }: { readonly call: OpenCall; readonly result: unknown },
): void {
  if (!isObject(result)) return;
  const { stream } = result;
  if (!(stream instanceof ReadableStream)) {
    call.answered(usageFrom(result), event['recordOutputs'] === false ? {} : { output: () => result['content'] });
    return;
  }
  const inference = call.underWay();
  if (inference === undefined) return;
  const id = textOr(event['callId']);
  watchModelStream(stream, inference, { onCancel: () => calls.take(id)?.stop() });
}

/** Not in the getter above: what a closure there is given lives as long as the function whose end it is about. */
function lifeOf(calls: OpenCalls, id: string): Watched {
  return { life: { isEnded: false }, end: () => calls.take(id)?.stop(TurnOutcome.ABANDONED) };
}

async function executeTool<T>(calls: OpenCalls, options: ExecuteOptions<T>): Promise<T> {
  const event = objectOr(options);
  const tool = guarded('AI SDK’s tool', () => callOf(calls, event)?.tool(event));
  if (tool === undefined) return options.execute();
  try {
    const result = await tool.run(options.execute);
    tool.end();
    return result;
  } catch (error) {
    tool.end({ error: error ?? new Error('tool') });
    throw error;
  }
}
