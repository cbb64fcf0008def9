import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { OpenRun } from '../../src/emit/run.ts';
import { startInference } from '../../src/emit/start-inference.ts';
import { OpenTool } from '../../src/emit/tool.ts';
import { OpenTurn } from '../../src/emit/turn.ts';
import { currentSession, findSession } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

const ANSWER = {
  facts: {
    usage: { input: 1000, output: 100, cacheRead: 400, reasoning: 40 },
    model: 'gpt-5-mini-2025-08-07',
    responseId: 'r-1',
  },
} as const;
// gpt-5-mini: 0.25 USD per million of input, 0.025 cached, 2 of output: 600 × 0.25 + 400 × 0.025 + 100 × 2 = 360 millionths.
const COST_USD = 0.00036;

/** One call of one turn of one run. */
function runOnce(): void {
  const run = new OpenRun({ identity: { session: 's-1', workflow: 'generator', tenant: 'acme', user: 'ada' } });
  run.run(() => {
    const turn = new OpenTurn({ agent: 'Writer', selection: 'auto' });
    turn.run(() => startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end(ANSWER));
    turn.end();
  });
  run.end();
}

describe('a model call in a turn', () => {
  it('has its usage and cost on its own span only, and its identity on every span', () => {
    recording = record();
    runOnce();
    const chat = recording.span('chat gpt-5-mini');
    expect(chat.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5-mini',
      'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
      'gen_ai.response.id': 'r-1',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.reasoning.output_tokens': 40,
      'turnmeter.usage.source': 'provider',
      'turnmeter.cost.usd': COST_USD,
    });
    expect(recording.spans()).toHaveLength(3);
    for (const span of recording.spans()) {
      expect(span.attributes).toMatchObject({
        'gen_ai.conversation.id': 's-1',
        'session.id': 's-1',
        'gen_ai.workflow.name': 'generator',
        'turnmeter.tenant.id': 'acme',
        'user.id': 'ada',
      });
    }
    const others = recording.spans().filter((span) => span !== chat);
    expect(
      others.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.includes('usage')),
    ).toEqual([]);
    expect(chat.parentSpanContext?.spanId).toBe(recording.span('invoke_agent Writer').spanContext().spanId);
  });

  it('is in metrics and running sums also where its trace is not sampled', async () => {
    recording = record({ sampler: new AlwaysOffSampler() });
    runOnce();
    expect(recording.spans()).toEqual([]);
    expect(await recording.metric('gen_ai.client.token.usage', { 'gen_ai.token.type': 'input' })).toBe(1000);
    expect(await recording.metric('turnmeter.tokens', { direction: 'output', tenant: 'acme', agent: 'Writer' })).toBe(
      100,
    );
    expect(await recording.metric('turnmeter.cost.usd', { workflow: 'generator' })).toBeCloseTo(COST_USD, 12);
    expect(findSession('s-1', 'acme')).toMatchObject({
      turns: 1,
      inferences: 1,
      tokens: { input: 1000, output: 100, cacheRead: 400, reasoning: 40 },
      cost: { nanoUsd: 360_000, status: 'exact' },
      agents: { Writer: { turns: 1, tokens: { input: 1000 } } },
      isRunning: false,
    });
  });

  it('leaves no session, user or span on any metric', async () => {
    recording = record();
    runOnce();
    for (const name of await recording.metricNames()) {
      for (const { attributes } of await recording.points(name)) {
        expect(Object.values(attributes).filter((value) => value === 's-1' || value === 'ada')).toEqual([]);
      }
    }
  });

  it('is seen by the app while it runs', () => {
    recording = record();
    const run = new OpenRun({ identity: { session: 's-2' } });
    run.run(() => {
      startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end(ANSWER);
      expect(currentSession()).toMatchObject({ session: 's-2', inferences: 1, isRunning: true });
    });
    expect(currentSession()).toBeUndefined();
  });
});

describe('turns of one session', () => {
  it('hand over from the one that ended last, not from one that goes on beside it', () => {
    recording = record();
    const run = new OpenRun({ identity: { session: 's-4' } });
    run.run(() => {
      const [ada, bob] = ['Ada', 'Bob'].map((agent) => new OpenTurn({ agent }));
      expect(findSession('s-4')).toMatchObject({ handoffs: 0 });
      bob?.end();
      ada?.end();
      new OpenTurn({ agent: 'Cy' }).end();
      new OpenTurn({ agent: 'Cy' }).end();
    });
    run.end();
    expect(findSession('s-4')).toMatchObject({ turns: 4, handoffs: 1 });
    const last = recording.spans().find(({ attributes }) => attributes['turnmeter.turn.index'] === 3);
    expect(last?.attributes['turnmeter.handoff.from.agent.name']).toBe('Ada');
  });
});

