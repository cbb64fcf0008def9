// How a session's limit is shared by the guards of it; of one unit, tokens or nano-USD. Pure.

/** What one guard told, and what is kept for it. */
export interface Claim {
  /** Settled; only grows. */
  readonly spent: number;
  /** For calls that are under way. */
  readonly reserved: number;
  /** What is kept for it of the limit: at least what it may believe it may spend. */
  readonly committed: number;
}

export interface LimitDivision {
  /** Null: without a limit. */
  readonly limit: number | null;
  readonly mine: Claim;
  /** Waits for a call of so much. */
  readonly want: number;
  readonly others: readonly Claim[];
  /** How many of the others may spend still. */
  readonly othersLive: number;
  /** What telemetry has counted of the session, by whomever. */
  readonly counted: number;
}

/**
 * What a guard may spend in all.
 *
 * Of what is left of the limit after all that is spent and reserved, each of n live guards gets at most 1/(n + 1): the next one to come finds
 * something too, and who is alone gets half, then half of the rest with the next request. A call that waits gets up to all that nobody else holds.
 */
export function divideLimit({ limit, mine, want, others, othersLive, counted }: LimitDivision): number | null {
  if (limit === null) return null;
  const used = mine.spent + mine.reserved;
  const usedByOthers = sum(others.map(({ spent, reserved }) => spent + reserved));
  const heldByOthers = sum(others.map(heldOf));
  // Spent by what has no guard: other producers of the same session.
  const unaccounted = Math.max(0, counted - heldByOthers - Math.max(heldOf(mine), used));
  const free = limit - heldByOthers - unaccounted;
  const share = Math.floor(Math.max(0, limit - usedByOthers - unaccounted - used) / (othersLive + 2));
  return Math.max(mine.spent, Math.min(free, used + Math.max(share, want)));
}

/** What others must leave alone: its lease, or what it has spent if that is more. */
export function heldOf({ spent, committed }: Claim): number {
  return Math.max(spent, committed);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
