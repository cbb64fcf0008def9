// Budgets of real processes that share a session, by a real aggregator: what all of them were let to ask is in the model server's ledger.

import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkWorkflowCostThresholds, WorkflowCostMonitor } from '../packages/instrumentation/src/ag2/index.ts';
import { runAggregator, type RunningAggregator } from '../packages/instrumentation/test/ag2/running-aggregator.ts';
import { runApp } from '../packages/instrumentation/test/run-app.ts';

let turnmeter: RunningAggregator;
let server: ModelServer;
beforeAll(async () => {
  turnmeter = await runAggregator();
});
afterAll(async () => {
  await turnmeter.stop();
});
beforeEach(async () => {
  server = await startModelServer({
    script: [{ reply: { text: 'It rains.', usage: { input: 1000, output: 500 }, latencyMs: 30 } }],
  });
});
afterEach(async () => {
  await server.close();
});

/** What 1000 and 500 tokens of gpt-5-mini cost. */
const CALL_USD = 0.00125;

interface Spent {
  readonly answered: number;
  readonly refused?: string;
}

async function spend(env: Readonly<Record<string, string>>): Promise<Spent> {
  const { code, stdout, stderr } = await runApp({
    app: 'spend.mjs',
    env: {
      OPENAI_URL: server.openaiUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      TURNMETER_URL: turnmeter.apiUrl,
      ...env,
    },
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Spent;
}

async function api(method: string, route: string, body?: unknown): Promise<number> {
  const { status } = await fetch(`${turnmeter.apiUrl}/api/v1${route}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return status;
}

describe('processes that share a session', () => {
  it('spend no more than its limit together', async () => {
    expect(await api('PUT', '/policies', { policies: [{ workflow: 'shared', usd: { stop: 0.03 } }] })).toBe(200);
    // With `deny` nobody begins before the aggregator has answered, however slow that is today.
    const env = { SESSION: 'shared-1', WORKFLOW: 'shared', TURNMETER_BUDGET_ON_UNAVAILABLE: 'deny' };
    const spent = await Promise.all([spend(env), spend(env), spend(env)]);
    const calls = server.totals().calls;
    expect(spent.reduce((sum, { answered }) => sum + answered, 0)).toBe(calls);
    expect(spent.map(({ refused }) => refused)).not.toContain(undefined);
    // 24 calls cost 0.03 exactly; of leases that one holds and does not use, others have nothing.
    expect(calls * CALL_USD).toBeLessThanOrEqual(0.03);
    expect(calls).toBeGreaterThan(8);
  });

  it('go on where one before has stopped, with what it has left', async () => {
    expect(await api('PUT', '/policies', { policies: [{ workflow: 'resumed', usd: { stop: 0.02 } }] })).toBe(200);
    const env = { SESSION: 'resumed-1', WORKFLOW: 'resumed', TURNMETER_BUDGET_ON_UNAVAILABLE: 'deny' };
    expect(await spend({ ...env, CALLS: '6', AT_ONCE: '1' })).toEqual({ answered: 6 });
    const second = await spend(env);
    expect(second.refused).toBeDefined();
    expect(server.totals().calls * CALL_USD).toBeLessThanOrEqual(0.02);
    expect(second.answered).toBeGreaterThan(3);
  });

  it('stop when somebody says so', async () => {
    const env = { SESSION: 'stopped-1', WORKFLOW: 'stopped', CALLS: '100000', TURNMETER_BUDGET_USD: '1000' };
    const running = [spend(env), spend(env)];
    while (server.totals().calls < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await api('POST', '/sessions/stopped-1/stop', { reason: 'runs away' })).toBeLessThan(300);
    const spent = await Promise.all(running);
    expect(spent.map(({ refused }) => refused)).toEqual(['kill_switch', 'kill_switch']);
  });
});

describe('names that people who come from AG2 know', () => {
  it('are answered by the aggregator', async () => {
    expect(await api('PUT', '/policies', { policies: [{ workflow: 'seed', expected_usd: 1 }] })).toBe(200);
    const address = { workflow: 'seed', aggregatorUrl: turnmeter.apiUrl };
    expect(await checkWorkflowCostThresholds({ ...address, currentCost: 0.8, currentTokens: 1000 })).toMatchObject({
      source: 'aggregator',
      status: 'approaching_limit',
      threshold_analysis: { expected_cost: 1, percent_of_expected: 80 },
    });
    const monitor = new WorkflowCostMonitor({ ...address, warningThreshold: 0.1, criticalThreshold: 0.2 });
    expect(await monitor.checkCurrentStatus({ currentCost: 0.3, currentTokens: 1000 })).toMatchObject({
      source: 'aggregator',
      shouldPause: true,
      status: 'approaching_limit',
      currentCost: 0.3,
    });
  });
});

describe('an app with a flag and an environment', () => {
  it('has a budget without a line of code, without any aggregator', async () => {
    const spent = await spend({ SESSION: 'env-1', TURNMETER_URL: '', TURNMETER_BUDGET_USD: '0.01', AT_ONCE: '8' });
    expect(spent).toMatchObject({ answered: 8, refused: 'usd.stop' });
    expect(server.totals().calls).toBe(8);
  });

  it.for([
    ['TURNMETER_BUDGET_USD', 'plenty', 'received "plenty"'],
    ['TURNMETER_BUDGET_UDS', '5', 'no such variable'],
  ] as const)('asks no model where its budget is an impossible one: %s=%s', async ([name, value, why]) => {
    const env = { OPENAI_URL: server.openaiUrl, [name]: value };
    const { code, stdout, stderr } = await runApp({ app: 'spend.mjs', env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ answered: 0, refused: 'invalid_budget' });
    expect(stderr).toContain(`${name}: `);
    expect(stderr).toContain(why);
    expect(server.ledger).toHaveLength(0);
  });
});
