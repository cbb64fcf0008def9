/** What was done to writers and engines, and what they took meanwhile. */
export interface CrashReport {
  rounds: number;
  /** At a random time. */
  writerKills: number;
  /** Of the writer by itself, at a chosen call to the operating system; by its name. */
  failPoints: Record<string, number>;
  powerCuts: number;
  engineKills: number;
  /** The engine answered nothing for up to two seconds. */
  engineStalls: number;
  /** The beginning of a write that was cut off was put behind a file. */
  tornTails: number;
  requests: number;
  acknowledgedRecords: number;
  /** Of them, sent again though they had been acknowledged. */
  repeatedRecords: number;
  /** Requests that were refused, as the disk was full, and came again. */
  refusals: number;
  /** Segments that a writer found unbooked. */
  replayedSegments: number;
  /** Segments that came into the database while a writer lived to tell, and the INSERTs into one table that it took. */
  savedSegments: number;
  inserts: number;
  /** How long writers took to start. */
  readyMs: number[];
}

export function newReport(): CrashReport {
  return {
    rounds: 0,
    writerKills: 0,
    failPoints: {},
    powerCuts: 0,
    engineKills: 0,
    engineStalls: 0,
    tornTails: 0,
    requests: 0,
    acknowledgedRecords: 0,
    repeatedRecords: 0,
    refusals: 0,
    replayedSegments: 0,
    savedSegments: 0,
    inserts: 0,
    readyMs: [],
  };
}

/** Half of them, and the longest. */
export function spreadOf(times: readonly number[]): { readonly median: number; readonly max: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: Math.round(sorted[sorted.length >> 1] ?? 0), max: Math.round(sorted.at(-1) ?? 0) };
}
