// Amounts as answers have them: money as a number and exactly, times in ISO 8601, durations in the unit that the name says.

import { z } from 'zod';
import type { Sums } from '../../query/sums.ts';
import type { Distribution } from '../../query/statistics.ts';

export interface MoneyDocument {
  readonly usd: number;
  readonly nano_usd: string;
}

/** For documents that are money with more to it. */
export const moneyShape: { readonly usd: z.ZodNumber; readonly nano_usd: z.ZodString } = {
  usd: z.number().meta({ description: 'US dollars.' }),
  nano_usd: z
    .string()
    .regex(/^-?\d+$/)
    .meta({ description: 'The same, exactly: billionths of a US dollar.' }),
};

export const moneySchema: z.ZodType<MoneyDocument> = z.object(moneyShape).meta({ id: 'Money' });

export function moneyOf(nanoUsd: bigint): MoneyDocument {
  return { usd: usdOf(nanoUsd), nano_usd: `${nanoUsd}` };
}

export function usdOf(nanoUsd: bigint): number {
  return Number(nanoUsd) / 1e9;
}

export interface TokensDocument {
  readonly input: number;
  readonly output: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly reasoning: number;
}

const count = z.number().int();

export const tokensSchema: z.ZodType<TokensDocument> = z
  .object({
    input: count.meta({ description: 'Prompt tokens, cached ones included.' }),
    output: count.meta({ description: 'Answer tokens, reasoning included.' }),
    cache_read: count.meta({ description: 'Part of input read from a cache.' }),
    cache_write: count.meta({ description: 'Part of input written to a cache.' }),
    reasoning: count.meta({ description: 'Part of output.' }),
  })
  .meta({ id: 'Tokens' });

export function tokensOf(sums: Sums): TokensDocument {
  return {
    input: sums.input_tokens,
    output: sums.output_tokens,
    cache_read: sums.cache_read_tokens,
    cache_write: sums.cache_write_tokens,
    reasoning: sums.reasoning_tokens,
  };
}

/** Numbers that describe a sample; null is "there is no such number". */
export interface DistributionDocument {
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min?: number | null | undefined;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max?: number | null | undefined;
}

const figure = z.number().nullable();

export const distributionSchema: z.ZodType<DistributionDocument> = z
  .object({
    n: count.meta({ description: 'Size of the sample.' }),
    mean: figure,
    sd: figure.meta({ description: 'Standard deviation of the sample (n - 1); null for fewer than two values.' }),
    min: figure.optional(),
    p50: figure.meta({ description: 'Quantiles interpolate linearly, as those of R and numpy do by default.' }),
    p95: figure,
    p99: figure,
    max: figure.optional(),
  })
  .meta({ id: 'Distribution' });

/** A distribution in a larger unit: `unit` is how many of the smaller make one. */
export function distributionOf(
  distribution: Omit<Distribution, 'min' | 'max'> & Partial<Pick<Distribution, 'min' | 'max'>>,
  unit: number,
): DistributionDocument {
  const scaled = (value: number | undefined): number | null => (value === undefined ? null : value / unit);
  return {
    n: distribution.n,
    mean: scaled(distribution.mean),
    sd: scaled(distribution.sd),
    ...('min' in distribution ? { min: scaled(distribution.min) } : {}),
    p50: scaled(distribution.p50),
    p95: scaled(distribution.p95),
    p99: scaled(distribution.p99),
    ...('max' in distribution ? { max: scaled(distribution.max) } : {}),
  };
}

/** `2026-11-21T12:00:00.000Z` */
export function isoOf(us: number): string {
  return new Date(us / 1000).toISOString();
}

export const timeSchema: z.ZodType<string> = z.iso.datetime();

/** Part by part, null where there is nothing to divide by. */
export function quotient(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
