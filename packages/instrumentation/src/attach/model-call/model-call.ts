import { UsageSource } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import type { Inference, InferenceEnd, InferenceStart } from '../../emit/inference.ts';
import { recorder } from '../../emit/recorder.ts';
import { startInference } from '../../emit/start-inference.ts';
import { currentScope, type Scope } from '../../session/scope.ts';
import { callsOf, type AnswerFacts } from '../../usage/answer-facts.ts';
import { isObject, type JsonObject } from '../../usage/json-object.ts';
import { createStreamReader, type StreamKind, type StreamReader } from '../../usage/stream-reader.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import type { AnswerSink } from './answer-sink.ts';
import { StreamText } from './stream-text.ts';
import { forget, hold, watch, type UnreadCall } from './unread-calls.ts';

/** How an answer is to be read. */
export interface AnswerShape {
  /** The wire of its parts, where it may be streamed. */
  readonly streamKind?: StreamKind | undefined;
  /** The words of an answer; asked only where content is captured. */
  readonly outputOf: (answer: JsonObject) => unknown;
  /** The id by which the rest is asked for, where the answer only says that the work goes on in the background. */
  readonly pendingIdOf?: ((answer: JsonObject) => string | undefined) | undefined;
}

/** A client's call of a model, from its request until its answer is read, given up, or lost. */
export class ModelCall implements AnswerSink, UnreadCall {
  /** Where the app made the call; the request itself may be made later. */
  readonly #scope: Scope = currentScope();
  readonly #shape: AnswerShape;
  #start: InferenceStart | undefined;
  #inference: Inference | undefined;
  #reader: StreamReader | undefined;
  #text: StreamText | undefined;
  #pendingId: string | undefined;
  #isReading = false;
  #isAnswered = false;
  /** When the server was last heard of, in milliseconds since 1970. */
  #heardMs: number | undefined;

  constructor(shape: AnswerShape) {
    this.#shape = shape;
  }

  /** Where it is made. */
  get scope(): Scope {
    return this.#scope;
  }

  get stopError(): Error | undefined {
    return this.#start?.admission?.reservation.stopError;
  }

  get isBegun(): boolean {
    return this.#inference !== undefined;
  }

  /** Whether somebody who is observed has begun to read the answer: then it is not to be read from the wire as well. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** The request is about to be made. */
  begin(start: InferenceStart): void {
    this.#start = start;
    this.#inference = startInference({ ...start, scope: this.#scope });
  }

  /** The client asks again by itself. */
  retry(): void {
    this.#inference?.retry();
  }

  /** Runs code as part of the call. */
  run<T>(work: () => T): T {
    return this.#inference === undefined ? work() : this.#inference.run(work);
  }

  /** The head of the answer has arrived; its rest can be read from `response`, which `observe` is asked to see where nobody else does. */
  responded(response: unknown, observe?: (response: object) => void): void {
    this.#heardMs = Date.now();
    if (isObject(response)) void this.#leaveUnread(response, observe);
  }

  /** The answer is about to be read by code that tells of it. */
  reads(): void {
    this.#isReading = true;
  }

  /** The answer is there as a whole. */
  answered(answer: unknown): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#tell(answer);
  }

  /** The answer comes in parts, from this object. @returns false where it is known already. */
  streams(stream: object): boolean {
    if (this.#isAnswered) return false;
    this.#isAnswered = true;
    this.#isReading = true;
    watch(stream, this);
    const { streamKind } = this.#shape;
    if (streamKind === undefined) return true;
    this.#reader = createStreamReader(streamKind);
    const { captureContent, contentLengthMax } = recorder().config;
    if (captureContent) this.#text = new StreamText(streamKind, contentLengthMax);
    return true;
  }

  part(chunk: unknown): void {
    this.#heardMs = Date.now();
    this.#inference?.chunk();
    this.#reader?.push(chunk);
    this.#text?.push(chunk);
    const { pendingIdOf } = this.#shape;
    if (pendingIdOf === undefined || !isObject(chunk)) return;
    const { response } = chunk;
    if (isObject(response)) this.#pendingId = pendingIdOf(response);
  }

  /** The stream is over, or nobody reads on. `abort` is why, where the app had it broken off. */
  finished(abort?: unknown): void {
    // What is aborted when all has been said is a success.
    this.#breakOff(this.#reader?.isComplete === true ? undefined : abort);
  }

  failed(error: unknown): void {
    this.#breakOff(error);
  }

  /** What was asked for later, for an answer that was still to come. */
  later(answer: unknown): void {
    this.#tell(answer);
  }

  /** Nobody can read the answer any more. It lasted as long as the server was heard of. */
  forgotten(): void {
    this.#end({ endMs: this.#heardMs });
  }

  /**
   * Nearly always somebody waits for the answer, and begins to read it in the step after the one in which it arrives, where the app
   * cannot have it yet.
   */
  async #leaveUnread(response: object, observe?: (response: object) => void): Promise<void> {
    for (let steps = 0; steps < STEPS_TO_READERS; steps++) await Promise.resolve();
    if (this.#isReading || this.#inference?.isEnded !== false) return;
    guarded('an answer that nobody reads yet', () => {
      watch(response, this);
      observe?.(response);
    });
  }

  #tell(answer: unknown): void {
    const pendingId = isObject(answer) ? this.#shape.pendingIdOf?.(answer) : undefined;
    if (pendingId !== undefined) {
      hold(pendingId, this);
      return;
    }
    this.#end({
      facts: usageFrom(answer),
      output: () => (isObject(answer) ? this.#shape.outputOf(answer) : undefined),
    });
  }

  /** The server works on where it was asked to do so in the background. */
  #breakOff(error: unknown): void {
    if (this.#pendingId === undefined) this.#end({ error });
    else hold(this.#pendingId, this);
  }

  #end(end: InferenceEnd): void {
    const inference = this.#inference;
    if (inference === undefined || inference.isEnded) return;
    guarded('end of a call of a client', () => {
      forget(this);
      const facts = this.#factsOf(end.facts ?? this.#reader?.facts() ?? {});
      const [own = facts, ...inside] = callsOf(facts);
      const text = this.#text;
      inference.end({
        ...(text === undefined ? {} : { output: () => text.output() }),
        ...end,
        facts: own,
        usageSource: this.#usageSource(facts),
      });
      for (const call of inside) this.#tellInside(call);
    });
  }

  /** Whose the model is, the client knows better than the shape of its answer does: clouds serve other companies' models. */
  #factsOf(facts: AnswerFacts): AnswerFacts {
    const { provider } = this.#start ?? {};
    return provider === undefined || facts.provider === undefined ? facts : { ...facts, provider };
  }

  /** Counts of an answer that broke off are its first ones: too few. Where no answer came, there is nothing to miss. */
  #usageSource({ usage }: AnswerFacts): UsageSource | undefined {
    if (usage !== undefined) {
      return (this.#reader?.isComplete ?? true) ? UsageSource.PROVIDER : UsageSource.ESTIMATED;
    }
    return this.#heardMs === undefined ? undefined : UsageSource.MISSING;
  }

  /** Another model that was asked on the way: an advisor, a maker of images. */
  #tellInside(facts: AnswerFacts): void {
    if (this.#start === undefined) return;
    const { operation, provider, attributes } = this.#start;
    startInference({ operation, provider, model: facts.model, scope: this.#scope, attributes }).end({ facts });
  }
}

const STEPS_TO_READERS = 2;
