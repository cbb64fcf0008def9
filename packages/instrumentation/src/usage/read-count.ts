import { Problem } from './answer-facts.ts';
import type { Notes } from './notes.ts';

/** The largest count a row of the ledger holds (2^32 - 1). */
export const COUNT_MAX = 4_294_967_295;

/** Decimal digits only, with room for more than the largest count: `757`. */
const DIGITS = /^\s*\d{1,15}\s*$/;

/**
 * Reads a count. Text of digits counts too, as gateways write it. What cannot be a count is left out and noted, neither taken for 0
 * nor rounded. Absent is undefined, null, and empty text.
 */
export function readCount(value: unknown, notes: Notes): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const count = typeof value === 'number' ? value : numberOf(value);
  if (count >= 0 && count <= COUNT_MAX && Number.isInteger(count)) return count === 0 ? 0 : count;
  notes.add(problemOf(count));
  return undefined;
}

function numberOf(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && DIGITS.test(value) ? Number(value) : Number.NaN;
}

function problemOf(count: number): Problem {
  if (!Number.isFinite(count)) return Problem.UnreadableTokens;
  if (count < 0) return Problem.NegativeTokens;
  return count > COUNT_MAX ? Problem.AbsurdTokens : Problem.FractionalTokens;
}
