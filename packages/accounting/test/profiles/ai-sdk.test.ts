import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const WHO = { 'ai.telemetry.functionId': 'Writer', 'ai.telemetry.metadata.sessionId': 's-1' };

function ai(spanId: string, parentId: string, operation: string, attributes: PlainSpan['attributes'] = {}): PlainSpan {
  return span(spanId, parentId, {
    scope: 'ai',
    name: operation,
    attributes: { 'ai.operationId': operation, 'operation.name': `${operation} Writer`, ...WHO, ...attributes },
  });
}

/** AI SDK 6: usage with details. */
const V6 = {
  'ai.usage.inputTokens': 100,
  'ai.usage.inputTokenDetails.noCacheTokens': 60,
  'ai.usage.inputTokenDetails.cacheReadTokens': 40,
  'ai.usage.outputTokens': 20,
  'ai.usage.outputTokenDetails.reasoningTokens': 8,
  'ai.usage.totalTokens': 120,
};
const DO = { 'gen_ai.system': 'openai.chat', 'gen_ai.request.model': 'gpt-5-mini', 'ai.response.id': 'chatcmpl-1' };

const gen = (
  spanId: string,
  parentId: string,
  operation: string,
  attributes: PlainSpan['attributes'] = {},
): PlainSpan =>
  span(spanId, parentId, {
    scope: 'gen_ai',
    kind: operation === 'chat' ? 3 : 1,
    attributes: { 'gen_ai.operation.name': operation, ...attributes },
  });

const usage = {
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 20,
  'gen_ai.usage.cache_read.input_tokens': 40,
};

const turn = (trace: string): readonly PlainSpan[] => [
  { ...gen('agent', '', 'invoke_agent', { 'gen_ai.agent.name': 'Writer', ...usage }), traceId: trace },
  { ...gen('call', 'agent', 'chat', usage), traceId: trace },
];

describe('ai sdk 4 to 6', () => {
  it('counts doGenerate once, with its parts, and not the outer span that repeats it', () => {
    const figures = account({
      spans: [
        ai('outer', '', 'ai.generateText', V6),
        ai('call', 'outer', 'ai.generateText.doGenerate', { ...DO, ...V6 }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      input: 100,
      output: 20,
      cacheRead: 40,
      reasoning: 8,
    });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
  });

  it('reads version 4, which called its sides prompt and completion', () => {
    const { totals } = account({
      spans: [
        ai('outer', '', 'ai.streamText', { 'ai.usage.promptTokens': 50, 'ai.usage.completionTokens': 9 }),
        ai('one', 'outer', 'ai.streamText.doStream', {
          ...DO,
          'gen_ai.usage.input_tokens': 70,
          'gen_ai.usage.output_tokens': 11,
          'ai.response.providerMetadata': '{"openai":{"reasoningTokens":4,"cachedPromptTokens":32}}',
        }),
        ai('two', 'outer', 'ai.streamText.doStream', {
          ...DO,
          'ai.response.id': 'chatcmpl-2',
          'ai.usage.promptTokens': 50,
          'ai.usage.completionTokens': 9,
        }),
      ],
    });
    // 70 + 50 in, 11 + 9 out; the outer span has the last step's numbers.
    expect(totals).toMatchObject({ inferences: 2, input: 120, output: 20, reasoning: 4, cacheRead: 32 });
  });

  it('adds what Anthropic counts beside the input up to version 5, and its split by life time', () => {
    const { totals } = account({
      spans: [
        ai('call', '', 'ai.generateText.doGenerate', {
          'gen_ai.system': 'anthropic.messages',
          'gen_ai.request.model': 'claude-opus-5',
          'ai.usage.inputTokens': 100,
          'ai.usage.outputTokens': 20,
          'ai.usage.totalTokens': 120,
          'ai.usage.cachedInputTokens': 40,
          'ai.response.providerMetadata': JSON.stringify({
            anthropic: {
              usage: {
                input_tokens: 100,
                cache_read_input_tokens: 40,
                cache_creation_input_tokens: 30,
                cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
                service_tier: 'priority',
              },
            },
          }),
        }),
      ],
    });
    // 100 + 40 read + 30 written.
    expect(totals).toMatchObject({ input: 170, output: 20, cacheRead: 40, cacheWrite: 30, cacheWrite1h: 20 });
  });

  it('adds nothing to the input of version 6, which is the whole', () => {
    const { totals } = account({
      spans: [
        ai('call', '', 'ai.generateText.doGenerate', {
          'gen_ai.system': 'anthropic.messages',
          ...V6,
          'ai.response.providerMetadata': '{"anthropic":{"usage":{"input_tokens":60,"cache_read_input_tokens":40}}}',
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 100, cacheRead: 40 });
  });

  it('takes over the cost that a gateway billed', () => {
    const { entries } = account({
      spans: [
        ai('call', '', 'ai.generateText.doGenerate', {
          ...V6,
          'ai.response.providerMetadata': '{"gateway":{"cost":"0.0045","generationId":"gen_1"}}',
        }),
      ],
    });
    expect(entries[0]?.claim).toEqual({ nanoUsd: 4_500_000, by: 'gateway' });
  });

  it('books an outer span alone as the least that was spent before version 6, and as the sum since', () => {
    const before = account({
      spans: [ai('outer', '', 'ai.generateText', { 'ai.usage.inputTokens': 50, 'ai.usage.outputTokens': 9 })],
    });
    expect(before.entries[0]).toMatchObject({ input: 50, usageSource: 'estimated', notes: ['last_step_only'] });
    const since = account({ spans: [ai('outer', '', 'ai.generateText', V6)] });
    expect(since.entries[0]).toMatchObject({ input: 100, usageSource: 'provider' });
  });

  it('counts failed attempts as calls and errors, embeddings as no turn, tools as tools', () => {
    const { totals } = account({
      spans: [
        { ...ai('failed', '', 'ai.generateText.doGenerate', DO), status: 2 },
        ai('embed', '', 'ai.embed', { 'ai.usage.tokens': 12 }),
        ai('doEmbed', 'embed', 'ai.embed.doEmbed', { 'ai.model.id': 'text-embedding-3-small', 'ai.usage.tokens': 12 }),
        ai('tool', '', 'ai.toolCall', { 'ai.toolCall.name': 'search' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, errors: 1, turns: 0, toolCalls: 1, input: 12 });
  });
});

describe('ai sdk 7', () => {
  it('counts chats, not the agent that sums them, and takes no metric name for usage', () => {
    const figures = account({
      spans: [
        gen('agent', '', 'invoke_agent', {
          'gen_ai.agent.name': 'Writer',
          'ai.settings.context.sessionId': 's-1',
          ...usage,
        }),
        gen('step', 'agent', 'agent_step'),
        gen('call', 'step', 'chat', {
          ...usage,
          'gen_ai.provider.name': 'openai',
          'gen_ai.client.operation.duration': 1.5,
          'gen_ai.client.operation.time_to_first_chunk': 0.25,
          'ai.usage.outputTokenDetails.reasoningTokens': 8,
        }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      input: 100,
      output: 20,
      cacheRead: 40,
      reasoning: 8,
    });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      timeToFirstTokenUs: 250_000,
    });
  });

  it('shows each turn of an app that names no session as a session of its own', () => {
    expect(
      [
        ...account({ spans: [...turn('t1'), ...turn('t2')] })
          .by('session')
          .keys(),
      ].toSorted(),
    ).toEqual(['trace:t1', 'trace:t2']);
  });
});
