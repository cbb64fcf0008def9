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
  const wall = wallClockMs();
  const zero = performance.now() - (startMs === undefined ? 0 : wall - startMs);
  const elapsedMs = (): number => Math.max(0, performance.now() - zero);
  const start = startMs ?? wall;
  return { startMs: start, elapsedMs, nowMs: () => start + elapsedMs() };
}

/**
 * Milliseconds since 1970 with their fractions. One clock for all that is measured: `Date.now()` cuts the fraction off each start, so that
 * what runs inside other work would seem to outlast it.
 */
function wallClockMs(): number {
  const nowMs = Date.now();
  const sinceStart = performance.now();
  // Set by hand or by the network since: the system's clock is right.
  if (Math.abs(nowMs - sinceStart - originMs) > DRIFT_MS_MAX) originMs = nowMs - sinceStart;
  return originMs + sinceStart;
}

let originMs = Date.now() - performance.now();
const DRIFT_MS_MAX = 20;
