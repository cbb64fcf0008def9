// From what a ledger knows, use of some steps, to what forecasts need: every step, with no use told from no knowledge.

export interface KnownUse {
  /** Use by number of the step (days since 1970, say); steps without any are not in it. */
  readonly byStep: ReadonlyMap<number, number>;
  /** The last step of which anybody's use is known: up to it, steps without use had none, and after it nothing is known. */
  readonly observedTo: number;
  /** The step that runs: partial, so not of the history. */
  readonly running: number;
}

export interface UseSeries {
  /** Number of the first step, the first with use. */
  readonly firstStep: number;
  /** Up to the one before the running step; undefined is unknown. */
  readonly history: readonly (number | undefined)[];
  /** Of the running step, so far. */
  readonly usedInRunningStep: number;
}

/** The series ends with the last whole step, be anything known of it or not, so that forecasts begin with the running one. */
export function useSeries({ byStep, observedTo, running }: KnownUse): UseSeries {
  let firstStep = running;
  for (const [step, use] of byStep) if (use > 0 && step < firstStep) firstStep = step;
  const history = Array.from({ length: running - firstStep }, (_, at) => {
    const step = firstStep + at;
    return byStep.get(step) ?? (step <= observedTo ? 0 : undefined);
  });
  return { firstStep, history, usedInRunningStep: byStep.get(running) ?? 0 };
}
