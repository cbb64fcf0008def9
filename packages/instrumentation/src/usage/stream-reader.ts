// Comes in: the chunks of one streamed answer, in order. Goes out: what `usageFrom` would say of the whole.
// Refused: nothing; a chunk of no known kind is passed over. No text is kept, whatever the length of the answer.

import { Problem, type AnswerFacts } from './answer-facts.ts';
import { AnthropicStream } from './anthropic-stream.ts';
import { GeminiStream } from './gemini-stream.ts';
import { OpenAiChatStream } from './openai-chat-stream.ts';
import { OpenAiResponsesStream } from './openai-responses-stream.ts';
import type { StreamState } from './stream-state.ts';
import { isObject } from './json-object.ts';

/** The wires that stream. */
export const StreamKind = {
  Anthropic: 'anthropic',
  Gemini: 'gemini',
  OpenAiChat: 'openai-chat',
  OpenAiResponses: 'openai-responses',
} as const;

/** One of the wires that stream. */
export type StreamKind = (typeof StreamKind)[keyof typeof StreamKind];

/** Gathers what a streamed answer says of itself. */
export interface StreamReader {
  /** Takes the next chunk, as the SDK yields it. Never throws. */
  push(chunk: unknown): void;
  /** What is known by now; the whole once `isComplete`. */
  facts(): AnswerFacts;
  /** Whether the model said that it was finished. Usage may still follow: OpenAI sends it in a chunk of its own. */
  readonly isComplete: boolean;
}

/** Starts reading one streamed answer. */
export function createStreamReader(kind: StreamKind): StreamReader {
  return new GuardedReader(stateOf(kind));
}

function stateOf(kind: StreamKind): StreamState {
  switch (kind) {
    case StreamKind.Anthropic:
      return new AnthropicStream();
    case StreamKind.Gemini:
      return new GeminiStream();
    case StreamKind.OpenAiChat:
      return new OpenAiChatStream();
    case StreamKind.OpenAiResponses:
      return new OpenAiResponsesStream();
  }
}

/** Keeps a chunk that throws when it is looked at away from the app. */
class GuardedReader implements StreamReader {
  readonly #state: StreamState;
  #hasFailed = false;

  constructor(state: StreamState) {
    this.#state = state;
  }

  push(chunk: unknown): void {
    try {
      if (isObject(chunk)) this.#state.push(chunk);
    } catch {
      this.#hasFailed = true;
    }
  }

  facts(): AnswerFacts {
    const facts = this.#read();
    return this.#hasFailed ? { ...facts, problems: [...(facts.problems ?? []), Problem.ReaderFailed] } : facts;
  }

  get isComplete(): boolean {
    return this.#state.isComplete;
  }

  #read(): AnswerFacts {
    try {
      return this.#state.facts();
    } catch {
      this.#hasFailed = true;
      return {};
    }
  }
}
