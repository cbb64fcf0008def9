import { TurnOutcome } from '@turnmeter/semconv';
import type { OpenCall } from './open-call.ts';

/** What may never be told to have ended: a stream that nobody reads on, a call of version 6 that failed. */
export interface Watched {
  /** Ended in time; then there is nothing to do. */
  readonly life: { readonly isEnded: boolean };
  readonly end: () => void;
}

/** The calls that are under way, by the SDK's ids of them. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();
  /** Nobody tells of a stream that is dropped: it is gone when its memory is. */
  readonly #dropped = new FinalizationRegistry<Watched>(({ life, end }) => {
    if (!life.isEnded) end();
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

  /** Ends what has not ended when the object that it depends on is gone. Nothing in `watched` may hold that object. */
  watch(object: object, watched: Watched): void {
    this.#dropped.register(object, watched);
  }
}

/** More than run at once; those beyond have been dropped by somebody who told nobody. */
const CALLS_MAX = 10_000;
