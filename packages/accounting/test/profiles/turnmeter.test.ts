import { describe, expect, it } from 'vitest';
import type { PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const SCOPE = '@turnmeter/instrumentation';
const WHO = {
  'gen_ai.conversation.id': 's-1',
  'session.id': 's-1',
  'gen_ai.workflow.name': 'generator',
  'user.id': 'ada',
};
const SERVICE = { resource: { 'service.name': 'chat-app' } };

function own(
  spanId: string,
  parentId: string,
  attributes: PlainSpan['attributes'],
  rest: Partial<PlainSpan> = {},
): PlainSpan {
  return span(spanId, parentId, { scope: SCOPE, ...SERVICE, attributes: { ...WHO, ...attributes }, ...rest });
}

function chat(
  spanId: string,
  parentId: string,
  attributes: PlainSpan['attributes'] = {},
  rest: Partial<PlainSpan> = {},
): PlainSpan {
  const usage = {
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.output_tokens': 100,
    'turnmeter.usage.source': 'provider',
  };
  const request = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
  };
  return own(spanId, parentId, { ...request, ...usage, ...attributes }, { kind: 3, ...rest });
}

function turn(spanId: string, parentId: string, agent: string, attributes: PlainSpan['attributes'] = {}): PlainSpan {
  const go = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': agent,
    'turnmeter.turn.outcome': 'completed',
  };
  return own(spanId, parentId, { ...go, ...attributes }, { startMs: T0, endMs: T0 + 1000 });
}

const RUN = own('run', '', { 'gen_ai.operation.name': 'invoke_workflow' }, { startMs: T0, endMs: T0 + 5000 });

