// A budget beside the real client of OpenAI, on a real model server, whose ledger tells what was asked in the end.

import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import * as openai from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BudgetExceededError,
  OpenAIInstrumentation,
  configure,
  currentBudget,
  findBudget,
  groupChat,
  onBudget,
  stopSession,
  type BudgetEvent,
  type GroupChat,
  type GuardOptions,
} from '../../src/index.ts';
import { until } from '../attach/attached.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording;
let server: ModelServer;
let instrumentation: OpenAIInstrumentation;
let client: openai.OpenAI;
let bodies: unknown[];
beforeEach(async () => {
  recording = record();
  // 1000 tokens of input and 500 of output of gpt-5-mini cost 0.00025 + 0.001 = 0.00125 USD.
  server = await startModelServer({ script: [{ reply: { text: 'It rains.', usage: { input: 1000, output: 500 } } }] });
  instrumentation = new OpenAIInstrumentation();
  instrumentation.attach(openai);
  bodies = [];
  client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl, maxRetries: 3, fetch: keepBody });
});
afterEach(async () => {
  configure({});
  instrumentation.disable();
  await server.close();
  await recording[Symbol.asyncDispose]();
});

async function keepBody(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
  return fetch(url, init);
}

const CALL_USD = 0.00125;
const ASK = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: `Write about rain. ${'It falls. '.repeat(150)}` }],
};
const ASK_SHORTLY = { ...ASK, max_completion_tokens: 500 };

async function talk(chat: GroupChat, calls: number): Promise<unknown> {
  return chat
    .run(() =>
      chat.turn({ agent: 'Writer' }, async () => {
        for (let call = 0; call < calls; call++) await client.chat.completions.create(ASK);
      }),
    )
    .catch((error: unknown) => error);
}

function guardWith(budget: GuardOptions): BudgetEvent[] {
  configure({ budget });
  const events: BudgetEvent[] = [];
  onBudget((event) => events.push(event));
  return events;
}

describe('a session with a budget', () => {
  it('is stopped before it costs more than its limit, and no request is sent after', async () => {
    guardWith({ usd: 0.01 });
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    const error = await talk(chat, 20);
    expect(error).toBeInstanceOf(BudgetExceededError);
    // 8 calls cost 0.01 exactly.
    expect(server.totals().calls).toBe(8);
    expect(error).toMatchObject({
      session: 's-1',
      workflow: 'blog',
      limit: 0.01,
      bindingLimit: 'usd.stop',
      status: 402,
    });
    expect(chat.figures().cost.usd).toBeCloseTo(8 * CALL_USD, 9);
    await expect(chat.run(() => client.chat.completions.create(ASK))).rejects.toBeInstanceOf(BudgetExceededError);
    expect(server.totals().calls).toBe(8);
  });

  it('is told of each level once, by what such a session is expected to cost', async () => {
    const events = guardWith({ expectedUsd: 0.01 });
    const error = await talk(groupChat({ workflow: 'blog' }), 30);
    expect(error).toMatchObject({ bindingLimit: 'shares.stop', expected: 0.01 });
    // 150 % of 0.01 are 12 calls of 0.00125.
    expect(server.totals().calls).toBe(12);
    expect((error as BudgetExceededError).percent).toBeCloseTo(150, 6);
    expect(events.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'notify shares.warning',
      'notify shares.critical',
      'notify shares.stop',
      'stop shares.stop',
    ]);
    expect(await recording.metric('turnmeter.session.threshold_crossings')).toBe(3);
  });

  it('stops at a number of tokens', async () => {
    guardWith({ tokens: 6000 });
    const error = await talk(groupChat({ workflow: 'blog' }), 20);
    expect(error).toMatchObject({ bindingLimit: 'tokens.stop' });
    expect(server.totals().calls).toBe(4);
  });

  it('is of no effect where nobody asks for it', async () => {
    configure({});
    expect(await talk(groupChat({ workflow: 'blog' }), 3)).toBeUndefined();
    expect(currentBudget()).toBeUndefined();
    expect(bodies[0]).not.toHaveProperty('max_completion_tokens');
  });

  it('ends the run and the turn as stopped, with the figures of all that was asked', async () => {
    guardWith({ usd: 0.003 });
    const chat = groupChat({ workflow: 'blog' });
    await talk(chat, 5);
    expect(chat.figures()).toMatchObject({ inferences: 2, errors: 0, turns: 1, isRunning: false });
    const run = recording.span('invoke_workflow blog');
    expect(run.attributes['turnmeter.outcome.status']).toBe('stopped');
    expect(run.status.code).toBe(0);
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('stopped');
    expect(recording.spans().filter(({ name }) => name.startsWith('chat '))).toHaveLength(2);
  });

  it('bounds calls in parallel together', async () => {
    guardWith({ usd: 0.01, waitTimeoutMs: 5000 });
    const chat = groupChat({ workflow: 'blog' });
    const results = await chat.run(() =>
      Promise.allSettled(Array.from({ length: 30 }, async () => client.chat.completions.create(ASK_SHORTLY))),
    );
    expect(server.totals().calls).toBe(8);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(22);
    expect(chat.figures().cost.usd).toBeLessThanOrEqual(0.01);
  });

  it('has a limit of its own beside what the configuration says', async () => {
    guardWith({ usd: 1 });
    const chat = groupChat({ workflow: 'blog', budget: { usd: 0.005 } });
    expect(await talk(chat, 20)).toMatchObject({ limit: 0.005 });
    expect(server.totals().calls).toBe(4);
    const other = groupChat({ workflow: 'blog' });
    expect(await talk(other, 5)).toBeUndefined();
  });

  it('pays for the chats within it, which may have less', async () => {
    guardWith({ usd: 0.01 });
    const outer = groupChat({ workflow: 'blog', session: 'outer' });
    const errors: unknown[] = [];
    await outer.run(async () => {
      const nested = groupChat({ workflow: 'research', session: 'inner', budget: { usd: 0.003 } });
      errors.push(await talk(nested, 5));
      errors.push(await talk(groupChat({ workflow: 'research' }), 20));
    });
    expect(errors).toMatchObject([
      { limit: 0.003, session: 'inner' },
      { limit: 0.01, session: 'outer' },
    ]);
    expect(server.totals().calls).toBe(8);
  });
});

