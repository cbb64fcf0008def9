import { type CostBaseline, expectedCost } from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function baseline(n: number, usd: number, version?: string): CostBaseline {
  return { workflow: 'blog-post', version, n, meanNanoUsd: usd * 1e9, sdNanoUsd: undefined };
}

function expected(baselines: readonly CostBaseline[], declaredUsd?: number, version?: string): unknown {
  return expectedCost({ workflow: 'blog-post', version, baselines, declaredUsd });
}

describe('the expected cost', () => {
  it('is nothing where nobody knows', () => {
    expect(expected([])).toEqual({ nanoUsd: undefined, n: 0, confidence: 'none', source: 'none' });
  });

  it('is what the policy says until a session has ended', () => {
    expect(expected([baseline(0, 5)], 0.4)).toEqual({ nanoUsd: 4e8, n: 0, confidence: 'none', source: 'declared' });
  });

  it('leans on the policy by a tenth less for each session, and from ten on not at all', () => {
    // 4/10 × 2 USD + 6/10 × 1 USD
    expect(expected([baseline(4, 2)], 1)).toEqual({
      nanoUsd: 1.4e9,
      n: 4,
      confidence: 'low',
      source: 'sessions_and_declared',
    });
    expect(expected([baseline(10, 2)], 1)).toEqual({ nanoUsd: 2e9, n: 10, confidence: 'fair', source: 'workflow' });
  });

  it('is what few sessions say where nobody says more', () => {
    expect(expected([baseline(1, 2)])).toEqual({ nanoUsd: 2e9, n: 1, confidence: 'low', source: 'workflow' });
  });

  it('is the version’s own from ten sessions on', () => {
    const baselines = [baseline(100, 1), baseline(10, 3, 'v2')];
    expect(expected(baselines, 9, 'v2')).toEqual({ nanoUsd: 3e9, n: 10, confidence: 'fair', source: 'version' });
  });

  it('of a new version leans on all versions, and is not called good', () => {
    // 2/10 × 3 USD + 8/10 × 1 USD
    expect(expected([baseline(100, 1), baseline(2, 3, 'v2')], 9, 'v2')).toEqual({
      nanoUsd: 1.4e9,
      n: 100,
      confidence: 'fair',
      source: 'workflow',
    });
    // 2/10 × 3 + 8/10 × (5/10 × 1 + 5/10 × 9)
    expect(expected([baseline(5, 1), baseline(2, 3, 'v2')], 9, 'v2')).toMatchObject({
      nanoUsd: 4.6e9,
      source: 'sessions_and_declared',
    });
  });

  it('ignores other workflows, other versions, and figures that are none', () => {
    const others: readonly CostBaseline[] = [
      { ...baseline(50, 7), workflow: 'other' },
      baseline(50, 7, 'v1'),
      baseline(Number.NaN, 7),
      baseline(50, Number.NaN),
      baseline(50, -1),
      baseline(50, 0),
      baseline(50, Infinity),
      baseline(-3, 1),
    ];
    expect(expected(others, undefined, 'v2')).toMatchObject({ nanoUsd: undefined, source: 'none' });
  });

  it('lies between what it is made of', () => {
    const n = fc.integer({ min: 1, max: 30 });
    const usd = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(n, usd, n, usd, usd, (nAll, all, nOwn, own, declared) => {
        const baselines = [baseline(nAll, all), baseline(nOwn, own, 'v2')];
        const { nanoUsd = 0 } = expectedCost({
          workflow: 'blog-post',
          version: 'v2',
          baselines,
          declaredUsd: declared,
        });
        expect(nanoUsd).toBeGreaterThanOrEqual(Math.min(all, own, declared) * 1e9);
        expect(nanoUsd).toBeLessThanOrEqual(Math.max(all, own, declared) * 1e9);
      }),
    );
  });
});
