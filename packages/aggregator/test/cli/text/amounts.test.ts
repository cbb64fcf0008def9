import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMean,
  formatPercentChange,
  formatSeconds,
  formatTime,
  formatUsd,
  formatUsdChange,
  plural,
} from '../../../src/cli/text/amounts.ts';

describe('formatUsd', () => {
  it.each([
    [0, '$0'],
    [1234.5, '$1,234.50'],
    [1, '$1.00'],
    [0.9996, '$1.00'],
    [0.5, '$0.50'],
    [0.0123456, '$0.0123'],
    [0.000000253, '$0.000000253'],
    [1e-9, '$0.000000001'],
    [-0.25, '-$0.25'],
  ])('writes %d as %s', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });

  it('never writes zero for what costs something, down to a nano-dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000_000 }), (nanoUsd) => {
        const written = Number(formatUsd(nanoUsd / 1e9).replaceAll(/[$,]/g, ''));
        expect(written).toBeGreaterThan(0);
        // Three significant digits: off by at most half a unit of the third.
        expect(Math.abs(written - nanoUsd / 1e9) / (nanoUsd / 1e9)).toBeLessThan(0.0051);
      }),
    );
  });

  it('says the direction of a difference', () => {
    expect([formatUsdChange(0.002), formatUsdChange(-0.002), formatUsdChange(0)]).toEqual(['+$0.002', '-$0.002', '$0']);
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0 s'],
    [0.0042, '4.2 ms'],
    [0.85, '850 ms'],
    [3.14159, '3.14 s'],
    [59.97, '1 m 00 s'],
    [200, '3 m 20 s'],
    [7300, '2 h 01 m'],
    [100_000, '1 d 3 h'],
    [-3, '-3 s'],
  ])('writes %d as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe('numbers', () => {
  it('have separators of thousands', () => {
    expect([formatCount(0), formatCount(999), formatCount(1_234_567), formatCount(-12_345)]).toEqual([
      '0',
      '999',
      '1,234,567',
      '-12,345',
    ]);
  });

  it('have as many decimals as an average needs', () => {
    expect([formatMean(3.1416), formatMean(1234.5)]).toEqual(['3.1', '1,235']);
  });

  it('say how much they changed', () => {
    expect([
      formatPercentChange(41.23),
      formatPercentChange(-3),
      formatPercentChange(0.01),
      formatPercentChange(1234),
    ]).toEqual(['+41.2 %', '-3 %', '±0 %', '+1,234 %']);
  });

  it('agree with their noun', () => {
    expect([plural(1, 'session'), plural(1200, 'session'), plural(2, 'entry', 'entries')]).toEqual([
      '1 session',
      '1,200 sessions',
      '2 entries',
    ]);
  });

  it('of bytes have binary units', () => {
    expect([formatBytes(0), formatBytes(1536), formatBytes(64 * 1024 ** 2)]).toEqual(['0 B', '1.5 KiB', '64 MiB']);
  });

  it('of times are short', () => {
    expect(formatTime('2026-11-22T14:03:11.123456Z')).toBe('2026-11-22 14:03:11');
  });
});
