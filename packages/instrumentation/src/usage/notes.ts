import type { Problem } from './answer-facts.ts';

/** Collects what was wrong with one answer; each code once. Most answers never fill it. */
export class Notes {
  #problems: Problem[] | undefined;

  add(problem: Problem): void {
    if (this.#problems === undefined) this.#problems = [problem];
    else if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }

  /** Undefined if nothing was wrong. */
  get problems(): readonly Problem[] | undefined {
    return this.#problems;
  }
}
