// What projections of the past teach those to come: how much to miss, and which way of carrying sessions over to trust.

/** Share of sessions that an interval is to miss. */
export const MISCOVERAGE = 0.1;

export interface Learned {
  /** Share that intervals are told to miss, so that they do miss {@link MISCOVERAGE}. */
  readonly miscoverage: number;
  /** The same for those that know the spending alone. */
  readonly spendingMiscoverage: number;
  /** Losses of each way of carrying over, those of long ago forgotten. */
  readonly ratioLoss: number;
  readonly restLoss: number;
}

export const NOTHING_LEARNED: Learned = {
  miscoverage: MISCOVERAGE,
  spendingMiscoverage: MISCOVERAGE,
  ratioLoss: 0,
  restLoss: 0,
};

/** How the projections of one session turned out, on average over the looks at it. */
export interface Outcome {
  /** Share of intervals that its end cost was outside of. */
  readonly missedShare: number;
  readonly spendingMissedShare: number;
  /** Relative to the end cost. */
  readonly ratioLoss: number;
  readonly restLoss: number;
}

/** How far one session moves it: after a change it takes some 50 sessions, and where nothing changes it wavers by a hundredth or two. */
const STEP = 0.02;
/** Bounds within which it is learned: beyond, intervals would have no end, or hardly be some. */
const LEAST = 0.01;
const MOST = 0.3;
/** What is left of a loss after another session. */
const MEMORY = 0.96;

/**
 * Adaptive conformal inference: intervals that missed more than they were to are made wider, and the other way round, so that in the long
 * run they miss as much as they are to, however sessions change. I. Gibbs and E. Candès, "Adaptive Conformal Inference Under Distribution
 * Shift", NeurIPS 2021, equation 2, with the mean over several looks at one session in the place of one.
 */
export function learn(learned: Learned, outcome: Outcome): Learned {
  return {
    miscoverage: adapt(learned.miscoverage, outcome.missedShare),
    spendingMiscoverage: adapt(learned.spendingMiscoverage, outcome.spendingMissedShare),
    ratioLoss: MEMORY * learned.ratioLoss + outcome.ratioLoss,
    restLoss: MEMORY * learned.restLoss + outcome.restLoss,
  };
}

function adapt(miscoverage: number, missedShare: number): number {
  return Math.min(MOST, Math.max(LEAST, miscoverage + STEP * (MISCOVERAGE - missedShare)));
}

/** How soon a difference in losses decides. */
const LEARNING_RATE = 16;
/** A way that is trusted less is not asked. */
const SHARE_WORTH_ASKING = 0.02;

/**
 * Share of the ratios in the average of both ways: exponentially weighted by past losses, as in N. Cesa-Bianchi and G. Lugosi,
 * "Prediction, Learning, and Games", 2006, section 2.2. Half while nothing is learned.
 */
export function shareOfRatios({ ratioLoss, restLoss }: Learned): number {
  const share = 1 / (1 + Math.exp(LEARNING_RATE * (ratioLoss - restLoss)));
  return share < SHARE_WORTH_ASKING ? 0 : share > 1 - SHARE_WORTH_ASKING ? 1 : share;
}
