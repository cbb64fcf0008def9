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
