import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEASURES, writeUsd } from '../../src/assess/measure.ts';

describe('amounts for people', () => {
  it('have cents for dollars and enough digits for less', () => {
    expect([0, 1, 12.345, 0.5, 0.1234, 0.000_012_34, 1.1e-7, 1e-9].map(writeUsd)).toEqual([
      '$0.00',
      '$1.00',
      '$12.35',
      '$0.50',
      '$0.123',
      '$0.0000123',
      '$0.00000011',
      '$0.000000001',
    ]);
  });

  it('never are written with an exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (usd) => {
        expect(writeUsd(usd)).toMatch(/^\$\d+\.\d{2,9}$/);
      }),
    );
  });

  it('have the unit that makes them short', () => {
    const { write } = MEASURES.duration_us;
    expect([0, 1234, 1_500_000, 119e6, 150e6, 7_300_000_000].map(write)).toEqual([
      '0 ms',
      '1.23 ms',
      '1.5 s',
      '119 s',
      '2.5 min',
      '2.03 h',
    ]);
  });

  it('are one or several', () => {
    expect([0, 1, 2, 1_234_567].map(MEASURES.tokens.write)).toEqual([
      '0 tokens',
      '1 token',
      '2 tokens',
      '1,234,567 tokens',
    ]);
  });
});
