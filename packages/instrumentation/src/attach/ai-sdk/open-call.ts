import { GenAiOperation, SPAN_AI_STREAM_OBJECT, SPAN_AI_STREAM_TEXT, TurnOutcome } from '@turnmeter/semconv';
import { isAbort } from '../../emit/error-type.ts';
import type { Inference, InferenceEnd } from '../../emit/inference.ts';
import { startInference } from '../../emit/start-inference.ts';
import { OpenTool } from '../../emit/tool.ts';
import { OpenTurn } from '../../emit/turn.ts';
import { liveSessions } from '../../session/live-sessions.ts';
import { currentScope, scopeBelow, type Scope } from '../../session/scope.ts';
import { type JsonObject, objectOr, textOr } from '../../usage/json-object.ts';
import type { AnswerFacts } from '../../usage/answer-facts.ts';
import { linkCall } from './called-agent.ts';
import { identityOf, inferenceOf } from './operation-facts.ts';

/** One call of `generateText`, `streamText`, `embed` …: the calls of a model and of tools that it makes, and the agent's turn that it is. */
export class OpenCall {
  /** Where its calls of models and tools are. */
  readonly scope: Scope;
  readonly #turn: OpenTurn | undefined;
  /** By the SDK's id of the call of a model, or `''` where there is only one at a time. */
  readonly #inferences = new Map<string, Inference>();
  readonly #isStream: boolean;
  #isEnded = false;
  #lastError: unknown;

  /** With an agent's name it is a turn; without one it belongs to whoever calls. */
  constructor(event: JsonObject, agent: string | undefined, outer: Scope = currentScope()) {
    linkCall(() => [...this.#inferences.values()].findLast(({ isEnded }) => !isEnded));
    const identity = identityOf(event);
    const operation = textOr(event['operationId']);
    this.#isStream = operation === SPAN_AI_STREAM_TEXT || operation === SPAN_AI_STREAM_OBJECT;
    if (agent !== undefined) {
      this.#turn = new OpenTurn({ agent, identity, scope: outer });
      this.scope = this.#turn.scope;
      return;
    }
    const named = scopeBelow(outer, { identity });
    this.scope = outer.live === undefined ? { ...named, live: liveSessions().of(named.identity) } : named;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** A call of a model begins, or is tried again. */
  begin(event: JsonObject, { id = '', operation = GenAiOperation.CHAT }: BeginOptions = {}): Inference {
    const open = this.#inferences.get(id);
    if (open !== undefined && !open.isEnded) {
      open.retry();
      return open;
    }
    const inference = startInference({ ...inferenceOf(event, operation), isStream: this.#isStream, scope: this.scope });
    this.#inferences.set(id, inference);
    return inference;
  }

  /** A call of a model has its answer. */
  answered(facts: AnswerFacts, { id = '', ...end }: AnsweredOptions = {}): void {
    this.#inferences.get(id)?.end({ facts, ...end });
    this.#inferences.delete(id);
  }

  /** The call of a model that is under way, where there is but one at a time. */
  underWay(): Inference | undefined {
    return this.#inferences.get('');
  }

  /** An attempt failed; the SDK may try again. */
  attemptFailed(error: unknown): void {
    this.#lastError = error;
  }

  tool(event: JsonObject): OpenTool {
    const toolCall = objectOr(event['toolCall']);
    return new OpenTool({
      name: textOr(toolCall['toolName']) ?? 'tool',
      callId: textOr(toolCall['toolCallId']),
      scope: this.scope,
      arguments: event['recordInputs'] === false ? undefined : () => toolCall['input'],
    });
  }

  /** All is done. What is still open was an attempt that failed: only those of embeddings are told one by one. */
  end(): void {
    this.#isEnded = true;
    for (const [id, inference] of this.#inferences) inference.end(id === '' ? {} : { error: UNKNOWN });
    this.#inferences.clear();
    this.#turn?.end();
  }

  /** The call failed, or its caller ended it. */
  fail(error: unknown): void {
    this.#isEnded = true;
    const cause = this.#lastError ?? error;
    for (const inference of this.#inferences.values()) inference.end({ error: cause ?? UNKNOWN });
    this.#inferences.clear();
    if (isAbort(error) || isAbort(cause)) this.#turn?.end({ outcome: TurnOutcome.STOPPED });
    else this.#turn?.end({ error: cause ?? UNKNOWN });
  }

  /** Its caller went away: nobody failed, and nobody knows what it used. */
  stop(outcome: TurnOutcome = TurnOutcome.STOPPED): void {
    this.#isEnded = true;
    for (const inference of this.#inferences.values()) inference.end();
    this.#inferences.clear();
    this.#turn?.end({ outcome });
  }
}

interface AnsweredOptions extends Pick<InferenceEnd, 'output' | 'endMs'> {
  readonly id?: string | undefined;
}

interface BeginOptions {
  readonly id?: string | undefined;
  readonly operation?: string | undefined;
}

const UNKNOWN = { name: 'Error' } as const;
