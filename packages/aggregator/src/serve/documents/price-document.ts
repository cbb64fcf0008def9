// What a model costs, and whose price that is.

import type { PriceDescription } from '@turnmeter/pricing';
import { z } from 'zod';
import { timeSchema } from './amounts.ts';

const count = z.number().int();
const text = z.string();

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

export const priceSchema: z.ZodType<PriceDocument> = z
  .object({
    model: text,
    at: timeSchema,
    book_version: text,
    provider: text.nullable(),
    listed_model: text
      .nullable()
      .meta({ description: 'The price list’s name of the model; null if it does not know it.' }),
    source: text,
    price_id: text,
    effective_from: text.nullable(),
    effective_to: text.nullable(),
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
    charges: z
      .array(z.object({ kind: text, name: text.nullable(), usd: text, per: z.number(), source: text }))
      .readonly(),
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
      usd_per_million: Object.fromEntries(rates.map(({ bucket, usdPerMillion }) => [snakeCase(bucket), usdPerMillion])),
      assumptions: Object.fromEntries(
        rates.flatMap(({ bucket, assumption }) => (assumption === undefined ? [] : [[snakeCase(bucket), assumption]])),
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

/** `cacheRead` → `cache_read` */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
