import type { Level } from './level.ts';

/** LangChain's runs that have begun and not ended, by their ids. */
export class OpenRuns {
  /** The oldest first. A run that is nothing by itself stands for the level that it is part of. */
  readonly #levels = new Map<string, Level>();
  readonly #runsMax: number;

  constructor(runsMax: number = RUNS_MAX) {
    this.#runsMax = runsMax;
  }

  get size(): number {
    return this.#levels.size;
  }

  get(runId: string | undefined): Level | undefined {
    return runId === undefined ? undefined : this.#levels.get(runId);
  }

  add(runId: string, level: Level): void {
    this.#levels.set(runId, level);
    if (this.#levels.size <= this.#runsMax) return;
    for (const [oldest, forgotten] of this.#levels) {
      this.#levels.delete(oldest);
      if (forgotten.runId === oldest) forgotten.abandon();
      break;
    }
  }

  /** @returns the level of a run that is over; undefined for one that is part of another, or is not known. */
  remove(runId: string): Level | undefined {
    const level = this.#levels.get(runId);
    this.#levels.delete(runId);
    return level?.runId === runId ? level : undefined;
  }
}

/** Some 300 bytes each. LangChain tells of no end where nobody reads a graph's stream to its end. */
const RUNS_MAX = 50_000;
