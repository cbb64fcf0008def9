import type { Admission, Reservation } from '../guard/guarded-call.ts';
import { runInScope, scopeBelow, type CallOwner, type RequestFacts, type Scope } from '../session/scope.ts';
import type { AnswerFacts } from '../usage/answer-facts.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import type { Inference, InferenceEnd, InferenceStart } from './inference.ts';
import { mergeFacts } from './merge-facts.ts';
import { OwnInference } from './own-inference.ts';

/**
 * A call within a call: the same one, seen nearer to the wire. It has no span; its numbers go to the one above, once, also where there
 * are more than two of them (a model that asks another one by a client).
 */
export class NestedInference implements Inference, CallOwner {
  readonly scope: Scope;
  readonly #owner: CallOwner;
  readonly #start: InferenceStart;
  readonly #watch: Stopwatch;
  readonly #below: AnswerFacts[] = [];
  #errorBelow: unknown;
  #firstChunkMs: number | undefined;
  #retries = 0;
  #chunks = 0;
  #isEnded = false;
  #hadUsage = false;
  readonly #held: Reservation[] = [];

  constructor(owner: CallOwner, scope: Scope, start: InferenceStart) {
    this.#owner = owner;
    this.scope = scopeBelow(scope, { inference: this });
    this.#start = start;
    this.#watch = startStopwatch();
    owner.learn(start);
    if (start.admission !== undefined) this.hold(start.admission);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get hadUsage(): boolean {
    return this.#hadUsage;
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  retry(): void {
    this.#retries++;
  }

  learn(request: RequestFacts): void {
    if (!this.#isEnded) this.#owner.learn(request);
  }

  chunk(): void {
    this.#chunks++;
    this.#firstChunkMs ??= this.#watch.elapsedMs();
    if (!this.#owner.isEnded) this.#owner.chunk();
  }

  hold(admission: Admission): void {
    this.#held.push(admission.reservation);
    this.#owner.hold(admission);
  }

  claim(): readonly Reservation[] {
    return this.#owner.claim();
  }

  takeFrom(facts: AnswerFacts, firstChunkMs: number | undefined, retries: number, error?: unknown): void {
    // After a failure it was asked again.
    this.#retries += this.#errorBelow === undefined ? retries : retries + 1;
    this.#errorBelow = error;
    this.#below.push(facts);
    this.#firstChunkMs ??= firstChunkMs;
  }

  end(end: InferenceEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const facts = mergeFacts(end.facts ?? {}, this.#below);
    this.#hadUsage = facts.usage !== undefined;
    // It may be asked again, which needs its room; what was used is the owner's to settle.
    if (end.error !== undefined && !this.#hadUsage && this.#chunks === 0) {
      for (const reservation of this.#held) reservation.release();
    }
    const error = end.error === undefined ? undefined : (this.#errorBelow ?? end.error);
    if (!this.#owner.isEnded) this.#owner.takeFrom(facts, this.#firstChunkMs, this.#retries, error);
    else if (!this.#owner.hadUsage && this.#hadUsage) this.#tellAlone({ ...end, facts });
  }

  /** The call above ended before the answer did, without usage: the tokens would be nowhere. */
  #tellAlone(end: InferenceEnd): void {
    let outside: Scope | undefined = this.scope;
    while (outside?.inference?.isEnded === true) outside = outside.parent;
    if (outside === undefined) return;
    const owner = outside.inference;
    if (owner !== undefined) owner.takeFrom(end.facts ?? {}, this.#firstChunkMs, this.#retries, end.error);
    else new OwnInference(outside, { ...this.#start, admission: undefined, startMs: this.#watch.startMs }).end(end);
  }
}
