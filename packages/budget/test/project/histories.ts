import type { FinishedSession } from '../../src/index.ts';

/** A session whose turns cost so much each, a second long; the place orders sessions in time. */
export function session(
  place: number,
  turnCosts: readonly number[],
  traits: Partial<FinishedSession> = {},
): FinishedSession {
  let sum = 0;
  const costsNanoUsd = turnCosts.map((cost) => (sum += cost));
  return {
    id: `s${place}`,
    endedMs: 1e12 + place * 1e6,
    costsNanoUsd,
    tokens: costsNanoUsd.map((cost) => Math.ceil(cost / 1000)),
    durationsMs: turnCosts.map((_, at) => (at + 1) * 1000),
    endCostNanoUsd: sum,
    ...traits,
  };
}

/** Sessions that cost the same in each of their turns: `turns` many of them, each turn's cost from `costs`, one session per cost. */
export function evenSessions(costs: readonly number[], turns: number): readonly FinishedSession[] {
  return costs.map((cost, place) =>
    session(
      place,
      Array.from({ length: turns }, () => cost),
    ),
  );
}
