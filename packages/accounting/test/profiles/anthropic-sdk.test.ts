import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const SDK = 'com.anthropic.sdk.python';
const MESSAGE = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-sonnet-4-5',
  'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
  'gen_ai.response.id': 'msg_01',
  // The whole prompt: 100 of its own, 400 read from the cache, 50 written to it.
  'gen_ai.usage.input_tokens': 550,
  'gen_ai.usage.output_tokens': 30,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.cache_write.input_tokens': 50,
  'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 20,
  'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 30,
  'anthropic.response.service_tier': 'standard',
};

describe("anthropic's own spans", () => {
  it('count with the cache inside the input and its writes by life time', () => {
    const { entries, totals } = account({
      spans: [span('a', '', { name: 'anthropic.messages.create', kind: 3, scope: SDK, attributes: MESSAGE })],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      input: 550,
      output: 30,
      cacheRead: 400,
      cacheWrite: 50,
      cacheWrite1h: 30,
    });
    expect(entries[0]).toMatchObject({
      profile: 'anthropic-sdk',
      model: 'claude-sonnet-4-5-20250929',
      serviceTier: 'standard',
    });
  });

  it('never count a prompt that was only measured, even where another processor calls the span a model call', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          name: 'anthropic.messages.count_tokens',
          kind: 3,
          scope: SDK,
          attributes: {
            'gen_ai.provider.name': 'anthropic',
            'anthropic.message.count_tokens.input_tokens': 900,
            'openinference.span.kind': 'LLM',
            'llm.token_count.prompt': 900,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 0, input: 0 });
  });

  it('have the numbers of a call that a framework around them reports without the cache', () => {
    const { totals, entries } = account({
      spans: [
        span('agent', '', {
          attributes: { 'openinference.span.kind': 'AGENT', 'agent.name': 'Writer', 'session.id': 's1' },
        }),
        // agno writes Anthropic's own number, and no id.
        span('outer', 'agent', {
          name: 'Claude.invoke',
          scope: 'openinference.instrumentation.agno',
          attributes: {
            'openinference.span.kind': 'LLM',
            'llm.model_name': 'claude-sonnet-4-5',
            'llm.token_count.prompt': 100,
            'llm.token_count.completion': 30,
          },
        }),
        span('inner', 'outer', { name: 'anthropic.messages.create', kind: 3, scope: SDK, attributes: MESSAGE }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 550, output: 30, cacheRead: 400 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 's1',
      recordId: 'inner',
    });
  });

  it('count a failed call as one without tokens', () => {
    const { entries } = account({
      spans: [
        span('a', '', {
          name: 'anthropic.messages.create',
          kind: 3,
          scope: SDK,
          status: 2,
          attributes: { 'gen_ai.operation.name': 'chat', 'error.type': 'RateLimitError' },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, errors: 1, error: 'RateLimitError', usageSource: 'none' });
  });
});
