import type { Inference, InferenceEnd } from '../../emit/inference.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import type { Scope } from '../../session/scope.ts';
import type { RunFailure } from './control-flow.ts';
import type { Level } from './level.ts';
import { StreamedOutput } from './streamed-output.ts';

/** A model's run. It waits while LangChain looks for the answer in its cache: a call that is not made is none. */
export class ModelLevel implements Level {
  readonly runId: string;
  readonly turn: undefined;
  readonly #outer: Scope;
  readonly #start: (admission: Admission | undefined) => Inference;
  readonly #streamed = new StreamedOutput();
  #inference: Inference | undefined;
  #isOver = false;

  constructor({
    runId,
    outer,
    start,
  }: {
    runId: string;
    outer: Scope;
    start: (admission: Admission | undefined) => Inference;
  }) {
    this.runId = runId;
    this.#outer = outer;
    this.#start = start;
  }

  /** The model is asked now, as the guard lets it through. */
  begin(admission: Admission | undefined): void {
    if (this.#isOver || this.#inference !== undefined) admission?.reservation.release();
    else this.#inference = this.#start(admission);
  }

  get isOpen(): boolean {
    return this.#inference !== undefined && !this.#inference.isEnded;
  }

  get scope(): Scope {
    return this.#inference?.scope ?? this.#outer;
  }

  scopeForWork(): Scope {
    return this.scope;
  }

  scopeForTool(): Scope {
    return this.scope;
  }

  /** A part of the answer has come, with what LangChain says beside its text. */
  chunk(fields: unknown): void {
    this.#inference?.chunk();
    this.#streamed.note(fields);
  }

  answer(end: InferenceEnd): void {
    this.#isOver = true;
    this.#inference?.end(end.facts === undefined ? end : { ...end, facts: this.#streamed.correct(end.facts) });
  }

  end({ error }: RunFailure): void {
    this.answer({ error });
  }

  abandon(): void {
    this.answer({});
  }
}
