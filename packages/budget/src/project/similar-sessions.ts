import { promptRatio } from './comparable.ts';
import type { FinishedSession, RunningSession } from './finished-session.ts';
import type { SessionHistory } from './session-history.ts';

/** In what a finished session is like a running one. */
export const Likeness = {
  VERSION: 'same_version',
  ENTRY_AGENT: 'same_entry_agent',
  FIRST_PROMPT: 'first_prompt_of_similar_size',
  COST: 'cost_as_much_by_this_turn',
} as const;
export type Likeness = (typeof Likeness)[keyof typeof Likeness];

export interface SimilarSession {
  readonly id: string;
  /** 0 is the same in everything that is compared; 1 is another version, or e times the cost by this turn. */
  readonly distance: number;
  readonly because: readonly Likeness[];
  readonly endedMs: number;
  /** What it had cost when it was where the running one is; undefined where that is not known. */
  readonly costThenNanoUsd: number | undefined;
  readonly endCostNanoUsd: number;
  readonly turns: number;
}

const LIMIT = 5;
/** Sizes and costs that differ by less than a quarter are called alike. */
const ALIKE = Math.log(1.25);

/** The finished sessions most like a running one, of those that came as far; of equally near ones the latest first. */
export function similarSessions(
  history: SessionHistory,
  running: RunningSession,
  limit: number = LIMIT,
): readonly SimilarSession[] {
  return history.sessions
    .filter(({ costsNanoUsd }) => costsNanoUsd.length >= (running.turns ?? 0))
    .map((session) => compareWith(session, running, history.floorNanoUsd))
    .toSorted((a, b) => a.distance - b.distance || b.endedMs - a.endedMs)
    .slice(0, limit);
}

function compareWith(session: FinishedSession, running: RunningSession, floorNanoUsd: number): SimilarSession {
  const { turns = 0 } = running;
  const costThenNanoUsd = turns === 0 ? undefined : session.costsNanoUsd[turns - 1];
  const ofCost =
    costThenNanoUsd === undefined
      ? undefined
      : Math.log(Math.max(costThenNanoUsd, floorNanoUsd) / Math.max(running.costNanoUsd, floorNanoUsd));
  const ofPrompt = promptRatio(running.firstPromptTokens, session.firstPromptTokens);
  const isVersion = session.version === running.version;
  const isAgent = session.entryAgent === running.entryAgent;
  return {
    id: session.id,
    distance: Math.hypot(isVersion ? 0 : 1, isAgent ? 0 : 1, ofPrompt ?? 0, ofCost ?? 0),
    because: [
      ...(isVersion && running.version !== undefined ? [Likeness.VERSION] : []),
      ...(isAgent && running.entryAgent !== undefined ? [Likeness.ENTRY_AGENT] : []),
      ...(ofPrompt !== undefined && Math.abs(ofPrompt) <= ALIKE ? [Likeness.FIRST_PROMPT] : []),
      ...(ofCost !== undefined && Math.abs(ofCost) <= ALIKE ? [Likeness.COST] : []),
    ],
    endedMs: session.endedMs,
    costThenNanoUsd,
    endCostNanoUsd: session.endCostNanoUsd,
    turns: session.costsNanoUsd.length,
  };
}
