import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };
const agent = (name: string): Record<string, string | number> => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': name,
  ...USAGE,
});

describe('turns', () => {
  it('are no roll-ups: an agent that only passed on to others had none', () => {
    const figures = account({
      spans: [
        span('a', '', { attributes: agent('Supervisor') }),
        span('b', 'a', { attributes: agent('Writer') }),
        span('c', 'b', { attributes: { 'gen_ai.operation.name': 'chat', ...USAGE } }),
      ],
    });
    expect(figures.totals).toMatchObject({ turns: 1, inferences: 1, input: 100 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ turns: 1 });
  });

  it('are agents of whom only the sum is reported', () => {
    expect(account({ spans: [span('a', '', { attributes: agent('Writer') })] }).totals).toMatchObject({
      turns: 1,
      input: 100,
    });
  });
});
