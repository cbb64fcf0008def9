import type { AnswerFacts } from './answer-facts.ts';
import { isObject, type JsonObject, listOr, textOr } from './json-object.ts';
import { mergeKnown } from './merge-known.ts';
import { readChatCompletion } from './openai-chat.ts';
import type { StreamState } from './stream-state.ts';

const NAMES = ['id', 'model', 'object', 'service_tier'] as const;
/** More choices than any API gives (128). */
const CHOICES_MAX = 128;

/**
 * `ChatCompletionChunk`s. The usage comes in a last chunk without choices, or with every chunk so far (vLLM's continuous usage, xAI),
 * or under a name of Groq's: the last one counts.
 */
export class OpenAiChatStream implements StreamState {
  readonly #answer: Record<string, unknown> = {};
  /** Why each choice ended, by its index; undefined while it has not. */
  readonly #endings = new Map<number, string | undefined>();

  push(chunk: JsonObject): void {
    mergeKnown(this.#answer, NAMES, chunk);
    const groq = chunk['x_groq'];
    const usage = chunk['usage'] ?? (isObject(groq) ? groq['usage'] : undefined);
    if (isObject(usage)) this.#answer['usage'] = usage;
    if (groq !== undefined) this.#answer['x_groq'] = {};
    for (const choice of listOr(chunk['choices'])) {
      if (isObject(choice)) this.#pushChoice(choice);
    }
  }

  facts(): AnswerFacts {
    const endings = [...this.#endings].sort(([a], [b]) => a - b);
    return readChatCompletion({
      ...this.#answer,
      choices: endings.map(([, reason]) => ({ finish_reason: reason })),
    });
  }

  get isComplete(): boolean {
    return this.#endings.size > 0 && [...this.#endings.values()].every((reason) => reason !== undefined);
  }

  #pushChoice({ index, finish_reason: reason }: JsonObject): void {
    const at = typeof index === 'number' ? index : 0;
    if (!this.#endings.has(at) && this.#endings.size >= CHOICES_MAX) return;
    this.#endings.set(at, textOr(reason) ?? this.#endings.get(at));
  }
}
