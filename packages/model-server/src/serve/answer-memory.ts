import type { Answer } from '../answer.ts';
import { RequestError } from '../failures.ts';
import type { RequestMessage } from '../script/request.ts';

// Whoever goes on from an answer does so soon.
const ANSWERS_MAX = 1000;

/** What was said up to the last answers, for callers who name an answer in place of sending the conversation again. */
export class AnswerMemory {
  readonly #conversations = new Map<string, readonly RequestMessage[]>();

  add(answer: Answer): void {
    const { text, toolCalls, request } = answer;
    this.#conversations.set(answer.id, [...request.messages, { role: 'assistant', text, toolCalls }]);
    const [oldest] = this.#conversations.size > ANSWERS_MAX ? this.#conversations.keys() : [];
    if (oldest !== undefined) this.#conversations.delete(oldest);
  }

  /** @throws RequestError as the API does for an answer that it does not know. */
  messagesUpTo(id: string): readonly RequestMessage[] {
    const messages = this.#conversations.get(id);
    if (messages !== undefined) return messages;
    throw new RequestError({
      status: 400,
      message: `Previous response with id '${id}' not found.`,
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }
}
