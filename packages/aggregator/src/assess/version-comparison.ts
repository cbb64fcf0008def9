// In: the versions of a workflow. Out: how each differs from the one before, and whether that is more than chance. Refused: nothing; the
// first of all, and sessions that name no version, are compared with nothing.

import { VERSION_METRICS, type VersionAverages, type VersionMetric } from '../query/workflow-versions.ts';
import type { Average } from '../query/workflows.ts';
import { type Confidence, confidenceOf } from './verdict.ts';

export const Change = {
  HIGHER: 'higher',
  LOWER: 'lower',
  /** The difference is no larger than chance makes it. */
  ALIKE: 'alike',
  /** Of fewer than two sessions nobody knows how much chance makes. */
  UNKNOWN: 'unknown',
} as const;
export type Change = (typeof Change)[keyof typeof Change];

export interface Difference {
  /** Of the means. */
  readonly difference: number;
  /** Undefined where the mean before is zero. */
  readonly differencePercent: number | undefined;
  readonly change: Change;
}

export interface VersionDifference {
  readonly version: string;
  /** By the fewer sessions of both. */
  readonly confidence: Confidence;
  readonly metrics: Readonly<Record<VersionMetric, Difference>>;
  /** Of the shares of sessions in which something failed. */
  readonly failedShare: Difference;
}

export interface ComparedVersion {
  readonly averages: VersionAverages;
  /** Undefined where there is none before. */
  readonly previous: VersionDifference | undefined;
}

/** Versions, the newest first, each with how it differs from the one that was used first before it. */
export function compareVersions(versions: readonly VersionAverages[]): readonly ComparedVersion[] {
  return versions.map((averages, at) => {
    if (averages.version === undefined) return { averages, previous: undefined };
    const before = versions.slice(at + 1).find(({ version }) => version !== undefined);
    return { averages, previous: before === undefined ? undefined : differenceOf(averages, before) };
  });
}

function differenceOf(now: VersionAverages, before: VersionAverages): VersionDifference {
  const metrics = Object.fromEntries(
    VERSION_METRICS.map((metric) => [metric, between(now.metrics[metric], before.metrics[metric])]),
  ) as Record<VersionMetric, Difference>;
  return {
    version: before.version ?? '',
    confidence: confidenceOf(Math.min(now.sessions, before.sessions)),
    metrics,
    failedShare: between(shareOf(now), shareOf(before)),
  };
}

type Sample = Pick<Average, 'n' | 'mean' | 'sd'>;

/** Standard errors of a difference: 5 of 100 differences by chance alone are larger than two. */
const CHANCE_ERRORS = 2;

function between(now: Sample, before: Sample): Difference {
  const mean = before.mean ?? 0;
  const difference = (now.mean ?? 0) - mean;
  return {
    difference,
    differencePercent: mean === 0 ? undefined : (difference / mean) * 100,
    change: changeOf(difference, errorOf(now), errorOf(before)),
  };
}

/** Variance of a sample's mean; undefined for fewer than two values. */
function errorOf({ n, sd }: Sample): number | undefined {
  return sd === undefined ? undefined : sd ** 2 / n;
}

function changeOf(difference: number, one: number | undefined, other: number | undefined): Change {
  if (one === undefined || other === undefined) return Change.UNKNOWN;
  if (Math.abs(difference) <= CHANCE_ERRORS * Math.sqrt(one + other)) return Change.ALIKE;
  return difference > 0 ? Change.HIGHER : Change.LOWER;
}

/** A share as the mean of ones and zeros. With one of each more than there are, so that none of three is not taken for never. */
function shareOf({ sessions: n, failed }: VersionAverages): Sample {
  if (n === 0) return { n, mean: undefined, sd: undefined };
  const likely = (failed + 1) / (n + 2);
  return { n, mean: failed / n, sd: n < 2 ? undefined : Math.sqrt(likely * (1 - likely)) };
}
