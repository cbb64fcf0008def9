// A tenant's sums over days.

import { z } from 'zod';
import type { Sums } from '../../query/sums.ts';
import type { Totals, TotalsQuery } from '../../query/totals.ts';
import { type MoneyDocument, moneyOf, moneySchema, type TokensDocument, tokensOf, tokensSchema } from './amounts.ts';

const count = z.number().int();
const text = z.string();

interface TotalDocument {
  readonly inferences: number;
  readonly turns: number;
  readonly tool_calls: number;
  readonly errors: number;
  readonly tokens: TokensDocument;
  readonly cost: MoneyDocument;
  readonly unpriced_tokens: number;
}

export interface TotalsDocument {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly total: TotalDocument;
  readonly groups: readonly (TotalDocument & { readonly name: string })[];
  readonly is_truncated: boolean;
}

const totalShape = {
  inferences: count,
  turns: count.meta({ description: 'Turns as they were booked; a session joins those around a tool step.' }),
  tool_calls: count,
  errors: count,
  tokens: tokensSchema,
  cost: moneySchema,
  unpriced_tokens: count,
};

export const totalsSchema: z.ZodType<TotalsDocument> = z
  .object({
    from: z.iso.date(),
    to: z.iso.date().meta({ description: 'The last day, which is included.' }),
    by: text,
    total: z.object(totalShape),
    groups: z.array(z.object({ name: text, ...totalShape })).readonly(),
    is_truncated: z.boolean(),
  })
  .meta({ id: 'Totals' });

export function totalsDocument(query: TotalsQuery, { total, groups, isTruncated }: Totals): TotalsDocument {
  return {
    from: query.firstDay,
    to: query.lastDay,
    by: query.by,
    total: totalDocument(total),
    groups: groups.map(({ name, sums }) => ({ name, ...totalDocument(sums) })),
    is_truncated: isTruncated,
  };
}

function totalDocument(sums: Sums): TotalDocument {
  return {
    inferences: sums.inferences,
    turns: sums.turns,
    tool_calls: sums.tool_calls,
    errors: sums.errors,
    tokens: tokensOf(sums),
    cost: moneyOf(sums.cost_nano_usd),
    unpriced_tokens: sums.unpriced_tokens,
  };
}
