import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5-mini',
};

describe('gen-ai', () => {
  it('counts a chat span once, with its parts inside the whole', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          kind: 3,
          attributes: {
            ...CHAT,
            'gen_ai.usage.input_tokens': 100,
            'gen_ai.usage.output_tokens': 20,
            'gen_ai.usage.cache_read.input_tokens': 64,
            'gen_ai.usage.reasoning.output_tokens': 8,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20, cacheRead: 64, reasoning: 8 });
  });

  it('does not add what an agent span sums up', () => {
    const { totals } = account({
      spans: [
        span('agent', '', {
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.usage.input_tokens': 100,
            'gen_ai.usage.output_tokens': 20,
          },
        }),
        span('call', 'agent', {
          attributes: { ...CHAT, 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 },
        }),
      ],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      turns: 1,
      input: 100,
      output: 20,
      excludedInput: 100,
      excludedOutput: 20,
    });
  });
});

describe('gen-ai, official Python packages', () => {
  it.each([
    ['opentelemetry.instrumentation.genai.openai', 'gen_ai.usage.cache_write.input_tokens'],
    ['opentelemetry.instrumentation.genai.anthropic', 'gen_ai.usage.cache_write.input_tokens'],
    ['opentelemetry.instrumentation.genai.langchain', 'gen_ai.usage.cache_creation.input_tokens'],
  ])('counts %s with all parts inside', (scope, cacheWrite) => {
    const { totals, entries } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope,
          attributes: {
            ...CHAT,
            'gen_ai.usage.input_tokens': 550,
            'gen_ai.usage.output_tokens': 30,
            'gen_ai.usage.cache_read.input_tokens': 400,
            [cacheWrite]: 50,
            'gen_ai.usage.reasoning.output_tokens': 8,
            'gen_ai.conversation.id': 'thread-1',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 550, output: 30, cacheRead: 400, cacheWrite: 50, reasoning: 8 });
    expect(entries[0]?.session).toBe('thread-1');
  });

  it('counts openai-v2, which knows no parts', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: 'opentelemetry.util.genai.handler',
          attributes: { ...CHAT, 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.output_tokens': 5 },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 50, output: 5, cacheRead: 0 });
  });

  it('reads the tokens of openai-agents from the client below, and its session from both', () => {
    const agents = 'opentelemetry.instrumentation.genai.openai_agents';
    const { totals, entries } = account({
      spans: [
        span('agent', '', {
          scope: agents,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.conversation.id': 'group-1',
          },
        }),
        span('call', 'agent', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.genai.openai',
          attributes: { ...CHAT, 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.output_tokens': 5 },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 50 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'Writer', session: 'group-1' });
  });
});
