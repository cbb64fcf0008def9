import { isObject, listOr, objectOr, type JsonObject } from '../../usage/json-object.ts';
import { StreamKind } from '../../usage/stream-reader.ts';

/** Puts together what a streamed answer says, where content is captured. */
export class StreamText {
  readonly #kind: StreamKind;
  readonly #lengthMax: number;
  #text = '';
  #output: unknown;

  /** Not much more than `lengthMax` characters are kept: the rest would be cut anyway. */
  constructor(kind: StreamKind, lengthMax: number) {
    this.#kind = kind;
    this.#lengthMax = lengthMax;
  }

  push(chunk: unknown): void {
    if (!isObject(chunk)) return;
    const { response } = chunk;
    // The last event of OpenAI's responses has it all.
    if (isObject(response) && listOr(response['output']).length > 0) this.#output = response['output'];
    if (this.#text.length <= this.#lengthMax) this.#text += TEXT_OF[this.#kind](chunk);
  }

  /** Undefined where nothing was said. */
  output(): unknown {
    if (this.#output !== undefined) return this.#output;
    return this.#text === '' ? undefined : [{ role: 'assistant', content: this.#text }];
  }
}

const TEXT_OF: Readonly<Record<StreamKind, (chunk: JsonObject) => string>> = {
  [StreamKind.Anthropic]: ({ delta }) => textOf(objectOr(delta)['text']),
  [StreamKind.Gemini]: ({ candidates }) => {
    const { content } = objectOr(listOr(candidates)[0]);
    return listOr(objectOr(content)['parts'])
      .map((part) => textOf(objectOr(part)['text']))
      .join('');
  },
  [StreamKind.OpenAiChat]: ({ choices }) => {
    const { delta, text } = objectOr(listOr(choices)[0]);
    return textOf(objectOr(delta)['content'] ?? text);
  },
  [StreamKind.OpenAiResponses]: ({ type, delta }) => (type === 'response.output_text.delta' ? textOf(delta) : ''),
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
