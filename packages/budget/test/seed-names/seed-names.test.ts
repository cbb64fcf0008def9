import {
  checkRule,
  costMonitorStatus,
  type CostMonitorStatus,
  costThresholdCheck,
  evaluate,
  type ExpectedCost,
  type MonitorThresholds,
  monitorRule,
  NO_EXPECTATION,
  recommendations,
  resolvePolicy,
} from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';

const PLACE = { tenant: 'acme', workflow: 'blog-post' };
const EXPECTED: ExpectedCost = { nanoUsd: 2e9, n: 12, confidence: 'fair', source: 'workflow' };

describe('the cost check', () => {
  it('says status, recommendations, and why', () => {
    const evaluation = evaluate({
      policy: resolvePolicy([], PLACE),
      spend: { nanoUsd: 1_800_000_000, tokens: 42_000 },
      expected: EXPECTED,
      projected: { lowNanoUsd: 2e9, midNanoUsd: 3.2e9, highNanoUsd: 5e9 },
    });
    const check = costThresholdCheck(evaluation, recommendations(evaluation));
    expect(check).toEqual({
      status: 'approaching_limit',
      recommendations: [
        'Look at the session now: the session has spent $1.80, 90 % of the $2.00 that such a session is expected to cost; ' +
          'shares.critical (90 %, $1.80, by default) is reached.',
        'It is on its way to stop: it will probably end at $3.20 ($2.00 to $5.00).',
      ],
      threshold_analysis: {
        level: 'critical',
        expected_cost: 2,
        current_cost: 1.8,
        current_tokens: 42_000,
        percent_of_expected: 90,
        projected_cost: { low: 2, mid: 3.2, high: 5 },
        projected_level: 'stop',
        confidence: 'fair',
        sessions: 12,
        expected_from: 'workflow',
        binding_limit: { limit: 'shares.critical', value: 0.9, percent_used: 100, from: 'default' },
        action: 'notify',
        is_unlimited: false,
        recommendation_codes: ['limit_reached', 'limit_ahead'],
      },
    });
  });

  it('says null where nothing is known', () => {
    const evaluation = evaluate({
      policy: resolvePolicy([], PLACE),
      spend: { nanoUsd: 0, tokens: 0 },
      expected: NO_EXPECTATION,
    });
    expect(costThresholdCheck(evaluation, []).threshold_analysis).toMatchObject({
      expected_cost: null,
      percent_of_expected: null,
      projected_cost: null,
      binding_limit: null,
      is_unlimited: true,
      confidence: 'none',
    });
  });
});

describe('a cost monitor', () => {
  function statusAt(nanoUsd: number, thresholds: MonitorThresholds): CostMonitorStatus {
    const policy = resolvePolicy([monitorRule(thresholds, PLACE)], PLACE);
    const evaluation = evaluate({ policy, spend: { nanoUsd, tokens: 0 }, expected: EXPECTED });
    return costMonitorStatus(evaluation, recommendations(evaluation), thresholds);
  }

  it('warns and pauses at the amounts that it was made with', () => {
    const thresholds = { warningThreshold: 0.5, criticalThreshold: 1 };
    expect(statusAt(499_999_999, thresholds)).toMatchObject({ shouldPause: false, status: 'within_limits' });
    expect(statusAt(500_000_000, thresholds)).toMatchObject({ shouldPause: false, status: 'approaching_limit' });
    expect(statusAt(1_000_000_000, thresholds)).toMatchObject({ shouldPause: true, status: 'approaching_limit' });
    expect(statusAt(3_000_000_000, thresholds)).toMatchObject({ shouldPause: true, status: 'exceeded_limit' });
  });

  it('without amounts of its own pauses where the policy stops, and not at what is normal', () => {
    expect(statusAt(2_000_000_000, {})).toMatchObject({ shouldPause: false, level: 'critical', currentCost: 2 });
    expect(statusAt(3_000_000_000, {})).toMatchObject({ shouldPause: true, level: 'stop' });
  });

  it('refuses impossible amounts as any policy does', () => {
    const rule = monitorRule({ warningThreshold: 2, criticalThreshold: 1 }, PLACE);
    expect(checkRule(rule).map(({ field }) => field)).toEqual(['usd.warning']);
  });
});
