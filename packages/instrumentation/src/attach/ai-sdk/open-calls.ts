import { TurnOutcome } from '@turnmeter/semconv';
import type { Inference } from '../../emit/inference.ts';
import type { OpenCall } from './open-call.ts';

/** A stream that may never be read to its end. */
interface WatchedStream {
  readonly inference: Inference;
  /** Nobody will read it any more. */
  readonly end: () => void;
}

/** The calls that are under way, by the SDK's ids of them. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();
  /** Nobody tells of a stream that is dropped: it is gone when its memory is. */
  readonly #dropped = new FinalizationRegistry<WatchedStream>(({ inference, end }) => {
    if (!inference.isEnded) end();
  });

  get(id: string | undefined): OpenCall | undefined {
    return id === undefined ? undefined : this.#calls.get(id);
  }

  add(id: string, call: OpenCall): OpenCall {
    this.#calls.set(id, call);
    if (this.#calls.size > CALLS_MAX) {
      for (const oldest of this.#calls.keys()) {
        this.take(oldest)?.stop(TurnOutcome.ABANDONED);
        break;
      }
    }
    return call;
  }

  /** The call, which is over with that. */
  take(id: string | undefined): OpenCall | undefined {
    if (id === undefined) return undefined;
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  /** Ends a call when its stream is dropped before it was read to its end. */
  watch(stream: object, watched: WatchedStream): void {
    this.#dropped.register(stream, watched);
  }
}

/** More than run at once; those beyond have been dropped by somebody who told nobody. */
const CALLS_MAX = 10_000;
