// In: a session and the history of its workflow. Out: how it stands at its turn, what it will have cost, and which sessions were like it.
// Refused: nothing; of a session that is over nothing is projected.

import {
  compareAtProgress,
  type NoProjection,
  type ProgressComparison,
  type Projection,
  projectEndCost,
  type RunningSession,
  type SessionHistory,
  type SimilarSession,
  similarSessions,
} from '@turnmeter/budget';
import type { Session } from '../query/list-sessions.ts';
import { sumOfAll } from '../query/lines.ts';
import { type SessionFigures, tokensOf } from '../query/session-figures.ts';
import { writeUsd } from './measure.ts';

export interface Progress {
  readonly running: RunningSession & { readonly turns: number };
  /** Undefined once the session is over. */
  readonly projection: Projection | NoProjection | undefined;
  /** Undefined before the first turn. */
  readonly comparison: ProgressComparison | undefined;
  readonly similar: readonly SimilarSession[];
  /** In plain words. */
  readonly explanation: string;
}

export function assessProgress(
  { figures, finalization }: Session,
  known: SessionHistory,
  version: string | undefined,
): Progress {
  const running = { ...runningOf(figures), version };
  // A session that is over is in the history of its workflow, where it would be compared with itself.
  const history = { ...known, sessions: known.sessions.filter(({ id }) => id !== figures.sessionId) };
  const projection = finalization === undefined ? projectEndCost(known, running) : undefined;
  const comparison = running.turns === 0 ? undefined : compareAtProgress(history, running);
  return {
    running,
    projection,
    comparison,
    similar: similarSessions(history, running),
    explanation: [...explainComparison(comparison), ...explainProjection(projection)].join(' '),
  };
}

/** A session as projections see it, live or over. */
function runningOf(figures: SessionFigures): Progress['running'] {
  const { turns, lines, beganUs, endedUs } = figures;
  const [first] = turns;
  return {
    turns: turns.length,
    // Credits may make it less than nothing.
    costNanoUsd: Math.max(0, Number(sumOfAll(lines).cost_nano_usd)),
    tokens: tokensOf(lines),
    durationMs: (endedUs - beganUs) / 1000,
    entryAgent: first === undefined || first.speaker === '' ? undefined : first.speaker,
    firstPromptTokens: first?.inputTokens,
  };
}

function explainComparison(comparison: ProgressComparison | undefined): readonly string[] {
  if (comparison === undefined) return ['It has no turn yet that others could be compared at.'];
  const { turns, n, costNanoUsd } = comparison;
  const { value, median, verdict } = costNanoUsd;
  const after = `After ${counted(turns, 'turn')} it has cost ${writeUsd(value / 1e9)}`;
  if (median === undefined) return [`${after}; no finished session of its workflow came that far.`];
  return [
    `${after}, which is ${verdict}: half of ${counted(n, 'session')} had cost ${writeUsd(median / 1e9)} or less.`,
  ];
}

function explainProjection(projection: Projection | NoProjection | undefined): readonly string[] {
  if (projection === undefined) return [];
  if (projection.status === 'not_enough_history') {
    const { n, needed } = projection;
    return [`What it will cost cannot be said: ${counted(n, 'finished session')} came as far, ${needed} are needed.`];
  }
  const { lowNanoUsd, midNanoUsd, highNanoUsd, level } = projection;
  const [low, mid, high] = [lowNanoUsd, midNanoUsd, highNanoUsd].map((cost) => writeUsd(cost / 1e9));
  return [
    `It will end between ${low} and ${high} in ${Math.round(level * 100)} of 100 cases; ${mid} is as likely too much as too little.`,
  ];
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}
