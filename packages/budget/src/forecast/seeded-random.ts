// Random numbers that are the same for the same seed, so that a forecast asked for twice is the same twice.

export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** One of the values, which are not none. */
  pick<Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value;
}

/** Mulberry32 (T. Ettinger, public domain): 32 bits of state, ample for some thousand draws. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // The method of Box and Muller makes two at a time.
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    // 1 - u is never 0, whose logarithm is none.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    uniform,
    normal,
    pick: <Value>(values: readonly Value[]): Value => values[Math.floor(uniform() * values.length)] as Value,
  };
}
