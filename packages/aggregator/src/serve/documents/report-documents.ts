// Answers about many sessions at once: totals, producers, checks, prices, repricing.

import type { PriceDescription } from '@turnmeter/pricing';
import { z } from 'zod';
import type { CheckResult } from '../../query/check.ts';
import type { ProducerRow } from '../../query/producers.ts';
import type { Sums } from '../../query/sums.ts';
import type { Totals, TotalsQuery } from '../../query/totals.ts';
import type { RepriceResult } from '../operations.ts';
import {
  isoOf,
  type MoneyDocument,
  moneyOf,
  moneySchema,
  timeSchema,
  type TokensDocument,
  tokensOf,
  tokensSchema,
} from './amounts.ts';

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

interface ProducerDocument {
  readonly profile: string;
  readonly role: string;
  readonly service: string;
  readonly signal: string;
  readonly recognized: boolean;
  readonly records: number;
  readonly with_usage: number;
  readonly missing_usage: number;
  readonly estimated_usage: number;
  readonly notes: Readonly<Record<string, number>>;
  readonly operations: readonly string[];
  readonly scopes: readonly string[];
  readonly first_seen_at: string;
  readonly last_seen_at: string;
}

export interface ProducersDocument {
  readonly from: string;
  readonly producers: readonly ProducerDocument[];
}

export const producersSchema: z.ZodType<ProducersDocument> = z
  .object({
    from: z.iso.date(),
    producers: z
      .array(
        z.object({
          profile: text,
          role: text,
          service: text,
          signal: text,
          recognized: z
            .boolean()
            .meta({ description: 'False where the records only link others, or nobody could tell what they are.' }),
          records: count,
          with_usage: count,
          missing_usage: count.meta({ description: 'Model calls without readable usage.' }),
          estimated_usage: count,
          notes: z.record(z.string(), count),
          operations: z.array(text).readonly().meta({ description: 'A few, as hints.' }),
          scopes: z.array(text).readonly().meta({ description: 'A few, as hints.' }),
          first_seen_at: timeSchema,
          last_seen_at: timeSchema,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Producers' });

/** What says nothing by itself, or was not understood. */
const UNRECOGNIZED_ROLES: ReadonlySet<string> = new Set(['lineage', 'undecided']);

export function producersDocument(firstDay: string, rows: readonly ProducerRow[]): ProducersDocument {
  return {
    from: firstDay,
    producers: rows.map(({ first_us, last_us, notes, ...row }) => ({
      ...row,
      recognized: !UNRECOGNIZED_ROLES.has(row.role),
      notes: Object.fromEntries(notes),
      first_seen_at: isoOf(first_us),
      last_seen_at: isoOf(last_us),
    })),
  };
}

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

export const checkSchema: z.ZodType<CheckDocument> = z
  .object({
    ok: z.boolean(),
    checks: z
      .array(
        z.object({
          name: text,
          description: text,
          expected: text.meta({ description: 'A number of faults, or a fingerprint of many sums.' }),
          found: text,
          ok: z.boolean(),
          milliseconds: z.number(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Check' });

export function checkResultDocument({ isOk, milliseconds, ...result }: CheckResult): CheckResultDocument {
  return { ...result, ok: isOk, milliseconds: Math.round(milliseconds * 10) / 10 };
}

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

export interface PriceDocument {
  readonly model: string;
  readonly at: string;
  readonly book_version: string;
  readonly provider: string | null;
  readonly listed_model: string | null;
  readonly source: string;
  readonly price_id: string;
  readonly effective_from: string | null;
  readonly effective_to: string | null;
  readonly tiers: readonly {
    readonly above_input_tokens: number;
    readonly price_id: string;
    readonly usd_per_million: Readonly<Record<string, string>>;
    readonly assumptions: Readonly<Record<string, string>>;
  }[];
  readonly charges: readonly {
    readonly kind: string;
    readonly name: string | null;
    readonly usd: string;
    readonly per: number;
    readonly source: string;
  }[];
  readonly service_tiers: readonly { readonly tier: string; readonly factor: number; readonly is_published: boolean }[];
  readonly reasons: readonly string[];
}

const name = text.nullable();

export const priceSchema: z.ZodType<PriceDocument> = z
  .object({
    model: text,
    at: timeSchema,
    book_version: text,
    provider: name,
    listed_model: name.meta({ description: 'The price list’s name of the model; null if it does not know it.' }),
    source: text,
    price_id: text,
    effective_from: name,
    effective_to: name,
    tiers: z
      .array(
        z.object({
          above_input_tokens: count,
          price_id: text,
          usd_per_million: z.record(z.string(), text),
          assumptions: z.record(z.string(), text),
        }),
      )
      .readonly(),
    charges: z.array(z.object({ kind: text, name, usd: text, per: z.number(), source: text })).readonly(),
    service_tiers: z.array(z.object({ tier: text, factor: z.number(), is_published: z.boolean() })).readonly(),
    reasons: z.array(text).readonly(),
  })
  .meta({ id: 'Price' });

export function priceDocument(
  asked: { readonly model: string; readonly timeMs: number; readonly bookVersion: string },
  price: PriceDescription,
): PriceDocument {
  return {
    model: asked.model,
    at: new Date(asked.timeMs).toISOString(),
    book_version: asked.bookVersion,
    provider: price.provider ?? null,
    listed_model: price.model ?? null,
    source: price.source,
    price_id: price.priceId,
    effective_from: price.effectiveFrom ?? null,
    effective_to: price.effectiveTo ?? null,
    tiers: price.tiers.map(({ aboveInputTokens, priceId, rates }) => ({
      above_input_tokens: aboveInputTokens,
      price_id: priceId,
      usd_per_million: Object.fromEntries(rates.map(({ bucket, usdPerMillion }) => [bucket, usdPerMillion])),
      assumptions: Object.fromEntries(
        rates.flatMap(({ bucket, assumption }) => (assumption === undefined ? [] : [[bucket, assumption]])),
      ),
    })),
    charges: price.charges.map(({ kind, name: pattern, usd, per, source }) => ({
      kind,
      name: pattern ?? null,
      usd,
      per,
      source,
    })),
    service_tiers: price.serviceTiers.map(({ tier, factor, isPublished }) => ({
      tier,
      factor,
      is_published: isPublished,
    })),
    reasons: price.reasons,
  };
}
