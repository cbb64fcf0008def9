// Who hands over to whom, how often, and what it costs.

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

/** Handoffs between turns in order, the most frequent first. */
export function handoffsOf(turns: readonly Turn[]): readonly Handoff[] {
  const handoffs = new Map<string, Handoff>();
  const endedUs = new Map<string, number>();
  for (const turn of turns) {
    const { speaker: to, handedBy: from } = turn;
    if (from !== null) {
      const key = JSON.stringify([from, to]);
      const known = handoffs.get(key);
      handoffs.set(key, {
        from,
        to,
        count: (known?.count ?? 0) + 1,
        gapUs: (known?.gapUs ?? 0) + Math.max(0, turn.beganUs - (endedUs.get(from) ?? turn.beganUs)),
        inputTokens: (known?.inputTokens ?? 0) + turn.inputTokens,
      });
    }
    endedUs.set(to, turn.endedUs);
  }
  return [...handoffs.values()].toSorted(
    (a, b) => b.count - a.count || compareText(a.from, b.from) || compareText(a.to, b.to),
  );
}
