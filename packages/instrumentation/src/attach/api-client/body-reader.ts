import type { ModelCall } from '../model-call/model-call.ts';

/** Makes an answer of the text of a body as it is read: JSON at its end, or server-sent events on the way. */
export class BodyReader {
  readonly #isEvents: boolean;
  #pending = '';
  #isTooLong = false;
  #hasBegun = false;

  constructor(isEvents: boolean) {
    this.#isEvents = isEvents;
  }

  push(text: string, call: ModelCall): void {
    if (this.#isTooLong) return;
    this.#pending += text;
    if (this.#isEvents) this.#takeEvents(call);
    if (this.#pending.length > PENDING_MAX) {
      this.#isTooLong = true;
      this.#pending = '';
    }
  }

  /** The body is read to its end. */
  end(call: ModelCall): void {
    if (this.#isEvents) {
      this.#takeEvents(call, true);
      call.finished();
    } else call.answered(this.#isTooLong ? undefined : parse(this.#pending));
    this.#pending = '';
  }

  /** Sample: `event: message_start\ndata: {"type":"message_start", …}\n\n`; each of these APIs has an event's data in one line. */
  #takeEvents(call: ModelCall, isEnd = false): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      call.streams(this);
    }
    const lines = this.#pending.split(/\r\n|\n|\r/);
    this.#pending = isEnd ? '' : (lines.pop() ?? '');
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      const event = parse(line.slice('data:'.length));
      if (event !== undefined) call.part(event);
    }
  }
}

/** Beyond this a body is an image or a long list of vectors, in characters; its usage is then missing. */
const PENDING_MAX = 8 * 1024 * 1024;

/** Undefined for what is not JSON: `[DONE]`, a broken body. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
