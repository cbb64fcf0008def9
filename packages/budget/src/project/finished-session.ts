// Sessions as projections see them: what had been spent when each turn was over.

/** What tells sessions of a workflow apart before they have spent anything. */
export interface SessionTraits {
  /** Of the workflow; undefined where nobody says. */
  readonly version?: string | undefined;
  /** Who spoke first. */
  readonly entryAgent?: string | undefined;
  /** Input tokens of the first turn. */
  readonly firstPromptTokens?: number | undefined;
}

/** A session that is over. The lists have one value a turn, in order, each what had come together by the end of that turn. */
export interface FinishedSession extends SessionTraits {
  readonly id: string;
  readonly endedMs: number;
  readonly costsNanoUsd: readonly number[];
  readonly tokens: readonly number[];
  readonly durationsMs: readonly number[];
  /** What all of it cost: at least the last of the costs, and more where something came after the last turn. */
  readonly endCostNanoUsd: number;
}

/** A session that runs, as it stands. */
export interface RunningSession extends SessionTraits {
  /** Turns so far; undefined where only the spending is known. */
  readonly turns?: number | undefined;
  readonly costNanoUsd: number;
  readonly tokens?: number | undefined;
  readonly durationMs?: number | undefined;
}

/** A finished session as it stood after some of its turns: what a projection would have been asked then. */
export function runningAfter(session: FinishedSession, turns: number): RunningSession {
  const { version, entryAgent, firstPromptTokens, costsNanoUsd, tokens, durationsMs } = session;
  const at = turns - 1;
  return {
    version,
    entryAgent,
    firstPromptTokens,
    turns,
    costNanoUsd: costsNanoUsd[at] ?? 0,
    tokens: tokens[at] ?? 0,
    durationMs: durationsMs[at] ?? 0,
  };
}

/** What is known of a session where somebody only counts what it spent. */
export function spendingOf({ version, costNanoUsd }: RunningSession): RunningSession {
  return { version, costNanoUsd };
}

/** When so many of a finished session's turns were over. */
export function reachedMs({ endedMs, durationsMs }: FinishedSession, turns: number): number {
  return endedMs - (durationsMs.at(-1) ?? 0) + (durationsMs[turns - 1] ?? 0);
}
