import { context, SpanKind, trace, type Attributes, type Span } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startInference } from '../../src/emit/start-inference.ts';
import { findSession, groupChat, withSession } from '../../src/index.ts';
import {
  TurnmeterSpanProcessor,
  type TurnmeterSpanProcessorOptions,
} from '../../src/span-processor/turnmeter-span-processor.ts';
import { record, type Recording, type RecordingOptions } from '../recording.ts';

let recording: Recording | undefined;
let processor: TurnmeterSpanProcessor | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await processor?.shutdown();
  await recording?.[Symbol.asyncDispose]();
  processor = undefined;
  recording = undefined;
});

/** A process whose provider has the processor, loaded. */
async function trackedProcess(
  options: TurnmeterSpanProcessorOptions = {},
  sdk: RecordingOptions = {},
): Promise<{ readonly recording: Recording; readonly processor: TurnmeterSpanProcessor }> {
  processor = new TurnmeterSpanProcessor(options);
  // Where the shapes did not fit the SDK's, this would not compile.
  const asSdkHasIt: SpanProcessor = processor;
  recording = record({ ...sdk, spanProcessors: [asSdkHasIt] });
  await processor.forceFlush();
  return { recording, processor };
}

/** A span of somebody else's instrumentation around some work. */
function foreign<T>(name: string, attributes: Attributes, work: (span: Span) => T, kind = SpanKind.INTERNAL): T {
  return trace.getTracer('their-instrumentation').startActiveSpan(name, { attributes, kind }, (span) => {
    try {
      return work(span);
    } finally {
      span.end();
    }
  });
}

const USAGE = { 'llm.token_count.prompt': 1000, 'llm.token_count.completion': 100 };
const LLM = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-5-mini', 'llm.provider': 'openai' };
const AGENT = { 'openinference.span.kind': 'AGENT' };
/** gpt-5-mini: 0.25 USD per million of input, 2 of output: 1000 × 0.25 + 100 × 2 = 450 millionths. */
const COST_NANO_USD = 450_000;

function foreignCall(attributes: Attributes = {}): void {
  foreign('ChatCompletion', { ...LLM, ...USAGE, ...attributes }, () => undefined);
}

const ANSWER = {
  facts: { usage: { input: 1000, output: 100 }, model: 'gpt-5-mini', responseId: 'chatcmpl-1' },
} as const;

function ownCall(end: Parameters<ReturnType<typeof startInference>['end']>[0] = ANSWER): void {
  startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end(end);
}

/** Exporters answer by a timer, which has to run. */
async function underFakeTimers<T>(reading: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(1);
  return reading;
}

describe('spans of others', () => {
  it('get session, workflow, tenant and user of the code they are made in', async () => {
    const { recording: sdk } = await trackedProcess();
    withSession({ session: 's-1', workflow: 'support', tenant: 'acme', user: 'ada' }, () => foreignCall());
    expect(sdk.span('ChatCompletion').attributes).toMatchObject({
      'session.id': 's-1',
      'gen_ai.conversation.id': 's-1',
      'gen_ai.workflow.name': 'support',
      'turnmeter.tenant.id': 'acme',
      'user.id': 'ada',
    });
  });

  it('keep what they say themselves', async () => {
    const { recording: sdk } = await trackedProcess();
    withSession({ session: 's-1', workflow: 'support', user: 'ada' }, () =>
      foreignCall({ 'session.id': 'theirs', 'user.id': 'bob' }),
    );
    expect(sdk.span('ChatCompletion').attributes).toMatchObject({
      'session.id': 'theirs',
      'user.id': 'bob',
      'gen_ai.workflow.name': 'support',
    });
  });

  it('get the speaker, unless their framework has an agent of its own between', async () => {
    const { recording: sdk } = await trackedProcess();
    groupChat({ session: 's-1', workflow: 'support' }).turn({ agent: 'Writer' }, () => {
      foreign('chain', { 'openinference.span.kind': 'CHAIN' }, () => foreignCall());
      foreign('Researcher', { ...AGENT, 'agent.name': 'Researcher' }, () =>
        foreign('inner', { ...LLM, ...USAGE }, () => undefined),
      );
    });
    expect(sdk.span('ChatCompletion').attributes['gen_ai.agent.name']).toBe('Writer');
    expect(sdk.span('chain').attributes['gen_ai.agent.name']).toBeUndefined();
    expect(sdk.span('inner').attributes['gen_ai.agent.name']).toBeUndefined();
    expect(findSession('s-1')?.agents).toMatchObject({
      Writer: { tokens: { input: 1000 } },
      Researcher: { tokens: { input: 1000 } },
    });
  });

  it('are whose the span above them is, where our own context did not come along', async () => {
    const { recording: sdk } = await trackedProcess();
    const above = withSession({ session: 's-1' }, () => trace.getTracer('theirs').startSpan('request'));
    trace.getTracer('theirs').startSpan('later', {}, trace.setSpan(context.active(), above)).end();
    above.end();
    expect(sdk.span('later').attributes['session.id']).toBe('s-1');
  });
});

