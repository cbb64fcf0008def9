// Made-up finished sessions of one workflow: what the shape says they cost, in time, several running at once.

import type { FinishedSession } from '@turnmeter/budget';
import { seededRandom } from '@turnmeter/budget/forecast';
import { type ShapeName, shapeOf } from './shapes.ts';

export interface MadeUpWorkflow {
  readonly shape: ShapeName;
  readonly sessions: number;
  readonly seed: number;
}

/** How long a turn takes in the middle, ms, and how long it is until the next session begins, on average. */
const TURN_MS = 20_000;
const ARRIVAL_MS = 60_000;
/** 1970 would make the earliest times negative. */
const BEGIN_MS = Date.UTC(2026, 0, 1);
const NANO_USD_PER_TOKEN = 2000;

/** The same for the same seed. */
export function makeSessions({ shape, sessions, seed }: MadeUpWorkflow): readonly FinishedSession[] {
  const random = seededRandom(seed);
  const wander = { cost: 0, turns: 0 };
  let beganMs = BEGIN_MS;
  return Array.from({ length: sessions }, (_, place) => {
    beganMs += -ARRIVAL_MS * Math.log(1 - random.uniform());
    const { turnCosts, traits } = shapeOf(shape)({ random, place, sessions, wander });
    const durationsMs = sumsOf(turnCosts.map(() => Math.round(TURN_MS * Math.exp(0.5 * random.normal()))));
    const costsNanoUsd = sumsOf(turnCosts);
    return {
      id: `${shape} ${place}`,
      ...traits,
      endedMs: Math.round(beganMs) + (durationsMs.at(-1) ?? 0),
      costsNanoUsd,
      tokens: costsNanoUsd.map((cost) => Math.round(cost / NANO_USD_PER_TOKEN)),
      durationsMs,
      endCostNanoUsd: costsNanoUsd.at(-1) ?? 0,
    };
  });
}

function sumsOf(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
