// Who handed over to whom. In: turns in order of their begin, and what happened besides. Out: for each turn the agent that passed on to
// it, if one did.

import type { Act } from './acts.ts';

/** A turn, as far as it matters who spoke before it. */
export interface SpokenTurn {
  readonly speaker: string;
  /** What it began with. */
  readonly first: Act;
  readonly endedUs: number;
}

/**
 * The agents that handed over, `null` where none did, for turns in order.
 *
 * Turnmeter's own spans tell each handoff on the turn that follows it. Of others, a change of speaker is one. An agent that speaks while
 * another's turn goes on was asked by it, as a tool is, and is handed nothing over, unless there was a transfer to it: ADK runs whom an
 * agent transfers to within that agent's span.
 */
export function handersOf(turns: readonly SpokenTurn[], acts: readonly Act[]): readonly (string | null)[] {
  const inner = innerTurns(turns);
  const transfers = new Transfers(acts);
  const ended = turns.filter((turn) => !inner.has(turn)).toSorted((a, b) => a.endedUs - b.endedUs);
  let endedCount = 0;
  let before: SpokenTurn | undefined;
  return turns.map((turn) => {
    const { speaker, first } = turn;
    while ((ended[endedCount]?.endedUs ?? Number.POSITIVE_INFINITY) <= first.start_us) endedCount++;
    const announcer = transfers.takeTo(speaker, first.start_us);
    let from: string | null = null;
    if (first.profile === 'turnmeter') {
      if (first.handoffs > 0) from = otherThan(speaker, ended[endedCount - 1], before);
    } else from = inner.has(turn) ? announcer : otherThan(speaker, before);
    if (from !== null || !inner.has(turn)) before = turn;
    return from;
  });
}

/** Turns within another one of their trace that its producer marked. */
function innerTurns(turns: readonly SpokenTurn[]): ReadonlySet<SpokenTurn> {
  const reachedUs = new Map<string, number>();
  const inner = new Set<SpokenTurn>();
  for (const turn of turns) {
    const { trace, kind } = turn.first;
    const reached = reachedUs.get(trace) ?? 0;
    // What is beyond the end of the other turn is no more than clocks make of it.
    const beyondUs = turn.endedUs - reached;
    if (beyondUs <= Math.min(CLOCK_US, reached - turn.first.start_us - 1)) inner.add(turn);
    if (kind === 'turn') reachedUs.set(trace, Math.max(reached, turn.endedUs));
  }
  return inner;
}

/** Many producers take times to the millisecond, and close a span around others a moment before them. */
const CLOCK_US = 2000;

function otherThan(speaker: string, ...turns: readonly (SpokenTurn | undefined)[]): string | null {
  return turns.find((turn) => turn !== undefined && turn.speaker !== speaker)?.speaker ?? null;
}

/** Announced handoffs, each of which one turn comes of. */
class Transfers {
  readonly #waiting: Map<string, Act[]>;

  constructor(acts: readonly Act[]) {
    const transfers = acts.filter(
      ({ kind, handoff_to }) => handoff_to !== '' && (kind === 'tool' || kind === 'handoff'),
    );
    this.#waiting = Map.groupBy(
      transfers.toSorted((a, b) => a.start_us - b.start_us),
      ({ handoff_to }) => handoff_to.toLowerCase(),
    );
  }

  /** Who announced to hand over to an agent that speaks then. */
  takeTo(speaker: string, startUs: number): string | null {
    const waiting = this.#waiting.get(speaker.toLowerCase()) ?? [];
    const later = waiting.findIndex(({ start_us }) => start_us > startUs);
    // Of several that were announced before one turn, the last one came about.
    const last = waiting.splice(0, later < 0 ? waiting.length : later).at(-1);
    return last === undefined || last.agent === speaker ? null : last.agent;
  }
}
