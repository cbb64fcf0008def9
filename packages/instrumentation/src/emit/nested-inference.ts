import { runInScope, type CallOwner, type Scope } from '../session/scope.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import type { Inference, InferenceEnd, InferenceStart } from './inference.ts';
import { OwnInference } from './own-inference.ts';

/** A call within a call: the same one, seen nearer to the wire. It has no span; its numbers go to the one above. */
export class NestedInference implements Inference {
  readonly scope: Scope;
  readonly #owner: CallOwner;
  readonly #start: InferenceStart;
  readonly #watch: Stopwatch;
  #firstChunkMs: number | undefined;
  #retries = 0;
  #isEnded = false;

  constructor(owner: CallOwner, scope: Scope, start: InferenceStart) {
    this.#owner = owner;
    this.scope = scope;
    this.#start = start;
    this.#watch = startStopwatch();
    owner.learn(start);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  retry(): void {
    this.#retries++;
  }

  chunk(): void {
    this.#firstChunkMs ??= this.#watch.elapsedMs();
    if (!this.#owner.isEnded) this.#owner.chunk();
  }

  end(end: InferenceEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { facts = {}, error } = end;
    if (!this.#owner.isEnded) this.#owner.takeFrom(facts, this.#firstChunkMs, this.#retries, error);
    else if (!this.#owner.hadUsage && facts.usage !== undefined) this.#tellAlone(end);
  }

  /** The call above ended before the answer did, without usage: the tokens would be nowhere. */
  #tellAlone(end: InferenceEnd): void {
    const { parent } = this.scope;
    if (parent !== undefined) new OwnInference(parent, { ...this.#start, startMs: this.#watch.startMs }).end(end);
  }
}
