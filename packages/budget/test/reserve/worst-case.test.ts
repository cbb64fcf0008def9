import { BudgetError, worstCase } from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// 3 USD for a million tokens in, 15 out.
const RATES = { inputNanoUsdPerMillion: 3e9, outputNanoUsdPerMillion: 15e9 };

describe('the worst case of a call', () => {
  it('is its prompt and the longest answer', () => {
    // 1000 × 3000 + 500 × 15000 nano-USD
    expect(worstCase({ promptTokens: 1000, outputTokensMax: 500, rates: RATES })).toEqual({
      nanoUsd: 10_500_000,
      tokens: 1500,
    });
  });

  it('counts each answer where several are asked for, and what the call itself costs', () => {
    const rates = { ...RATES, callNanoUsd: 5 };
    expect(worstCase({ promptTokens: 1000, outputTokensMax: 500, choices: 3, rates })).toEqual({
      nanoUsd: 3_000_000 + 3 * 7_500_000 + 5,
      tokens: 2500,
    });
  });

  it('takes bytes or characters for tokens where nobody has counted them', () => {
    const tokensOf = (size: {
      readonly promptBytes?: number;
      readonly promptChars?: number;
      readonly tokensPerChar?: number;
    }): number => worstCase({ ...size, outputTokensMax: 0, rates: RATES }).tokens;
    expect(tokensOf({ promptBytes: 70, promptChars: 50 })).toBe(70);
    expect(tokensOf({ promptChars: 50 })).toBe(50);
    expect(tokensOf({ promptChars: 50, tokensPerChar: 0.33 })).toBe(17);
  });

  it('is refused where the length of the prompt is not known, or something is no number', () => {
    expect(() => worstCase({ outputTokensMax: 1, rates: RATES })).toThrow(
      'expected promptTokens, promptBytes or promptChars',
    );
    expect(() => worstCase({ promptTokens: Number.NaN, outputTokensMax: 1, rates: RATES })).toThrow(BudgetError);
    expect(() => worstCase({ promptTokens: 100, outputTokensMax: -5, rates: RATES })).toThrow('outputTokensMax');
    const refund = { ...RATES, callNanoUsd: -1 };
    expect(() => worstCase({ promptTokens: 100, outputTokensMax: 5, rates: refund })).toThrow('callNanoUsd');
  });

  it('lies at or above what the call costs exactly, by less than two nano-USD', () => {
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    const rate = fc.integer({ min: 0, max: 600e9 });
    fc.assert(
      fc.property(tokens, tokens, rate, rate, (promptTokens, outputTokensMax, input, output) => {
        const rates = { inputNanoUsdPerMillion: input, outputNanoUsdPerMillion: output };
        const { nanoUsd } = worstCase({ promptTokens, outputTokensMax, rates });
        const exact = BigInt(promptTokens) * BigInt(input) + BigInt(outputTokensMax) * BigInt(output);
        expect(BigInt(nanoUsd) * 1_000_000n >= exact).toBe(true);
        expect(BigInt(nanoUsd) * 1_000_000n < exact + 2_000_000n).toBe(true);
      }),
    );
  });
});
