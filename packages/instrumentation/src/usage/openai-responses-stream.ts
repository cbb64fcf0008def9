import type { AnswerFacts } from './answer-facts.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { mergeKnown } from './merge-known.ts';
import { readOpenAiResponse } from './openai-responses.ts';
import type { StreamState } from './stream-state.ts';

const NAMES = ['id', 'model', 'service_tier'] as const;
const ENDS: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/**
 * `ResponseStreamEvent`s. The last event carries the whole response, which is read and let go at once; the first ones tell model and
 * id of a stream that breaks off.
 */
export class OpenAiResponsesStream implements StreamState {
  readonly #begun: Record<string, unknown> = {};
  #ended: AnswerFacts | undefined;

  push(event: JsonObject): void {
    const { type, response } = event;
    if (!isObject(response)) return;
    if (ENDS.has(type)) this.#ended = readOpenAiResponse(response);
    else mergeKnown(this.#begun, NAMES, response);
  }

  facts(): AnswerFacts {
    return this.#ended ?? readOpenAiResponse(this.#begun);
  }

  get isComplete(): boolean {
    return this.#ended !== undefined;
  }
}
