// The same order for the same seed, so that a failure can be repeated.

/** Fisher and Yates' shuffle with a linear congruential generator (Numerical Recipes' constants). */
export function shuffle<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const shuffled = [...items];
  let state = seed >>> 0;
  for (let at = shuffled.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] as Item, shuffled[at] as Item];
  }
  return shuffled;
}