describe('a call', () => {
  it('gets what is left for its answer where it does not say how long that may be', async () => {
    guardWith({ usd: 0.01 });
    await talk(groupChat({ workflow: 'blog' }), 1);
    // 128,000 tokens would cost 0.256 USD; a quarter of what is left is less than 4096 tokens.
    expect(bodies[0]).toMatchObject({ max_completion_tokens: 4096 });
    expect(recording.span('chat gpt-5-mini').attributes['turnmeter.budget.output_tokens_max']).toBe(4096);
  });

  it('is left as it is where its worst case fits', async () => {
    guardWith({ usd: 1 });
    await talk(groupChat({ workflow: 'blog' }), 1);
    expect(bodies[0]).not.toHaveProperty('max_completion_tokens');
  });

  it('asks the cheaper model once its session is critical, and says so', async () => {
    guardWith({ usd: 0.01, degrade: { models: { 'gpt-5-mini': 'gpt-5-nano' } } });
    await talk(groupChat({ workflow: 'blog' }), 9);
    const models = server.ledger.map(({ model }) => model);
    // 90 % of 0.01 are passed after the 8th call: 0.01.
    expect(models.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'gpt-5-mini'));
    const early = await talkCheaply();
    expect(early).toEqual(['gpt-5-mini', 'gpt-5-nano', 'gpt-5-nano']);
    const span = recording.span('chat gpt-5-nano');
    expect(span.attributes).toMatchObject({
      'gen_ai.request.model': 'gpt-5-nano',
      'turnmeter.budget.requested_model': 'gpt-5-mini',
      'turnmeter.budget.action': 'degrade',
    });
  });

  it('is released where it failed, so that the next one has room', async () => {
    await server.close();
    server = await startModelServer({
      script: [
        { calls: 1, reply: { status: 400, errorMessage: 'no' } },
        { reply: { text: 'It rains.', usage: { input: 100, output: 50 } } },
      ],
    });
    client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl, maxRetries: 0 });
    guardWith({ usd: 0.002 });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      await expect(client.chat.completions.create(ASK)).rejects.toThrow('no');
      expect(currentBudget()).toMatchObject({ reservedNanoUsd: 0, spentNanoUsd: 0 });
      await client.chat.completions.create(ASK);
      expect(currentBudget()).toMatchObject({ reservedNanoUsd: 0, spentNanoUsd: 125_000 });
    });
  });

  it('is charged as the dearest model where nobody has a price for it', async () => {
    const events = guardWith({ usd: 0.5 });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      await client.chat.completions.create({ ...ASK_SHORTLY, model: 'nobody-knows-it' });
      // 1000 and 500 tokens of o1-pro: 0.15 + 0.3 USD.
      expect(currentBudget()?.spentUsd).toBeGreaterThan(0.1);
    });
    expect(events.length).toBeGreaterThan(0);
    configure({ budget: { usd: 0.5, onUnpriced: 'refuse' } });
    await expect(
      groupChat({ workflow: 'blog' }).run(() => client.chat.completions.create({ ...ASK, model: 'nobody-knows-it' })),
    ).rejects.toMatchObject({ bindingLimit: 'unpriced' });
    expect(server.totals().calls).toBe(1);
  });

  it('of no session is bounded with all others of its process', async () => {
    guardWith({ usd: 0.005 });
    for (let call = 0; call < 4; call++) await client.chat.completions.create(ASK);
    await expect(client.chat.completions.create(ASK)).rejects.toBeInstanceOf(BudgetExceededError);
    expect(server.totals().calls).toBe(4);
  });
});

