/** Times of one piece of work: wall-clock at its start, monotonic from there. */
export interface Stopwatch {
  readonly startMs: number;
  /** Milliseconds since the start, never negative. */
  elapsedMs(): number;
  /** The wall-clock time now, in milliseconds since 1970, that does not jump within the work. */
  nowMs(): number;
}

/** Starts now, or says when it has started. */
export function startStopwatch(startMs?: number): Stopwatch {
  const wall = Date.now();
  const zero = performance.now() - (startMs === undefined ? 0 : wall - startMs);
  const elapsedMs = (): number => Math.max(0, performance.now() - zero);
  const start = startMs ?? wall;
  return { startMs: start, elapsedMs, nowMs: () => start + elapsedMs() };
}
