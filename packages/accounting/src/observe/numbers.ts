// Reads numbers the way producers write them: integers, doubles, and text that holds either.

import type { AttributeValue } from '../record/record.ts';

/** More tokens than any call or any year of calls can have (2^40): a larger figure is a fault of the producer. */
export const TOKENS_MAX: number = 2 ** 40;

/** What reading a count can find wrong; each is a note on the observation. */
export type CountFault = 'unreadable_tokens' | 'negative_tokens' | 'absurd_tokens' | 'fractional_tokens';

export interface Count {
  readonly value: number | undefined;
  readonly fault: CountFault | undefined;
}

/**
 * Reads a token count. Text counts too (`"757"`, Codex). What cannot be a count is reported and not taken for 0: NaN, infinities and
 * words give no value; a negative number gives 0; a fraction is cut; what passes {@link TOKENS_MAX} gives no value.
 */
export function readCount(raw: AttributeValue | undefined): Count {
  if (raw === undefined || raw === null || raw === '') return NOTHING;
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw) : Number.NaN;
  if (!Number.isFinite(value)) return { value: undefined, fault: 'unreadable_tokens' };
  if (value < 0) return { value: 0, fault: 'negative_tokens' };
  if (value > TOKENS_MAX) return { value: undefined, fault: 'absurd_tokens' };
  if (!Number.isInteger(value)) return { value: Math.floor(value), fault: 'fractional_tokens' };
  return { value, fault: undefined };
}

const NOTHING: Count = { value: undefined, fault: undefined };

/** Decimal text, quoted or not, with or without thousands separators: `757`, `"757"`, `1,024`, `1e3`. */
function parseNumber(text: string): number {
  const match = /^"?\s*([+-]?\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*"?$/i.exec(text.slice(0, 40));
  return match?.[1] === undefined ? Number.NaN : Number(match[1].replaceAll(/[,_]/g, ''));
}

/** US dollars as a producer writes them (number or text) to integer nano-USD; undefined unless finite and not negative. */
export function readUsd(raw: AttributeValue | undefined): number | undefined {
  const usd =
    typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw.replace(/^\$/, '')) : Number.NaN;
  // A single call of a million dollars is a fault, and keeps sums inside the exact integers.
  return Number.isFinite(usd) && usd >= 0 && usd < 1e6 ? Math.round(usd * 1e9) : undefined;
}
