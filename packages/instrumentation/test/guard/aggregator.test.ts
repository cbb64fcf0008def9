// The guard and an aggregator that is slow, away, back again, or lies: played by a real server of which the test says what it answers.

import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import * as openai from 'openai';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  configure,
  currentBudget,
  findBudget,
  groupChat,
  onBudget,
  OpenAIInstrumentation,
  stopSession,
  withSession,
  type BudgetEvent,
  type GuardOptions,
} from '../../src/index.ts';
import { until } from '../attach/attached.ts';
import { record, type Recording } from '../recording.ts';
import { playAggregator, type PlayedAggregator } from './played-aggregator.ts';

let recording: Recording;
let server: ModelServer;
let aggregator: PlayedAggregator;
let instrumentation: OpenAIInstrumentation;
let client: openai.OpenAI;
beforeEach(async () => {
  recording = record();
  server = await startModelServer({ script: [{ reply: { text: 'It rains.', usage: { input: 1000, output: 500 } } }] });
  aggregator = await playAggregator();
  instrumentation = new OpenAIInstrumentation();
  instrumentation.attach(openai);
  client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
});
afterEach(async () => {
  configure({});
  instrumentation.disable();
  await aggregator.close();
  await server.close();
  await recording[Symbol.asyncDispose]();
});

/** Costs 0.00125 USD. */
const ASK = {
  model: 'gpt-5-mini',
  max_completion_tokens: 500,
  messages: [{ role: 'user' as const, content: `Write about rain. ${'It falls. '.repeat(150)}` }],
};
const CALL_NANO_USD = 1_250_000;

function guardWith(budget: GuardOptions = {}): void {
  configure({ budget: { aggregatorUrl: aggregator.url, answerTimeoutMs: 5000, ...budget } });
}

