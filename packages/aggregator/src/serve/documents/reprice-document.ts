// What pricing history again changes (R39).

import { z } from 'zod';
import type { RepriceResult } from '../operations.ts';
import { type MoneyDocument, moneyOf, moneySchema } from './amounts.ts';

const count = z.number().int();
const text = z.string();

export interface RepriceDocument {
  readonly dry_run: boolean;
  readonly entries: number;
  readonly changed: number;
  readonly before: MoneyDocument;
  readonly after: MoneyDocument;
  readonly difference: MoneyDocument;
  readonly book_version: string;
  readonly models: readonly {
    readonly provider: string;
    readonly model: string;
    readonly entries: number;
    readonly before: MoneyDocument;
    readonly after: MoneyDocument;
  }[];
}

export const repriceSchema: z.ZodType<RepriceDocument> = z
  .object({
    dry_run: z.boolean(),
    entries: count.meta({ description: 'Entries that were looked at.' }),
    changed: count,
    before: moneySchema,
    after: moneySchema,
    difference: moneySchema,
    book_version: text,
    models: z
      .array(z.object({ provider: text, model: text, entries: count, before: moneySchema, after: moneySchema }))
      .readonly(),
  })
  .meta({ id: 'Repricing' });

export function repriceDocument(isDryRun: boolean, result: RepriceResult): RepriceDocument {
  return {
    dry_run: isDryRun,
    entries: result.entries,
    changed: result.changed,
    before: moneyOf(result.beforeNanoUsd),
    after: moneyOf(result.afterNanoUsd),
    difference: moneyOf(result.afterNanoUsd - result.beforeNanoUsd),
    book_version: result.bookVersion,
    models: result.models.map(({ provider, model, entries, beforeNanoUsd, afterNanoUsd }) => ({
      provider,
      model,
      entries,
      before: moneyOf(beforeNanoUsd),
      after: moneyOf(afterNanoUsd),
    })),
  };
}
