import { describe, expect, it } from 'vitest';
import { compareVersions, type VersionDifference } from '../../src/assess/version-comparison.ts';
import { describe as describeValues } from '../../src/query/statistics.ts';
import type { VersionAverages } from '../../src/query/workflow-versions.ts';
import type { Average } from '../../src/query/workflows.ts';

function averageOf(values: readonly number[]): Average {
  const { n, mean, sd, p50, p95, p99 } = describeValues(values);
  return { n, mean, sd, p50, p95, p99, sum: BigInt(values.reduce((sum, value) => sum + value, 0)) };
}

/** A version whose sessions cost so much, and of which so many failed. */
function version(name: string | undefined, costs: readonly number[], failed = 0): VersionAverages {
  const average = averageOf(costs);
  return {
    version: name,
    sessions: costs.length,
    underpriced: 0,
    failed,
    errors: failed,
    firstUs: 0,
    lastUs: 0,
    metrics: { cost_nano_usd: average, duration_us: average, tokens: average },
  };
}

function differenceOf(now: VersionAverages, before: VersionAverages): VersionDifference | undefined {
  return compareVersions([now, before])[0]?.previous;
}

/** So many costs, all up to ten from their mean; of 42 the mean is exact. */
const around = (mean: number, n: number): readonly number[] =>
  Array.from({ length: n }, (_, at) => mean + ((at * 8) % 21) - 10);

describe('a comparison of versions', () => {
  it('is with the one before, past sessions that name none', () => {
    const compared = compareVersions([
      version('3', [30]),
      version(undefined, [7]),
      version('2', [20]),
      version('1', [0]),
    ]);
    expect(compared.map(({ previous }) => previous?.version)).toEqual(['2', undefined, '1', undefined]);
    expect(compared[0]?.previous?.metrics.cost_nano_usd).toEqual({
      difference: 10,
      differencePercent: 50,
      // Of one session nobody knows how much they differ by chance.
      change: 'unknown',
    });
    expect(compared[2]?.previous?.metrics.cost_nano_usd.differencePercent).toBeUndefined();
  });

  it('tells a change from chance', () => {
    const before = version('1', around(100, 42));
    expect(differenceOf(version('2', around(150, 42)), before)).toMatchObject({
      confidence: 'good',
      metrics: { cost_nano_usd: { difference: 50, differencePercent: 50, change: 'higher' } },
    });
    expect(differenceOf(version('2', around(60, 42)), before)).toMatchObject({
      metrics: { tokens: { change: 'lower' } },
    });
    // Values between -10 and 10 deviate by 6.1, the mean of 42 of them by 0.9, a difference of two such by 1.3.
    expect(differenceOf(version('2', around(102, 42)), before)?.metrics.cost_nano_usd.change).toBe('alike');
    expect(differenceOf(version('2', around(103, 42)), before)?.metrics.cost_nano_usd.change).toBe('higher');
    // Three sessions say less than forty.
    expect(differenceOf(version('2', [90, 103, 116]), before)).toMatchObject({
      confidence: 'low',
      metrics: { cost_nano_usd: { change: 'alike' } },
    });
  });

  it('takes a failure among few sessions for chance, and many failures for a change', () => {
    const before = version('1', around(100, 42), 2);
    expect(differenceOf(version('2', around(100, 3), 1), before)?.failedShare.change).toBe('alike');
    expect(differenceOf(version('2', around(100, 3), 0), before)?.failedShare.change).toBe('alike');
    expect(differenceOf(version('2', around(100, 42), 20), before)?.failedShare).toMatchObject({
      difference: 18 / 42,
      change: 'higher',
    });
  });
});