describe('figures of sessions', () => {
  it('follow at once, without a network', async () => {
    await trackedProcess();
    withSession({ session: 's-1', workflow: 'support' }, () => {
      foreignCall();
      expect(findSession('s-1')).toMatchObject({
        workflow: 'support',
        inferences: 1,
        tokens: { input: 1000, output: 100 },
        cost: { nanoUsd: COST_NANO_USD, status: 'exact' },
        models: { 'gpt-5-mini': { inferences: 1 } },
      });
    });
  });

  it('are corrected by what comes later', async () => {
    let nowMs = Date.now();
    await trackedProcess({ clock: () => nowMs });
    foreign('Writer', { ...AGENT, 'agent.name': 'Writer', 'llm.token_count.prompt': 1000 }, (agent) => {
      withSession({ session: 'first' }, () => foreignCall());
      expect(findSession('first')).toMatchObject({ inferences: 1 });
      nowMs += 10;
      agent.setAttribute('turnmeter.session.id', 'second');
    });
    nowMs += 10;
    // The run knows better which session all of this was; nothing is left where it was counted first.
    expect(findSession('second')).toMatchObject({
      inferences: 1,
      turns: 1,
      agents: { Writer: { turns: 1, tokens: { input: 1000 } } },
    });
    expect(findSession('first')).toMatchObject({
      inferences: 0,
      tokens: { input: 0 },
      cost: { nanoUsd: 0 },
      models: {},
    });
  });

  it('hold what only a sum tells, once nothing else comes', async () => {
    const { processor: own } = await trackedProcess();
    foreign('Writer', { ...AGENT, ...USAGE, 'agent.name': 'Writer', 'session.id': 's-1' }, () => undefined);
    expect(findSession('s-1')?.tokens.input ?? 0).toBe(0);
    await own.forceFlush();
    expect(findSession('s-1')).toMatchObject({ tokens: { input: 1000 }, inferences: 0 });
  });
});

describe('a call that the recorder saw, too', () => {
  it('is counted once, below the span of another instrumentation', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    withSession({ session: 's-1' }, () =>
      foreign('Writer', { ...AGENT, 'agent.name': 'Writer' }, () =>
        foreign('LLM', { ...LLM, ...USAGE }, () => ownCall()),
      ),
    );
    expect(findSession('s-1')).toMatchObject({
      inferences: 1,
      tokens: { input: 1000 },
      cost: { nanoUsd: COST_NANO_USD },
    });
    // The recorder did not know who spoke; the spans around its own did.
    expect(findSession('s-1')?.agents['Writer']).toMatchObject({ inferences: 1, turns: 1, tokens: { input: 1000 } });
    await own.forceFlush();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
    expect(await sdk.metric('turnmeter.inferences')).toBe(1);
    expect(await sdk.metric('turnmeter.cost.usd')).toBeCloseTo(COST_NANO_USD / 1e9, 12);
  });

  it('is counted once in a trace of its own, by the id of its answer', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    withSession({ session: 's-1' }, () => {
      foreignCall({ 'gen_ai.response.id': 'chatcmpl-1' });
      ownCall();
    });
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { input: 1000, output: 100 } });
    await own.forceFlush();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'output' })).toBe(100);
  });

  it('is counted once where the other instrumentation has a provider of its own', async () => {
    processor = new TurnmeterSpanProcessor();
    recording = record();
    await processor.forceFlush();
    const theirs = new TracerProvider({ spanProcessors: [processor] });
    const attributes = { ...LLM, ...USAGE, 'session.id': 's-1', 'gen_ai.response.id': 'chatcmpl-1' };
    theirs.getTracer('their-instrumentation').startSpan('ChatCompletion', { attributes }).end();
    withSession({ session: 's-1' }, () => ownCall());
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { input: 1000, output: 100 } });
  });

  it('belongs to the session that only the spans around it know', async () => {
    await trackedProcess();
    foreign('Writer', { ...AGENT, 'agent.name': 'Writer', 'session.id': 'theirs' }, () => ownCall());
    expect(findSession('theirs')).toMatchObject({ inferences: 1, agents: { Writer: { tokens: { output: 100 } } } });
  });

  it('has the tokens of the witness that knows them', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    withSession({ session: 's-1' }, () => foreign('LLM', { ...LLM, ...USAGE }, () => ownCall({})));
    expect(findSession('s-1')).toMatchObject({
      inferences: 1,
      inferencesWithoutUsage: 0,
      tokens: { input: 1000 },
      cost: { nanoUsd: COST_NANO_USD, status: 'exact' },
    });
    await own.forceFlush();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
    expect(await sdk.metric('turnmeter.inferences')).toBe(1);
  });

  it('is one turn where both show the agent’s go', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    const chat = groupChat({ session: 's-1', workflow: 'support' });
    foreign('Writer', { ...AGENT, 'agent.name': 'Writer', 'session.id': 's-1' }, () =>
      chat.turn({ agent: 'Writer' }, () => ownCall()),
    );
    await own.forceFlush();
    expect(findSession('s-1')).toMatchObject({
      turns: 1,
      inferences: 1,
      agents: { Writer: { turns: 1, inferences: 1 } },
    });
    expect(await sdk.metric('turnmeter.turns')).toBe(1);
  });
});

