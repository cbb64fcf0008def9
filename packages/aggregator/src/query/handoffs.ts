// Who speaks after whom.

import type { Turn } from './turns.ts';
import { compareText } from './lines.ts';

export interface Handoff {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** From the end of the one's turn to the begin of the other's, added up, µs; turns that overlap count as no gap. */
  readonly gapUs: number;
  /** Prompt tokens of the turns that followed: what was carried over. */
  readonly inputTokens: number;
}

/** Changes of speaker between turns in order, the most frequent first. */
export function handoffsOf(turns: readonly Turn[]): readonly Handoff[] {
  const handoffs = new Map<string, Handoff>();
  for (const [at, turn] of turns.entries()) {
    const before = turns[at - 1];
    if (before === undefined || before.speaker === turn.speaker) continue;
    const key = JSON.stringify([before.speaker, turn.speaker]);
    const known = handoffs.get(key);
    handoffs.set(key, {
      from: before.speaker,
      to: turn.speaker,
      count: (known?.count ?? 0) + 1,
      gapUs: (known?.gapUs ?? 0) + Math.max(0, turn.beganUs - before.endedUs),
      inputTokens: (known?.inputTokens ?? 0) + turn.inputTokens,
    });
  }
  return [...handoffs.values()].toSorted(
    (a, b) => b.count - a.count || compareText(a.from, b.from) || compareText(a.to, b.to),
  );
}
