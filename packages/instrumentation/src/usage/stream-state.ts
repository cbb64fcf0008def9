import type { AnswerFacts } from './answer-facts.ts';
import type { JsonObject } from './json-object.ts';

/** What one wire's stream has told so far. Its size has a limit, whatever is pushed. */
export interface StreamState {
  push(chunk: JsonObject): void;
  facts(): AnswerFacts;
  readonly isComplete: boolean;
}
