import { UsageSource } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import type { Inference } from '../../emit/inference.ts';
import { isObject, type JsonObject } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';

/** How the reading of a model's stream ended. */
export interface StreamEnd {
  /** The reader went away before the end. */
  readonly onCancel: () => void;
}

/**
 * Keeps an eye on a model's stream once the SDK reads it: the call ends with the part that has the usage, with an error, or when the
 * reader goes away. The stream stays the one that it is, since the SDK may show us a copy of what holds it; and it is not touched before
 * the SDK does, since who has a reader of it has it alone.
 */
export function watchModelStream(stream: ReadableStream<unknown>, inference: Inference, ends: StreamEnd): void {
  // Where this is refused, or the stream is read otherwise, the SDK's own events tell of the answer.
  Reflect.defineProperty(stream, 'pipeThrough', {
    configurable: true,
    enumerable: false,
    writable: true,
    value: <T>(...args: Parameters<typeof stream.pipeThrough<T>>) =>
      observed(stream, inference, ends).pipeThrough(...args),
  });
}

function observed(
  stream: ReadableStream<unknown>,
  inference: Inference,
  { onCancel }: StreamEnd,
): ReadableStream<unknown> {
  const reader = stream.getReader();
  const answer = new StreamedAnswer(inference);
  return new ReadableStream<unknown>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            guarded('end of a stream of the AI SDK', () => answer.end());
            controller.close();
            return;
          }
          guarded('part of a stream of the AI SDK', () => answer.read(value));
          controller.enqueue(value);
        } catch (error) {
          guarded('error of a stream of the AI SDK', () => answer.fail(error));
          controller.error(error);
        }
      },
      cancel(reason) {
        guarded('end of a stream of the AI SDK', () => {
          answer.end();
          onCancel();
        });
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead of who reads this stream.
    { highWaterMark: 0 },
  );
}

/** What the parts of a stream have said so far. */
class StreamedAnswer {
  readonly #inference: Inference;
  #response: JsonObject = {};
  #hasBegun = false;

  constructor(inference: Inference) {
    this.#inference = inference;
  }

  read(part: unknown): void {
    if (!isObject(part)) return;
    switch (part['type']) {
      case 'stream-start':
        return;
      case 'response-metadata':
        this.#response = { id: part['id'], modelId: part['modelId'] };
        return;
      case 'finish':
        this.#inference.end({ facts: usageFrom({ ...part, response: this.#response }) });
        return;
      case 'error':
        this.fail(part['error']);
        return;
      default:
        this.#hasBegun = true;
        this.#inference.chunk();
    }
  }

  fail(error: unknown): void {
    this.#inference.end({
      facts: this.#factsSoFar(),
      error: isObject(error) ? error : { name: 'Error' },
      // What was said before is paid for, and nobody knows how much it was.
      usageSource: this.#hasBegun ? UsageSource.MISSING : undefined,
    });
  }

  /** Without its last part: nobody knows what it used. */
  end(): void {
    this.#inference.end({ facts: this.#factsSoFar() });
  }

  #factsSoFar(): { readonly model?: string; readonly responseId?: string } {
    const { id, modelId } = this.#response;
    return {
      ...(typeof modelId === 'string' ? { model: modelId } : {}),
      ...(typeof id === 'string' ? { responseId: id } : {}),
    };
  }
}
