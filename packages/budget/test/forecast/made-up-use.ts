// Series of use made from a seed: what is in them is known, so that bounds can be derived.

import { seededRandom } from '../../src/forecast/seeded-random.ts';

export interface Recipe {
  readonly days: number;
  /** Use of a day, before noise. */
  readonly use: (day: number) => number;
  /** Standard deviation of the logarithm of noise. @default 0 */
  readonly noise?: number;
  /** @default 7 */
  readonly seed?: number;
}

export function madeUpUse({ days, use, noise = 0, seed = 7 }: Recipe): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: days }, (_, day) => use(day) * Math.exp(noise * random.normal()));
}

/** 100 on five days, 20 on two. */
export function weekly(day: number): number {
  return day % 7 < 5 ? 100 : 20;
}
