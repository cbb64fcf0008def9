import type { AnswerFacts } from '../../usage/answer-facts.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';

/**
 * Anthropic's streams tell of their output twice: the first event has what is there by then, the last one the whole. `@langchain/anthropic`
 * (seen in 1.5) adds both. The chunks show it, and the sum is put right.
 */
export class StreamedOutput {
  #first = 0;
  #whole: number | undefined;

  /** What comes beside the text of a new token. */
  note(fields: unknown): void {
    const { usage_metadata: usage, additional_kwargs: more } = objectOr(objectOr(objectOr(fields)['chunk'])['message']);
    if (!isObject(usage) || typeof usage['output_tokens'] !== 'number') return;
    if (objectOr(more)['type'] === 'message') this.#first = usage['output_tokens'];
    else this.#whole = usage['output_tokens'];
  }

  correct(facts: AnswerFacts): AnswerFacts {
    const { usage } = facts;
    const isAdded = this.#first > 0 && usage?.output === this.#first + (this.#whole ?? Number.NaN);
    return isAdded ? { ...facts, usage: { ...usage, output: this.#whole } } : facts;
  }
}
