import { describe, expect, it } from 'vitest';
import { analyzeCost } from '../../src/assess/cost-analysis.ts';
import { Facet, type Line } from '../../src/query/lines.ts';
import { sessionFigures } from '../../src/query/session-figures.ts';
import { NO_SUMS, type Sums } from '../../src/query/sums.ts';
import type { Turn } from '../../src/query/turns.ts';

function line(facet: Facet, name: string, sums: Partial<Sums>): Line {
  return { facet, name, detail: '', sums: { ...NO_SUMS, ...sums } };
}

function figuresOf(lines: readonly Line[], turns: number): Parameters<typeof analyzeCost>[0] {
  const none = sessionFigures({ tenant: 't', sessionId: 's', workflow: 'w' }, lines, [], {
    firstUs: 0,
    lastUs: 0,
    bookedUs: 0,
  });
  return { ...none, turns: Array.from({ length: turns }, () => ({}) as Turn) };
}

describe('where the money went', () => {
  it('is told by agent, model and tool, with shares of the whole', () => {
    const analysis = analyzeCost(
      figuresOf(
        [
          line(Facet.ALL, '', {
            cost_nano_usd: 4_000_000_000n,
            other_cost_nano_usd: 1_000_000_000n,
            input_tokens: 1500,
            output_tokens: 500,
            cache_read_tokens: 600,
          }),
          line(Facet.AGENT, 'writer', { cost_nano_usd: 3_000_000_000n }),
          line(Facet.AGENT, 'critic', { cost_nano_usd: 1_000_000_000n }),
          line(Facet.AGENT, 'idle', {}),
          line(Facet.MODEL, 'gpt-5', { cost_nano_usd: 3_000_000_000n }),
          line(Facet.TOOL, 'search', { cost_nano_usd: 1_000_000_000n }),
          line(Facet.COST_STATUS, 'exact', {}),
        ],
        2,
      ),
    );
    expect(analysis).toMatchObject({
      status: 'exact',
      byAgent: [
        { name: 'writer', share: 0.75 },
        { name: 'critic', share: 0.25 },
      ],
      byModel: [{ name: 'gpt-5', share: 0.75 }],
      byTool: [{ name: 'search', share: 0.25 }],
      nanoUsdPerTurn: 2_000_000_000,
      nanoUsdPerThousandTokens: 2_000_000_000,
      cachedShare: 0.4,
      explanation: 'It cost $4.00. writer took 75 % of it.',
    });
  });

  it('has no shares of nothing', () => {
    const analysis = analyzeCost(figuresOf([line(Facet.ALL, '', {}), line(Facet.AGENT, 'writer', {})], 0));
    expect(analysis).toMatchObject({ byAgent: [], explanation: 'It cost $0.00.' });
    const { nanoUsdPerTurn, nanoUsdPerThousandTokens, cachedShare } = analysis;
    expect([nanoUsdPerTurn, nanoUsdPerThousandTokens, cachedShare]).toEqual([undefined, undefined, undefined]);
  });

  it.for([
    ['unpriced', 'What it cost is not known: 1,200 tokens have no price.'],
    ['partial', 'It cost at least $2.00; 1,200 tokens have no price.'],
    ['estimated', 'It cost about $2.00; some prices or tokens are assumed.'],
  ] as const)('says how far a cost that is %s can be trusted', ([status, sentence]) => {
    const all = line(Facet.ALL, '', { cost_nano_usd: 2_000_000_000n, unpriced_tokens: 1200 });
    expect(analyzeCost(figuresOf([all, line(Facet.COST_STATUS, status, {})], 1)).explanation).toBe(sentence);
  });
});