async function ask(session: string, times = 1, workflow = 'blog'): Promise<unknown> {
  try {
    for (let time = 0; time < times; time++) {
      await withSession({ session, workflow }, () => client.chat.completions.create(ASK));
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a guard with an aggregator', () => {
  it('goes by its policies and baselines from the first call of a session on', async () => {
    aggregator.answer = {
      policies: [{ workflow: 'blog', shares: { stop: 1.2 } }],
      baselines: [{ workflow: 'blog', version: null, n: 40, mean_nano_usd: 5_000_000, sd_nano_usd: 1 }],
    };
    guardWith();
    // 1.2 × 0.005 USD are four calls.
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'shares.stop', expected: 0.005, limit: 0.006 });
    expect(server.ledger).toHaveLength(4);
  });

  it('warns of what fewer than three finished sessions tell, and stops by it once there are as many', async () => {
    const baselines = (workflow: string, n: number): object => ({
      baselines: [{ workflow, version: null, n, mean_nano_usd: 5_000_000, sd_nano_usd: 1 }],
    });
    const events: BudgetEvent[] = [];
    const leave = onBudget((event) => events.push(event));
    onTestFinished(leave);
    aggregator.answer = baselines('blog', 2);
    guardWith();
    expect(await ask('s-1', 10)).toBeUndefined();
    expect(server.ledger).toHaveLength(10);
    expect(events.map(({ action, figures }) => `${action} ${figures.level}`)).toEqual([
      'notify warning',
      'notify critical',
    ]);
    aggregator.answer = baselines('essay', 3);
    // 1.5 × 0.005 USD are six calls.
    expect(await ask('s-2', 10, 'essay')).toMatchObject({ bindingLimit: 'shares.stop', expected: 0.005 });
    expect(server.ledger).toHaveLength(16);
  });

  it('tells what is spent and reserved, what it did, and that a session is over', async () => {
    guardWith({ usd: 0.003 });
    await ask('s-1', 5);
    await until('the end of the budget to be told', () => aggregator.told.some(({ actions }) => actions.length > 0));
    const last = aggregator.told.at(-1);
    expect(last?.sessions[0]).toMatchObject({
      session_id: 's-1',
      workflow: 'blog',
      spent_nano_usd: 2 * CALL_NANO_USD,
      spent_tokens: 3000,
      reserved_nano_usd: 0,
    });
    const actions = aggregator.told.flatMap((told) => told.actions);
    expect(actions.map(({ action, reason }) => `${action} ${reason}`)).toContain('stop usd.stop');
    expect(new Set(aggregator.told.map(({ guard_id: id }) => id)).size).toBe(1);
    const sequences = aggregator.told.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  });

  it('counts what others spent of the session', async () => {
    aggregator.session = () => ({ counted_nano_usd: 6_000_000, elsewhere_nano_usd: 6_000_000 });
    guardWith({ usd: 0.01 });
    // 0.004 USD are left.
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop' });
    expect(server.ledger).toHaveLength(3);
    expect(findBudget('s-1')?.spentNanoUsd).toBe(6_000_000 + 3 * CALL_NANO_USD);
  });

  it('leaves room for what others have reserved of it, and does not say that it was spent', async () => {
    aggregator.session = () => ({ elsewhere_nano_usd: 6_000_000, elsewhere_reserved_nano_usd: 5_000_000 });
    guardWith({ usd: 0.01 });
    // 0.004 USD are left, and 0.001 have been spent by others.
    await ask('s-1', 2);
    expect(findBudget('s-1')).toMatchObject({ spentNanoUsd: 1_000_000 + 2 * CALL_NANO_USD, level: 'ok' });
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop', spent: 0.00475 });
    expect(server.ledger).toHaveLength(3);
  });

  it('spends no more than its lease, and asks for a larger one when it needs it', async () => {
    aggregator.session = ({ reserved_nano_usd: reserved, spent_nano_usd: spent }) => ({
      leased_nano_usd: Math.min(5_000_000, spent + reserved + 100_000),
    });
    guardWith({ usd: 1 });
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'lease' });
    expect(server.ledger).toHaveLength(4);
  });

  it('waits for what others hold of the session and will give back, before it refuses', async () => {
    let isGivenBack = false;
    aggregator.session = () => ({ leased_nano_usd: isGivenBack ? 5_000_000 : 0 });
    guardWith({ usd: 1 });
    const asking = ask('s-1');
    // It has asked more than once by then, and was given nothing.
    await until('a call that waits', () => aggregator.told.filter(({ sessions }) => sessions.length > 0).length > 1);
    setTimeout(() => (isGivenBack = true), 500);
    expect(await asking).toBeUndefined();
    expect(server.ledger).toHaveLength(1);
  });

  it('stops a session at once when somebody says so, and lets it go on', async () => {
    guardWith({ usd: 1 });
    expect(await ask('s-1')).toBeUndefined();
    await until('the stream of events', () => aggregator.listeners > 0);
    aggregator.session = ({ session_id: id }) =>
      id === 's-1' ? { stop: { reason: 'runs away', by: 'ada', at: '2026-11-23T00:00:00Z' } } : {};
    aggregator.send('stop_session', { session_id: 's-1', reason: 'runs away', by: 'ada', at: '2026-11-23T00:00:00Z' });
    await until('the stop', () => findBudget('s-1')?.level === 'stop', 1000);
    expect(await ask('s-1')).toMatchObject({
      bindingLimit: 'kill_switch',
      message: expect.stringContaining('runs away (ada)') as unknown,
    });
    expect(await ask('s-2')).toBeUndefined();
    aggregator.session = () => ({});
    aggregator.send('release', { session_id: 's-1' });
    await until('the release', () => findBudget('s-1')?.level === 'ok', 1000);
    expect(await ask('s-1')).toBeUndefined();
    expect(server.ledger).toHaveLength(3);
  });

  it('obeys a stop where no event tells of it', async () => {
    aggregator.answer = { next_sync_ms: 60_000 };
    aggregator.isSilent = true;
    guardWith({ usd: 1 });
    expect(await ask('s-1')).toBeUndefined();
    aggregator.session = () => ({ stop: { reason: 'enough', by: 'ada', at: '2026-11-23T00:00:00Z' } });
    await until('the stop', () => findBudget('s-1')?.level === 'stop');
  });

  it('is told of every session, however many there are', async () => {
    guardWith({ usd: 1 });
    const ids = Array.from({ length: 700 }, (_, at) => `s-${at}`);
    for (const session of ids) withSession({ session, workflow: 'blog' }, () => currentBudget());
    const known = (): Set<string> =>
      new Set(aggregator.told.flatMap(({ sessions }) => sessions.map((each) => each.session_id)));
    await until('all sessions', () => ids.every((id) => known().has(id)));
    expect(Math.max(...aggregator.told.map(({ sessions }) => sessions.length))).toBeLessThanOrEqual(500);
  });

  it('stops all of a workflow, also sessions that have not begun', async () => {
    guardWith({ usd: 1 });
    await ask('s-1');
    await until('the stream of events', () => aggregator.listeners > 0);
    const order = { workflow: 'blog', reason: 'too dear', by: 'ada', at: '2026-11-23T00:00:00Z' };
    aggregator.answer = { stopped_workflows: [order] };
    aggregator.send('stop_workflow', order);
    await until('the stop', () => findBudget('s-1')?.level === 'stop', 1000);
    expect(await ask('s-1')).toMatchObject({ bindingLimit: 'kill_switch' });
    expect(await ask('s-new')).toMatchObject({ bindingLimit: 'kill_switch' });
    expect(await ask('s-1', 1, 'other')).toMatchObject({ bindingLimit: 'kill_switch' });
    expect(await ask('s-other', 1, 'other')).toBeUndefined();
  });
});