describe('a call within a call', () => {
  it('is that call: its numbers count, once', async () => {
    recording = record();
    const outer = startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' });
    outer.run(() => startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end(ANSWER));
    // What the framework made of it: it lost the cached part.
    outer.end({ facts: { usage: { input: 1000, output: 100 }, responseId: 'r-1' } });
    expect(recording.spans()).toHaveLength(1);
    expect(recording.spans()[0]?.attributes).toMatchObject({ 'gen_ai.usage.cache_read.input_tokens': 400 });
    expect(await recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
  });

  it('is that call also where it holds one more', async () => {
    recording = record();
    const call = { operation: 'chat', provider: 'openai', model: 'gpt-5-mini' } as const;
    const outer = startInference(call);
    const middle = outer.run(() => startInference(call));
    middle.run(() => startInference(call).end(ANSWER));
    middle.end({ facts: { usage: { input: 1000, output: 100 } } });
    outer.end({ facts: { usage: { input: 1000, output: 100 } } });
    expect(recording.spans()).toHaveLength(1);
    expect(recording.spans()[0]?.attributes).toMatchObject({ 'gen_ai.usage.cache_read.input_tokens': 400 });
    expect(await recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
  });

  it('tells the outermost of three where the one between ended too early', async () => {
    recording = record();
    const call = { operation: 'chat', provider: 'openai', model: 'gpt-5-mini' } as const;
    const outer = startInference(call);
    const middle = outer.run(() => startInference(call));
    const inner = middle.run(() => startInference(call));
    middle.end();
    inner.end(ANSWER);
    outer.end();
    expect(recording.spans()).toHaveLength(1);
    expect(await recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
  });

  it('speaks for itself where the one above ended before it knew its usage', async () => {
    recording = record();
    const outer = startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini', isStream: true });
    const inner = outer.run(() => startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }));
    outer.end();
    inner.end(ANSWER);
    expect(await recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
  });

  it('tells a framework that does not know it which model it asks, and why it failed', () => {
    recording = record();
    class RateLimitError extends Error {}
    const outer = startInference({ operation: 'chat', provider: 'openai' });
    const inner = outer.run(() => startInference({ operation: 'chat', provider: 'azure.ai.openai', model: 'gpt-5' }));
    inner.end({ error: new RateLimitError() });
    outer.end({ error: { name: 'Error' } });
    expect(recording.span('chat gpt-5').attributes).toMatchObject({
      'gen_ai.provider.name': 'azure.ai.openai',
      'gen_ai.request.model': 'gpt-5',
      'error.type': 'RateLimitError',
    });
  });

  it('is another one in a tool or in another agent’s turn', () => {
    recording = record();
    const outer = startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' });
    outer.run(() => {
      new OpenTool({ name: 'ask' }).run(() => startInference({ operation: 'chat', provider: 'openai' }).end(ANSWER));
    });
    outer.end(ANSWER);
    expect(recording.spans().filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] === 1000)).toHaveLength(
      2,
    );
  });
});

describe('an answer that sums several calls', () => {
  it('counts each of them, by its own model', async () => {
    recording = record();
    const own = { usage: { input: 100, output: 10 }, model: 'claude-haiku-4-5' };
    const advisor = { usage: { input: 300, output: 30 }, model: 'claude-opus-4-6' };
    const run = new OpenRun({ identity: { session: 's-3' } });
    run.run(() => {
      const facts = { usage: { input: 400, output: 40 }, calls: [own, advisor] };
      startInference({ operation: 'chat', provider: 'anthropic', model: 'claude-haiku-4-5' }).end({ facts });
    });
    expect(findSession('s-3')).toMatchObject({
      inferences: 2,
      tokens: { input: 400, output: 40 },
      models: { 'claude-haiku-4-5': { tokens: { input: 100 } }, 'claude-opus-4-6': { tokens: { input: 300 } } },
    });
    expect(recording.spans().map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([100, 300]);
    expect(await recording.metric('turnmeter.tokens', { direction: 'input' })).toBe(400);
  });

  it('counts each that was seen below a framework’s call, which asked again', () => {
    recording = record();
    const outer = startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' });
    for (const responseId of ['r-1', 'r-2']) {
      outer.run(() =>
        startInference({ operation: 'chat', provider: 'openai' }).end({ facts: { ...ANSWER.facts, responseId } }),
      );
    }
    outer.end({ facts: { usage: { input: 1000, output: 100 } } });
    expect(recording.spans().map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual(['r-1', 'r-2']);
  });
});

describe('a call that fails', () => {
  it('is an error by class and has no usage, which is not missing', async () => {
    recording = record();
    class RateLimitError extends Error {}
    startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end({
      error: new RateLimitError('sk-secret'),
    });
    const [span] = recording.spans();
    expect(span?.attributes['error.type']).toBe('RateLimitError');
    expect(JSON.stringify([span?.attributes, span?.status, span?.events])).not.toContain('sk-secret');
    expect(span?.attributes['turnmeter.usage.source']).toBeUndefined();
    expect(await recording.metric('turnmeter.errors', { reason: 'RateLimitError' })).toBe(1);
  });

  it('is missing its usage where it failed after its answer had begun', async () => {
    recording = record();
    startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end({
      error: new Error('terminated'),
      usageSource: 'missing',
    });
    expect(recording.spans()[0]?.attributes['turnmeter.usage.source']).toBe('missing');
    expect(await recording.metric('turnmeter.inferences', { usage_source: 'missing' })).toBe(1);
  });

  it('is missing its usage where it succeeded without any', async () => {
    recording = record();
    startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end();
    expect(recording.spans()[0]?.attributes['turnmeter.usage.source']).toBe('missing');
    expect(await recording.metric('turnmeter.inferences', { usage_source: 'missing' })).toBe(1);
  });
});
