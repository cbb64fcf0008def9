/** Share of sessions that an interval is to miss. */
export const MISCOVERAGE = 0.1;

/** How far one session moves it: after a change it takes some 50 sessions, and where nothing changes it wavers by a hundredth or two. */
const STEP = 0.02;
/** Bounds within which it is learned: beyond, intervals would have no end, or hardly be some. */
const LEAST = 0.01;
const MOST = 0.3;

/**
 * Adaptive conformal inference: intervals that missed more than they were to are made wider, and the other way round, so that in the long
 * run they miss as much as they are to, however sessions change. I. Gibbs and E. Candès, "Adaptive Conformal Inference Under Distribution
 * Shift", NeurIPS 2021, equation 2, with the mean over several looks at one session in the place of one.
 */
export function nextMiscoverage(miscoverage: number, missedShare: number): number {
  return Math.min(MOST, Math.max(LEAST, miscoverage + STEP * (MISCOVERAGE - missedShare)));
}
