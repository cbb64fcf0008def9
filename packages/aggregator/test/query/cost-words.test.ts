import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainCost, type ExplainableCost, writeNanoUsd } from '../../src/query/cost-words.ts';

const COST: ExplainableCost = {
  nanoUsd: 2_500_000n,
  otherNanoUsd: 0n,
  status: 'exact',
  source: 'price_book',
  priceId: 'openai/gpt-5',
  bookVersion: 'v1',
  unpricedTokens: 0,
  reasons: [],
  claimNanoUsd: 0n,
  claimBy: '',
};

describe('the words for a cost', () => {
  it('are none where there was nothing to pay for', () => {
    expect(explainCost({ ...COST, status: '' })).toEqual([]);
  });

  it('name amount, source, price and how far it can be trusted', () => {
    expect(explainCost(COST)).toEqual([
      'It cost $0.0025, by the list price at the time of the call (openai/gpt-5, book v1). It is exact.',
    ]);
  });

  it('do not take no price for no cost', () => {
    expect(
      explainCost({ ...COST, status: 'unpriced', nanoUsd: 0n, reasons: ['unknown_model'], unpricedTokens: 1234 }),
    ).toEqual([
      'There is no price: the 0 is none.',
      'The model is in no price list for this provider.',
      '1,234 tokens have no price.',
    ]);
  });

  it('name who else put a cost on it, unless that is the cost', () => {
    const claim = { claimBy: 'gateway', claimNanoUsd: 3_000_000n };
    expect(explainCost({ ...COST, ...claim }).at(-1)).toBe('A gateway put $0.003 on it, which is kept for comparison.');
    expect(explainCost({ ...COST, ...claim, source: 'gateway' })).toHaveLength(1);
  });
});

describe('an amount in words', () => {
  it('has all its digits', () => {
    expect([0n, 1n, 10_000_000n, 1_500_000_000n, -2_000_000_001n, 10n ** 30n].map(writeNanoUsd)).toEqual([
      '$0.00',
      '$0.000000001',
      '$0.01',
      '$1.50',
      '-$2.000000001',
      `$1${'0'.repeat(21)}.00`,
    ]);
  });

  it('reads back as what it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (nanoUsd) => {
        const [, sign, whole = '', decimals = ''] = /^(-?)\$(\d+)\.(\d{2,9})$/.exec(writeNanoUsd(nanoUsd)) ?? [];
        const size = BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, '0'));
        expect(sign === '-' ? -size : size).toBe(nanoUsd);
      }),
    );
  });
});
