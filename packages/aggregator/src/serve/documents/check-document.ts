// What an audit found.

import { z } from 'zod';
import type { CheckResult } from '../../query/check.ts';

const text = z.string();

export interface CheckResultDocument {
  readonly name: string;
  readonly description: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
  readonly milliseconds: number;
}

export interface CheckDocument {
  readonly ok: boolean;
  readonly checks: readonly CheckResultDocument[];
}

export const checkResultSchema: z.ZodType<CheckResultDocument> = z
  .object({
    name: text,
    description: text,
    expected: text.meta({ description: 'A number of faults, or a fingerprint of many sums.' }),
    found: text,
    ok: z.boolean(),
    milliseconds: z.number(),
  })
  .meta({ id: 'CheckResult' });

export const checkSchema: z.ZodType<CheckDocument> = z
  .object({ ok: z.boolean(), checks: z.array(checkResultSchema).readonly() })
  .meta({ id: 'Check' });

export function checkResultDocument({ isOk, milliseconds, ...result }: CheckResult): CheckResultDocument {
  return { ...result, ok: isOk, milliseconds: Math.round(milliseconds * 10) / 10 };
}
