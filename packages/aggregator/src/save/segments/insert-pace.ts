// When the next insert may begin. An insert costs the database as much as thousands of rows, however few it has: under load they are
// fewer and larger, by themselves.

/** Fewer rows than these at a time are no load: the next come as soon as they are decided. */
const BUSY_ROWS = 2048;
/** How many times as long as the last insert took the database is left alone: it inserts for a fifth of the time at most. */
const REST = 4;
/** What was decided meanwhile waits no longer than this, ms. */
const REST_MS_MAX = 2000;

export class InsertPace {
  #restsUntilMs = Number.NEGATIVE_INFINITY;

  /** So many rows were inserted between two moments of `performance.now()`. */
  inserted(rows: number, beganMs: number, endedMs: number): void {
    const restMs = rows < BUSY_ROWS ? 0 : Math.min(REST_MS_MAX, (endedMs - beganMs) * REST);
    this.#restsUntilMs = endedMs + restMs;
  }

  /** How long the next insert should wait for more rows. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#restsUntilMs - nowMs);
  }
}
