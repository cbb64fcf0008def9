import type { AnswerFacts } from './answer-facts.ts';
import { readAnthropicMessage } from './anthropic.ts';
import { isObject, type JsonObject, objectOr } from './json-object.ts';
import { mergeKnown } from './merge-known.ts';
import type { StreamState } from './stream-state.ts';

const NAMES = ['id', 'model', 'stop_reason'] as const;
const USAGE_NAMES = [
  'input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation',
  'output_tokens_details', 'server_tool_use', 'iterations', 'service_tier', 'speed', 'cost',
] as const; // prettier-ignore

/**
 * `RawMessageStreamEvent`s. `message_start` counts the prompt and the first tokens, each `message_delta` is cumulative: what it names
 * replaces, what it leaves out or nulls stays.
 */
export class AnthropicStream implements StreamState {
  readonly #message: Record<string, unknown> = {};
  readonly #usage: Record<string, unknown> = {};

  push(event: JsonObject): void {
    const { message, delta, usage } = event;
    if (event['type'] === 'message_start' && isObject(message)) {
      mergeKnown(this.#message, NAMES, message);
      mergeKnown(this.#usage, USAGE_NAMES, objectOr(message['usage']));
    } else if (event['type'] === 'message_delta') {
      mergeKnown(this.#message, NAMES, objectOr(delta));
      mergeKnown(this.#usage, USAGE_NAMES, objectOr(usage));
    }
  }

  facts(): AnswerFacts {
    return readAnthropicMessage({ ...this.#message, usage: this.#usage });
  }

  get isComplete(): boolean {
    return this.#message['stop_reason'] !== undefined;
  }
}