describe('metrics', () => {
  it('are told when a trace is quiet, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let nowMs = Date.now();
    const { recording: sdk } = await trackedProcess({ clock: () => nowMs, quietMs: 5000 });
    const after = async (ms: number): Promise<number> => {
      nowMs += ms;
      await vi.advanceTimersByTimeAsync(ms);
      return underFakeTimers(sdk.metric('turnmeter.tokens', { direction: 'input', workflow: 'support' }));
    };
    withSession({ session: 's-1', workflow: 'support' }, () => foreignCall());
    expect(await after(4000)).toBe(0);
    expect(await after(2000)).toBe(1000);
    expect(await after(60_000)).toBe(1000);
    vi.useRealTimers();
    expect(await sdk.metric('gen_ai.client.token.usage', { 'gen_ai.token.type': 'output' })).toBe(100);
    expect(await sdk.metric('turnmeter.cost.usd')).toBeCloseTo(COST_NANO_USD / 1e9, 12);
  });

  it('of a trace that never rests are told after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let nowMs = Date.now();
    const { recording: sdk } = await trackedProcess({ clock: () => nowMs, quietMs: 5000, waitMsMax: 20_000 });
    const root = trace.getTracer('theirs').startSpan('run');
    for (let at = 0; at < 25; at++) {
      context.with(trace.setSpan(context.active(), root), () => foreignCall());
      nowMs += 1000;
      await vi.advanceTimersByTimeAsync(1000);
    }
    vi.useRealTimers();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'input' })).toBeGreaterThanOrEqual(20_000);
    root.end();
  });

  it('say when a correction came too late for them', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    const agent = trace.getTracer('theirs').startSpan('Writer', { attributes: { ...AGENT, 'agent.name': 'Writer' } });
    context.with(trace.setSpan(context.active(), agent), () => foreignCall());
    await own.forceFlush();
    // Whose call it was is only told now.
    agent.end();
    await own.forceFlush();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'input' })).toBe(1000);
    expect(await sdk.metric('turnmeter.instrumentation.dropped', { reason: 'correction_after_metrics' })).toBe(1);
  });

  it('hold no session, user or span', async () => {
    const { recording: sdk, processor: own } = await trackedProcess();
    withSession({ session: 's-1', user: 'ada' }, () => foreignCall());
    await own.forceFlush();
    for (const name of await sdk.metricNames())
      for (const { attributes } of await sdk.points(name))
        expect(Object.values(attributes).filter((value) => value === 's-1' || value === 'ada')).toEqual([]);
  });
});

describe('the processor', () => {
  it('counts what is recorded and not sampled', async () => {
    const { recording: sdk } = await trackedProcess({}, { sampler: createAlwaysRecordSampler(new AlwaysOffSampler()) });
    withSession({ session: 's-1' }, () => foreignCall());
    expect(sdk.spans()).toEqual([]);
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { input: 1000 } });
  });

  it('counts once where it was added twice', async () => {
    processor = new TurnmeterSpanProcessor();
    const second = new TurnmeterSpanProcessor();
    recording = record({ spanProcessors: [processor, second] });
    await Promise.all([processor.forceFlush(), second.forceFlush()]);
    withSession({ session: 's-1' }, () => foreignCall());
    expect(findSession('s-1')).toMatchObject({ inferences: 1 });
    await second.shutdown();
  });

  it('counts what ended before it was loaded', async () => {
    processor = new TurnmeterSpanProcessor();
    recording = record({ spanProcessors: [processor] });
    withSession({ session: 's-1' }, () => foreignCall());
    await processor.forceFlush();
    expect(findSession('s-1')).toMatchObject({ inferences: 1 });
  });

  it('holds no more than it may, and loses no token', async () => {
    const { recording: sdk, processor: own } = await trackedProcess({ spansMax: 100 });
    for (let at = 0; at < 1000; at++) foreignCall();
    await own.forceFlush();
    expect(await sdk.metric('turnmeter.tokens', { direction: 'input' })).toBe(1_000_000);
    expect(await sdk.metric('turnmeter.instrumentation.dropped', { reason: 'trace_settled_early' })).toBeGreaterThan(0);
  });

  it('is not disturbed by spans that are none', async () => {
    const { processor: own } = await trackedProcess();
    // @ts-expect-error -- What another library hands over is not checked by anybody.
    own.onEnd({});
    // @ts-expect-error -- As above.
    own.onStart({}, context.active());
    withSession({ session: 's-1' }, () => foreignCall());
    expect(findSession('s-1')).toMatchObject({ inferences: 1 });
  });

  it('is idle after its shutdown', async () => {
    const { processor: own } = await trackedProcess();
    withSession({ session: 's-1' }, () => foreignCall());
    await own.shutdown();
    withSession({ session: 's-1' }, () => foreignCall());
    expect(findSession('s-1')).toMatchObject({ inferences: 1 });
  });
});
