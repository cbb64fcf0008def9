import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
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
    await expect(checkWorkflowCostThresholds({ ...check, currentTokens: 1.5 })).rejects.toThrow('currentTokens');
    await expect(checkWorkflowCostThresholds({ ...check, currentCost: 1e300 })).rejects.toThrow('currentCost');
  });

  it.for([
    ['nothing of an analysis', '{"status":"within_limits","recommendations":[],"threshold_analysis":{}}'],
    ['amounts that are none', JSON.stringify(answerWith({ current_cost: 'x' }))],
    ['a negative end', JSON.stringify(answerWith({ projected_cost: { low: -1, mid: -1, high: -1 } }))],
    ['recommendations that are no texts', JSON.stringify({ ...answerWith({}), recommendations: [1] })],
    ['more than anybody reads', `${JSON.stringify(answerWith({}))}${' '.repeat(5 * 1024 * 1024)}`],
  ] as const)('goes on by itself where the answer has %s', async ([, body]) => {
    const aggregatorUrl = await answering(body);
    const check = { workflow: 'blog', currentCost: 0.95, currentTokens: 5, aggregatorUrl };
    expect(await checkWorkflowCostThresholds(check)).toMatchObject({ source: 'local', reason: 'unexpected_answer' });
    const monitor = new WorkflowCostMonitor({ workflow: 'blog', criticalThreshold: 0.9, aggregatorUrl });
    expect(await monitor.checkCurrentStatus(check)).toMatchObject({ shouldPause: true, currentCost: 0.95 });
  });

  it('stops reading an answer that does not end', async () => {
    let written = 0;
    const aggregatorUrl = await answering((response) => {
      const write = (): void => {
        if (response.destroyed) return;
        written += PART.length;
        response.write(PART, () => setImmediate(write));
      };
      write();
    });
    const check = await checkWorkflowCostThresholds({
      workflow: 'blog',
      currentCost: 1,
      currentTokens: 0,
      aggregatorUrl,
    });
    expect(check).toMatchObject({ source: 'local', reason: 'unexpected_answer' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
});

const PART = ' '.repeat(64 * 1024);

/** What an aggregator answers, but for what is given. */
function answerWith(analysis: object): object {
  return {
    status: 'within_limits',
    recommendations: [],
    threshold_analysis: {
      level: 'ok',
      action: 'none',
      current_cost: 0,
      current_tokens: 0,
      projected_cost: null,
      ...analysis,
    },
  };
}

/** The address of a server that answers everything so. */
async function answering(answer: string | ((response: ServerResponse) => void)): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (typeof answer === 'string') response.end(answer);
    else answer(response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

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
