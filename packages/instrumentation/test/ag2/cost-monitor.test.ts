import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWorkflowCostThresholds, COST_THRESHOLDS, WorkflowCostMonitor } from '../../src/ag2/index.ts';
import { configure, groupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording;
beforeEach(() => {
  recording = record();
});
afterEach(async () => {
  configure({});
  await recording[Symbol.asyncDispose]();
});

/** 1000 and 500 tokens of gpt-5-mini: 0.00125 USD. */
const ANSWER = { usage: { input: 1000, output: 500 }, model: 'gpt-5-mini' };

describe('checkWorkflowCostThresholds without an aggregator', () => {
  it('answers by what this process knows, and says so', async () => {
    configure({ budget: { expectedUsd: 1 } });
    const at = async (currentCost: number): Promise<string> =>
      (await checkWorkflowCostThresholds({ workflow: 'blog', tenant: 'acme', currentCost, currentTokens: 100 })).status;
    expect(COST_THRESHOLDS).toEqual({ warning: 0.75, critical: 0.9, stop: 1.5 });
    expect(await at(0.74)).toBe('within_limits');
    expect(await at(0.75)).toBe('approaching_limit');
    expect(await at(1.49)).toBe('approaching_limit');
    expect(await at(1.5)).toBe('exceeded_limit');
    const check = await checkWorkflowCostThresholds({ workflow: 'blog', currentCost: 2, currentTokens: 100 });
    expect(check).toMatchObject({
      source: 'local',
      reason: 'no_aggregator',
      threshold_analysis: {
        expected_cost: 1,
        current_cost: 2,
        percent_of_expected: 200,
        binding_limit: { limit: 'shares.stop' },
      },
    });
    expect(check.recommendations.length).toBeGreaterThan(0);
  });

  it('says that there is no limit where there is none', async () => {
    const check = await checkWorkflowCostThresholds({ workflow: 'blog', currentCost: 1000, currentTokens: 0 });
    expect(check).toMatchObject({ status: 'within_limits', threshold_analysis: { is_unlimited: true } });
  });

  it('goes on by itself where nobody answers', async () => {
    const check = await checkWorkflowCostThresholds({
      workflow: 'blog',
      currentCost: 1,
      currentTokens: 0,
      aggregatorUrl: 'http://127.0.0.1:9',
    });
    expect(check).toMatchObject({ source: 'local', reason: 'unreachable' });
  });

  it('refuses what is no amount, by its name', async () => {
    const check = { workflow: 'blog', currentCost: 1, currentTokens: 1 };
    await expect(checkWorkflowCostThresholds({ ...check, currentCost: -1 })).rejects.toThrow('currentCost');
    await expect(checkWorkflowCostThresholds({ ...check, currentTokens: Number.NaN })).rejects.toThrow('currentTokens');
  });
});

describe('a WorkflowCostMonitor', () => {
  it('tells how the session of the calling code stands, by dollars of its own', async () => {
    const monitor = new WorkflowCostMonitor({ workflow: 'blog', warningThreshold: 0.002, criticalThreshold: 0.003 });
    const chat = groupChat({ workflow: 'blog' });
    const seen: unknown[] = [];
    await chat.run(async () => {
      for (let call = 0; call < 3; call++) {
        chat.recordCall(ANSWER);
        const { shouldPause, status, currentCost } = await monitor.checkCurrentStatus();
        seen.push([shouldPause, status, currentCost]);
      }
    });
    expect(seen).toEqual([
      [false, 'within_limits', 0.00125],
      [false, 'approaching_limit', 0.0025],
      [true, 'approaching_limit', 0.00375],
    ]);
  });

  it('tells of any session by its id, and of figures that are given', async () => {
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    chat.run(() => chat.recordCall(ANSWER));
    const monitor = new WorkflowCostMonitor({ workflow: 'blog', sessionId: 's-1' });
    expect(await monitor.checkCurrentStatus()).toMatchObject({ currentCost: 0.00125, source: 'local' });
    expect(await monitor.checkCurrentStatus({ currentCost: 3, currentTokens: 5 })).toMatchObject({ currentCost: 3 });
  });

  it('refuses thresholds that are none, or in the wrong order', () => {
    expect(() => new WorkflowCostMonitor({ workflow: 'blog', warningThreshold: 2, criticalThreshold: 1 })).toThrow(
      'warningThreshold: expected at most criticalThreshold, which is 1, received 2',
    );
    expect(() => new WorkflowCostMonitor({ workflow: 'blog', criticalThreshold: -1 })).toThrow('criticalThreshold');
  });
});