describe('an aggregator that lies', () => {
  it('does not loosen what this process was given, and does not take back what was spent', async () => {
    aggregator.answer = {
      policies: [{ usd: { stop: 1000 }, shares: { stop: 50 } }],
      baselines: [{ workflow: 'blog', version: null, n: 100, mean_nano_usd: 9_000_000_000_000, sd_nano_usd: 1 }],
    };
    let counted = 5_000_000;
    aggregator.session = () => ({ counted_nano_usd: counted, leased_nano_usd: 9_000_000_000_000 });
    guardWith({ usd: 0.01 });
    expect(await ask('s-1')).toBeUndefined();
    counted = 0;
    const before = aggregator.told.length;
    await until('another answer', () => aggregator.told.length > before + 1);
    // 0.005 by others, for all that was ever said, and four calls.
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop', limit: 0.01 });
    expect(server.ledger).toHaveLength(4);
  });

  it('cannot let a session go on that was stopped here', async () => {
    guardWith({ usd: 1 });
    await ask('s-1');
    expect(stopSession({ session: 's-1' })).toBe(true);
    const before = aggregator.told.length;
    await until('another answer', () => aggregator.told.length > before + 1);
    expect(await ask('s-1')).toMatchObject({ bindingLimit: 'kill_switch' });
  });

  it('is not believed where what it says is none of it', async () => {
    aggregator.answer = {
      policies: [{ usd: { stop: -1 } }, { nonsense: true } as never, { usd: { stop: 0.003 } }],
      baselines: [{ workflow: 'blog', version: null, n: 1e99, mean_nano_usd: -5, sd_nano_usd: null }],
    };
    aggregator.session = () => ({ counted_nano_usd: Number.NaN, elsewhere_nano_usd: -7, leased_nano_usd: 1e99 });
    guardWith();
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop', limit: 0.003 });
    expect(server.ledger).toHaveLength(2);
  });
});

describe('an aggregator that cannot be asked', () => {
  it('leaves the limits of this process', async () => {
    await aggregator.close();
    guardWith({ usd: 0.003 });
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop' });
    expect(server.ledger).toHaveLength(2);
  });

  it('leaves the policies that it told last', async () => {
    aggregator.answer = { policies: [{ usd: { stop: 0.005 } }] };
    guardWith();
    expect(await ask('s-1')).toBeUndefined();
    await aggregator.close();
    expect(await ask('s-2', 10)).toMatchObject({ bindingLimit: 'usd.stop', limit: 0.005 });
  });

  it('is waited for by the first call, also where nothing is allowed without it', async () => {
    guardWith({ usd: 1, onUnavailable: 'deny' });
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    await chat.run(() => chat.turn({ agent: 'Writer' }, () => client.chat.completions.create(ASK)));
    expect(server.ledger).toHaveLength(1);
  });

  it('refuses all where that is wanted', async () => {
    await aggregator.close();
    guardWith({ usd: 1, onUnavailable: 'deny' });
    expect(await ask('s-1')).toMatchObject({ bindingLimit: 'unavailable' });
    expect(server.ledger).toHaveLength(0);
  });

  it('is asked again until it is back, with the same guard and higher numbers', async () => {
    guardWith({ usd: 1 });
    await ask('s-1');
    const { port } = new URL(aggregator.url);
    await aggregator.close();
    await ask('s-1');
    aggregator = await playAggregator(Number(port));
    aggregator.session = () => ({ stop: { reason: 'enough', by: 'ada', at: '2026-11-23T00:00:00Z' } });
    await until('the stop of the one that is back', () => findBudget('s-1')?.level === 'stop');
    expect(aggregator.told[0]?.sequence).toBeGreaterThan(1);
    expect(aggregator.told.at(-1)?.sessions[0]?.spent_nano_usd).toBe(2 * CALL_NANO_USD);
  });

  it('answers too slowly for anybody to wait, and is heard when it does', async () => {
    aggregator.delayMs = 1500;
    aggregator.answer = { policies: [{ usd: { stop: 0.002 } }] };
    guardWith({ usd: 1, answerTimeoutMs: 50 });
    expect(await ask('s-1')).toBeUndefined();
    await until('the answer', () => findBudget('s-1')?.limitUsd === 0.002);
    expect(await ask('s-1')).toMatchObject({ bindingLimit: 'usd.stop', limit: 0.002 });
  });

  it('answers with what is no answer, and everything goes on', async () => {
    aggregator.status = 503;
    guardWith({ usd: 0.003 });
    expect(await ask('s-1', 10)).toMatchObject({ bindingLimit: 'usd.stop' });
  });
});
