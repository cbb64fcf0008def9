import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const generation = (usage: unknown, rest: Record<string, string> = {}): Record<string, string> => ({
  'langfuse.observation.type': 'generation',
  'langfuse.observation.model.name': 'gpt-4.1',
  'langfuse.observation.usage_details': JSON.stringify(usage),
  ...rest,
});

describe('langfuse', () => {
  it('adds up the exclusive buckets that JavaScript writes', () => {
    const { totals, entries } = account({
      spans: [
        span('trace', '', {
          name: 'chat',
          attributes: { 'langfuse.observation.type': 'span', 'session.id': 's1', 'user.id': 'u1' },
        }),
        span('agent', 'trace', { name: 'Writer', attributes: { 'langfuse.observation.type': 'agent' } }),
        span('call', 'agent', {
          attributes: generation({
            input: 372,
            input_cached_tokens: 128,
            output: 34,
            output_reasoning_tokens: 16,
            total: 550,
          }),
        }),
      ],
    });
    // 372 + 128 and 34 + 16.
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 's1',
      user: 'u1',
    });
  });

  it("takes the quotes off names that it wrote as JSON: LangChain's metadata", () => {
    const figures = account({
      spans: [
        span('call', '', {
          attributes: generation(
            { input: 9, output: 2 },
            { 'langfuse.observation.metadata.lc_agent_name': '"Critic"' },
          ),
        }),
      ],
    });
    expect(figures.by('agent').get('Critic')).toMatchObject({ input: 9 });
  });

  it("reads the provider's own nested object that Python passes on: OpenAI's is inclusive", () => {
    const { totals } = account({
      spans: [
        span('call', '', {
          attributes: generation({
            prompt_tokens: 500,
            completion_tokens: 50,
            total_tokens: 550,
            prompt_tokens_details: { cached_tokens: 128 },
            completion_tokens_details: { reasoning_tokens: 16 },
          }),
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 500, output: 50, cacheRead: 128, reasoning: 16 });
  });

  it("reads the provider's own nested object that Python passes on: Anthropic's is exclusive", () => {
    const { totals } = account({
      spans: [
        span('call', '', {
          attributes: generation({
            input_tokens: 100,
            output_tokens: 30,
            cache_read_input_tokens: 400,
            cache_creation_input_tokens: 50,
            cache_creation: { ephemeral_1h_input_tokens: 50 },
          }),
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 550, output: 30, cacheRead: 400, cacheWrite: 50, cacheWrite1h: 50 });
  });

  it('takes a failed generation for an error without tokens and without a price', () => {
    const { entries } = account({
      spans: [
        span('call', '', {
          attributes: {
            'langfuse.observation.type': 'generation',
            'langfuse.observation.level': 'ERROR',
            'langfuse.observation.cost_details': '{"total": 0}',
          },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, errors: 1, usageSource: 'none', claim: undefined });
  });
});