async function talkCheaply(): Promise<readonly (string | undefined)[]> {
  const before = server.ledger.length;
  configure({ budget: { usd: { critical: 0.001, stop: 0.01 }, degrade: { models: { 'gpt-5-mini': 'gpt-5-nano' } } } });
  await talk(groupChat({ workflow: 'blog' }), 3);
  return server.ledger.slice(before).map(({ model }) => model);
}

describe('a process in which two attach to one client', () => {
  it('reserves and spends each call once', async () => {
    const second = new OpenAIInstrumentation();
    second.attach(openai);
    guardWith({ usd: 0.005 });
    const chat = groupChat({ workflow: 'blog' });
    expect(await talk(chat, 20)).toBeInstanceOf(BudgetExceededError);
    second.disable();
    expect(server.totals().calls).toBe(4);
    expect(chat.figures()).toMatchObject({ inferences: 4 });
  });
});

describe('a call that is under way', () => {
  it('is broken off when somebody stops its session', async () => {
    await server.close();
    server = await startModelServer({ script: [{ reply: { text: 'It rains.', latencyMs: 20_000 } }] });
    client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
    guardWith({ usd: 1 });
    const asking = groupChat({ workflow: 'blog', session: 's-1' }).run(() => client.chat.completions.create(ASK));
    await until('the request', () => server.ledger.length > 0);
    stopSession({ session: 's-1' }, 'enough');
    await expect(asking).rejects.toMatchObject({ bindingLimit: 'kill_switch' });
    await until('the abort', () => server.ledger[0]?.outcome === 'aborted');
    expect(findBudget('s-1')?.reservedNanoUsd).toBe(0);
  });

  it('fails in the middle of its stream, rather than end as if all had been said', async () => {
    await server.close();
    server = await startModelServer({
      script: [{ reply: { text: 'It rains. '.repeat(50), chunks: 50, chunkDelayMs: 200 } }],
    });
    client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
    guardWith({ usd: 1 });
    let parts = 0;
    const asking = groupChat({ workflow: 'blog', session: 's-1' }).run(async () => {
      for await (const _ of await client.chat.completions.create({ ...ASK, stream: true })) {
        if (++parts === 2) stopSession({ session: 's-1' }, 'enough');
      }
    });
    await expect(asking).rejects.toMatchObject({ bindingLimit: 'kill_switch' });
    expect(parts).toBeLessThan(20);
    expect(findBudget('s-1')).toMatchObject({ reservedNanoUsd: 0 });
  });
});

describe('a stream', () => {
  it('is settled with what it told at its end', async () => {
    guardWith({ usd: 0.01 });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      const stream = await client.chat.completions.create({
        ...ASK,
        stream: true,
        stream_options: { include_usage: true },
      });
      expect(currentBudget()?.reservedNanoUsd).toBeGreaterThan(0);
      for await (const _ of stream);
      expect(currentBudget()).toMatchObject({ reservedNanoUsd: 0, spentNanoUsd: 1_250_000 });
    });
  });

  it('that tells nothing is settled by what is known of it', async () => {
    guardWith({ usd: 0.01 });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      for await (const _ of await client.chat.completions.create({ ...ASK, stream: true }));
      const budget = currentBudget();
      expect(budget?.reservedNanoUsd).toBe(0);
      expect(budget?.spentNanoUsd).toBeGreaterThan(500_000);
    });
  });
});