describe('turnmeter', () => {
  it('counts a turn that nobody saw begin without a time', () => {
    const figures = account({
      spans: [turn('a', '', 'Writer'), turn('b', '', 'Critic', { 'turnmeter.turn.untimed': true })],
    });
    expect(figures.totals).toMatchObject({ turns: 2, responseTimeUs: 1e6 });
    expect(figures.by('agent').get('Critic')).toMatchObject({ turns: 1, responseTimeUs: 0 });
    expect(figures.entries.find(({ agent }) => agent === 'Critic')?.notes).toEqual(['untimed_turn']);
  });

  it('counts calls, turns, tools and the wait for people, each to its agent and session', () => {
    const figures = account({
      spans: [
        RUN,
        turn('t1', 'run', 'Writer'),
        chat('c1', 't1', { 'gen_ai.agent.name': 'Writer' }),
        own('x1', 't1', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
          'gen_ai.agent.name': 'Writer',
        }),
        own('h1', 't1', { 'gen_ai.operation.name': 'await_human_input' }, { startMs: T0 + 100, endMs: T0 + 400 }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 1000,
      output: 100,
      humanWaitUs: 300_000,
      responseTimeUs: 700_000,
    });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 1000, turns: 1 });
    expect(figures.by('workflow').get('generator')).toMatchObject({ input: 1000 });
    expect(new Set(figures.entries.map(({ profile }) => profile))).toEqual(new Set(['turnmeter']));
  });

  it('counts a wait for people by its span, and not by the sum of such spans that a turn tells', () => {
    const told = { 'turnmeter.human_wait.seconds': 0.3 };
    const wait = own(
      'h1',
      't1',
      { 'gen_ai.operation.name': 'await_human_input' },
      { startMs: T0 + 100, endMs: T0 + 400 },
    );
    const { totals } = account({ spans: [turn('t1', '', 'Writer', told), chat('c1', 't1'), wait] });
    expect(totals).toMatchObject({ humanWaitUs: 300_000, responseTimeUs: 700_000 });
    const alone = account({ spans: [turn('t1', '', 'Writer', told), chat('c1', 't1')] });
    expect(alone.totals).toMatchObject({ humanWaitUs: 0, responseTimeUs: 1e6 });
  });

  it('reads all parts of usage as they are told', () => {
    const { totals, entries } = account({
      spans: [
        chat('c', '', {
          'gen_ai.usage.cache_read.input_tokens': 400,
          'gen_ai.usage.cache_write.input_tokens': 300,
          'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 200,
          'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 100,
          'gen_ai.usage.reasoning.output_tokens': 40,
          'gen_ai.usage.audio.input_tokens': 50,
          'gen_ai.usage.image.input_tokens': 60,
          'gen_ai.usage.audio.output_tokens': 7,
          'gen_ai.usage.image.output_tokens': 8,
          'openai.response.service_tier': 'flex',
          'gen_ai.response.time_to_first_chunk': 0.25,
        }),
      ],
    });
    expect(totals).toMatchObject({
      input: 1000,
      output: 100,
      cacheRead: 400,
      cacheWrite: 300,
      cacheWrite1h: 100,
      reasoning: 40,
      inputAudio: 50,
      inputImage: 60,
      outputAudio: 7,
      outputImage: 8,
    });
    expect(entries[0]).toMatchObject({
      serviceTier: 'flex',
      timeToFirstTokenUs: 250_000,
      usageSource: 'provider',
      notes: [],
    });
  });

  it('believes numbers that other producers would be corrected for', () => {
    // Cached tokens beside the input of a producer nobody knows; here the input is what was billed.
    const { totals, entries } = account({ spans: [chat('c', '', { 'gen_ai.usage.cache_read.input_tokens': 1200 })] });
    expect(totals).toMatchObject({ input: 1000, cacheRead: 1200 });
    expect(entries[0]?.usageSource).toBe('provider');
  });

  it.each([
    ['estimated', { 'turnmeter.usage.source': 'estimated' }, 'estimated'],
    [
      'missing',
      { 'turnmeter.usage.source': 'missing', 'gen_ai.usage.input_tokens': null, 'gen_ai.usage.output_tokens': null },
      'missing',
    ],
  ])('says where the numbers are from: %s', (_, attributes, expected) => {
    expect(account({ spans: [chat('c', '', attributes)] }).entries[0]?.usageSource).toBe(expected);
  });

  it('takes a failed call without usage for one that used nothing', () => {
    const failed = chat(
      'c',
      '',
      {
        'turnmeter.usage.source': null,
        'gen_ai.usage.input_tokens': null,
        'gen_ai.usage.output_tokens': null,
        'error.type': 'RateLimitError',
      },
      { status: 2 },
    );
    expect(account({ spans: [failed] }).entries[0]).toMatchObject({
      inferences: 1,
      errors: 1,
      error: 'RateLimitError',
      usageSource: 'none',
    });
  });

  it('misses the usage of a call that failed in the middle of its answer', () => {
    const cutOff = chat(
      'c',
      '',
      {
        'turnmeter.usage.source': 'missing',
        'gen_ai.usage.input_tokens': null,
        'gen_ai.usage.output_tokens': null,
        'error.type': 'APIConnectionError',
      },
      { status: 2 },
    );
    expect(account({ spans: [cutOff] }).entries[0]).toMatchObject({ errors: 1, usageSource: 'missing' });
  });

  it('counts a turn without a model call: an agent may be a function or a person', () => {
    expect(account({ spans: [RUN, turn('t', 'run', 'Router')] }).totals).toMatchObject({ turns: 1, inferences: 0 });
  });

  it('counts a handoff once, at the turn that follows it, whatever announced it', () => {
    const figures = account({
      spans: [
        RUN,
        turn('t1', 'run', 'Planner', { 'turnmeter.handoff.to.agent.name': 'Writer' }),
        own('x', 't1', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'transfer_to_writer',
          'turnmeter.handoff.to.agent.name': 'Writer',
        }),
        turn('t2', 'run', 'Writer', { 'turnmeter.handoff.from.agent.name': 'Planner' }),
        turn('t3', 'run', 'Writer'),
      ],
    });
    expect(figures.totals).toMatchObject({ turns: 3, handoffs: 1, toolCalls: 1 });
    expect(figures.entries.filter(({ handoffs }) => handoffs > 0)).toMatchObject([
      { handoffTo: 'Writer', agent: 'Writer' },
    ]);
  });

  it('counts a tool that uses another as two, and one that is wrapped twice as one', () => {
    const tool = (id: string, parentId: string, name: string): PlainSpan =>
      own(id, parentId, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name });
    expect(account({ spans: [tool('a', '', 'research'), tool('b', 'a', 'search')] }).totals.toolCalls).toBe(2);
    expect(account({ spans: [tool('a', '', 'search'), tool('b', 'a', 'search')] }).totals.toolCalls).toBe(1);
  });

  it('keeps the choice of a speaker apart from the speakers', () => {
    const { entries } = account({
      spans: [
        RUN,
        own('sel', 'run', { 'gen_ai.operation.name': 'speaker_selection', 'turnmeter.purpose': 'speaker_selection' }),
        chat('c', 'sel', { 'turnmeter.purpose': 'speaker_selection' }),
      ],
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ purpose: 'speaker_selection', agent: '' });
  });

  it('reads what costs money and is no token, one kind or several', () => {
    const one = { 'turnmeter.cost.item': 'web_search', 'turnmeter.cost.quantity': 2 };
    const several = { 'turnmeter.cost.item': ['web_search', 'storage_search'], 'turnmeter.cost.quantity': [1, 3] };
    expect(account({ spans: [chat('c', '', one)] }).entries[0]?.charges).toEqual([
      { kind: 'web_search', name: '', quantity: 2 },
    ]);
    expect(account({ spans: [chat('c', '', several)] }).entries[0]?.charges).toEqual([
      { kind: 'web_search', name: '', quantity: 1 },
      { kind: 'storage_search', name: '', quantity: 3 },
    ]);
  });

  it.each([
    ['price_book', 'client_table'],
    ['provider', 'provider'],
    ['gateway', 'gateway'],
  ])('passes on a cost by who said it: %s', (source, by) => {
    const { entries } = account({
      spans: [chat('c', '', { 'turnmeter.cost.usd': 0.00036, 'turnmeter.cost.source': source })],
    });
    expect(entries[0]?.claim).toEqual({ nanoUsd: 360_000, by });
  });

  it('is known without its scope', () => {
    const spans = [{ ...chat('c', ''), scope: 'renamed' }];
    expect(account({ spans }).entries[0]?.profile).toBe('turnmeter');
  });

  it('goes before what another instrumentation saw of the same call', () => {
    const { totals, entries } = account({
      spans: [
        span('oi', '', {
          scope: '@arizeai/openinference-instrumentation-openai',
          ...SERVICE,
          attributes: {
            'openinference.span.kind': 'LLM',
            'llm.model_name': 'gpt-5-mini',
            'llm.token_count.prompt': 1000,
            'llm.token_count.completion': 100,
          },
        }),
        chat('c', 'oi'),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 1000, excludedInput: 1000 });
    expect(entries.find(({ recordId }) => recordId === 'oi')?.reason).toBe('copy');
  });
});

