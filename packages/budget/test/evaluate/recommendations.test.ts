import {
  evaluate,
  type ExpectedCost,
  NO_EXPECTATION,
  type Policy,
  type ProjectedCost,
  type Recommendation,
  recommendations,
  resolvePolicy,
  type SpendingFacts,
  type Spent,
} from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';

const EXPECTED: ExpectedCost = { nanoUsd: 1e9, n: 30, confidence: 'good', source: 'workflow' };

interface Situation {
  readonly spend: Spent;
  readonly policy?: Policy;
  readonly expected?: ExpectedCost;
  readonly projected?: ProjectedCost;
  readonly facts?: SpendingFacts;
}

function say({ spend, policy = {}, expected = EXPECTED, projected, facts }: Situation): readonly Recommendation[] {
  const resolved = resolvePolicy([{ scope: { tenant: 'acme' }, policy }], { tenant: 'acme', workflow: 'blog-post' });
  return recommendations(evaluate({ policy: resolved, spend, expected, projected }), facts);
}

describe('recommendations', () => {
  it('are none for a session that is within its limits and looks normal', () => {
    const facts: SpendingFacts = {
      agents: [
        { name: 'writer', nanoUsd: 9e8 },
        { name: 'editor', nanoUsd: 1e8 },
      ],
      models: [
        { name: 'big', nanoUsd: 9e8 },
        { name: 'small', nanoUsd: 1e8 },
      ],
      inputTokens: 100_000,
      cacheReadTokens: 0,
      turns: 10,
      normalTurns: 9,
      calls: 50,
      retries: 2,
      failedCalls: 2,
    };
    expect(say({ spend: { nanoUsd: 5e8, tokens: 100 }, facts })).toEqual([]);
  });

  it('name the limit, how far beyond it the session is, and whose limit it is', () => {
    expect(say({ spend: { nanoUsd: 1.6e9, tokens: 0 } })).toEqual([
      {
        code: 'limit_reached',
        text:
          'Make no further calls: the session has spent $1.60, 160 % of the $1.00 that such a session is expected to cost; ' +
          'shares.stop (150 %, $1.50, by default) is reached.',
      },
    ]);
    expect(say({ spend: { nanoUsd: 1, tokens: 12_000 }, policy: { tokens: { warning: 10_000 } } })[0]?.text).toBe(
      'Look at the session now: the session has spent 12,000 tokens; tokens.warning (10,000 tokens, of the policy for tenant acme) is reached.',
    );
  });

  it('say where it will end, before it is there', () => {
    const projected = { lowNanoUsd: 7e8, midNanoUsd: 1.55e9, highNanoUsd: 2.5e9 };
    expect(say({ spend: { nanoUsd: 5e8, tokens: 0 }, projected })).toEqual([
      {
        code: 'limit_ahead',
        text: 'It is on its way to stop: it will probably end at $1.55 ($0.70 to $2.50).',
      },
    ]);
  });

  it('say that nothing would stop it', () => {
    const found = say({ spend: { nanoUsd: 0, tokens: 0 }, expected: NO_EXPECTATION });
    expect(found.map(({ code }) => code)).toEqual(['no_limit']);
  });

  it('say what has no price', () => {
    expect(say({ spend: { nanoUsd: 4_200_000, tokens: 9, unpricedTokens: 1234 } })).toEqual([
      {
        code: 'unpriced_tokens',
        text: '1,234 tokens have no price, so the session has cost more than $0.0042: give their model a price.',
      },
    ]);
  });

  it('point at the dearest agent and model once there is reason to look', () => {
    const facts: SpendingFacts = {
      agents: [
        { name: 'editor', nanoUsd: 1e8 },
        { name: 'writer', nanoUsd: 7e8, turns: 14 },
      ],
      models: [{ name: 'big', nanoUsd: 8e8 }],
      cheaperModels: new Map([['big', 'small']]),
    };
    const found = say({ spend: { nanoUsd: 8e8, tokens: 0 }, facts });
    expect(found.slice(1)).toEqual([
      {
        code: 'dearest_agent',
        text: 'writer spent $0.70 in 14 turns, 87 % of all: bound it by a policy of its own, or give it a cheaper model.',
      },
      { code: 'dearest_model', text: 'big took $0.80, 100 % of all: ask small instead.' },
    ]);
  });

  it('say nothing of the only model without another to go to', () => {
    const facts = { models: [{ name: 'big', nanoUsd: 8e8 }] };
    expect(say({ spend: { nanoUsd: 8e8, tokens: 0 }, facts }).map(({ code }) => code)).toEqual(['limit_reached']);
  });

  it('see caches that are not used, against what is normal where that is known', () => {
    const of = (facts: SpendingFacts): readonly string[] =>
      say({ spend: { nanoUsd: 8e8, tokens: 0 }, facts }).map(({ code }) => code);
    expect(of({ inputTokens: 50_000, cacheReadTokens: 1000 })).toContain('cache_unused');
    expect(of({ inputTokens: 50_000, cacheReadTokens: 20_000 })).not.toContain('cache_unused');
    expect(of({ inputTokens: 50_000, cacheReadTokens: 20_000, normalCacheShare: 0.7 })).toContain('cache_unused');
    expect(of({ inputTokens: 50_000, cacheReadTokens: 1000, normalCacheShare: 0.02 })).not.toContain('cache_unused');
    expect(of({ inputTokens: 5000, cacheReadTokens: 0 })).not.toContain('cache_unused');
    expect(of({ inputTokens: 50_000 })).not.toContain('cache_unused');
  });

  it('see more turns than normal, retries, failures and dear choosing of speakers', () => {
    const found = say({
      spend: { nanoUsd: 8e8, tokens: 0 },
      facts: { turns: 31, normalTurns: 12.2, calls: 40, retries: 9, failedCalls: 4, speakerSelectionNanoUsd: 2e8 },
    });
    expect(found.slice(1).map(({ text }) => text)).toEqual([
      'It is at turn 31, where such sessions normally have 12: see whether agents hand over to each other in circles, or bound the number of rounds.',
      'Choosing the next speaker took $0.20, 25 % of all: choose by a cheaper model, or in a fixed order.',
      'Clients sent 9 requests again in 40 calls: see which errors or timeouts they retry.',
      '4 calls of 40 failed: what they had sent is paid for again with each attempt.',
    ]);
  });

  it('say that what is expected comes from few sessions', () => {
    const expected: ExpectedCost = { nanoUsd: 1e9, n: 2, confidence: 'low', source: 'workflow' };
    expect(say({ spend: { nanoUsd: 1.5e9, tokens: 0 }, expected }).at(-1)).toEqual({
      code: 'few_sessions',
      text: 'The expected $1.00 come from 2 finished sessions only: declare expected_usd in the policy if you know better.',
    });
  });
});
