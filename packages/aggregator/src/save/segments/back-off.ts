export interface BackOffOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How long to wait before the next attempt: doubled each time, and some of it by chance, so that not all come at once. */
export function backOffMs(failures: number, { minMs, maxMs, random }: BackOffOptions): number {
  const longest = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
  return longest / 2 + (longest / 2) * random();
}