describe('turnmeter’s metrics', () => {
  const point = (metric: string, value: number, attributes: PlainPoint['attributes']): PlainPoint => ({
    id: `${metric}/${JSON.stringify(attributes)}`,
    scope: SCOPE,
    ...SERVICE,
    metric,
    unit: '{token}',
    kind: metric === 'turnmeter.tokens' ? 'sum' : 'histogram',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 60_000,
    value,
    count: 2,
    attributes: attributes ?? {},
  });
  const labels = { agent: 'Writer', workflow: 'generator', model: 'gpt-5-mini' };
  const standard = {
    'gen_ai.agent.name': 'Writer',
    'gen_ai.workflow.name': 'generator',
    'gen_ai.request.model': 'gpt-5-mini',
  };
  const points = [
    point('gen_ai.client.token.usage', 2000, { ...standard, 'gen_ai.token.type': 'input' }),
    point('gen_ai.client.token.usage', 200, { ...standard, 'gen_ai.token.type': 'output' }),
    point('turnmeter.tokens', 2000, { ...labels, direction: 'input' }),
    point('turnmeter.tokens', 200, { ...labels, direction: 'output' }),
    point('turnmeter.tokens', 800, { ...labels, direction: 'cache_read' }),
    point('turnmeter.tokens', 80, { ...labels, direction: 'reasoning' }),
  ];

  it('count, with their parts and once, where traces were sampled away', () => {
    const figures = account({ points });
    expect(figures.totals).toMatchObject({ inferences: 2, input: 2000, output: 200, cacheRead: 800, reasoning: 80 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 2000, cacheRead: 800 });
  });

  it('are witnesses where spans came', () => {
    const { totals } = account({ points, spans: [chat('c', '', { 'gen_ai.usage.cache_read.input_tokens': 400 })] });
    expect(totals).toMatchObject({ inferences: 1, input: 1000, output: 100, cacheRead: 400, reasoning: 0 });
  });
});
