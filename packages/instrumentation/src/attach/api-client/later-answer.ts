import { isObject } from '../../usage/json-object.ts';
import type { AnswerSink } from '../model-call/answer-sink.ts';
import type { UnreadCall } from '../model-call/unread-calls.ts';

/**
 * An answer that is asked for again, by its id: it tells the call that it answers, if that still waits for it, and is none of its own.
 * That asking fails does not say that the call did.
 */
export class LaterAnswer implements AnswerSink {
  readonly #call: UnreadCall;

  constructor(call: UnreadCall) {
    this.#call = call;
  }

  answered(answer: unknown): void {
    this.#call.later(answer);
  }

  streams(): boolean {
    return true;
  }

  /** The first and the last events carry the answer as it is by then. */
  part(chunk: unknown): void {
    if (isObject(chunk) && isObject(chunk['response'])) this.#call.later(chunk['response']);
  }

  reads(): void {}

  finished(): void {}

  failed(): void {}
}
