import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

describe('a total beside input and output', () => {
  it.each([
    ['no more than its parts', 'gemini-2.5-flash', 657],
    ['more by just the cached part', 'gemini-2.5-flash', 785],
    ['of a model whose answer holds the thoughts', 'gpt-5-mini', 675],
  ])('is no sign of thoughts when it is %s', (_, model, total) => {
    const { totals } = account({
      spans: [
        span('call', '', {
          kind: 3,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': model,
            'gen_ai.usage.input_tokens': 511,
            'gen_ai.usage.output_tokens': 146,
            'gen_ai.usage.cache_read.input_tokens': 128,
            'gen_ai.usage.total_tokens': total,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 511, output: 146, reasoning: 0 });
  });
});
