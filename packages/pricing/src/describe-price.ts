import { CostSource } from './cost-status.ts';
import { formatUsd } from './money.ts';
import type { PriceCard } from './price-card.ts';
import type { CardTier, TokenRate } from './rate-card.ts';
import type { Reason } from './reason.ts';
import { cardAt, sliceBounds, type Resolution } from './resolution.ts';
import { tierFactor, tiersOf } from './service-tier.ts';
import { TOKEN_BUCKETS, type TokenBucket } from './usage.ts';

/** What a model costs, for people. */
export interface PriceDescription {
  /** The price list's id of who serves the model; undefined if it does not know. */
  readonly provider: string | undefined;
  /** The price list's name of the model; undefined if it does not know. */
  readonly model: string | undefined;
  readonly source: CostSource;
  readonly priceId: string;
  /** ISO 8601; undefined if it has always been so. */
  readonly effectiveFrom: string | undefined;
  /** ISO 8601, exclusive; undefined if no change is known. */
  readonly effectiveTo: string | undefined;
  /** By the size of the input, ascending; empty if tokens have no price. */
  readonly tiers: readonly TierDescription[];
  /** Prices of what is not a token. */
  readonly charges: readonly ChargeDescription[];
  /** What other service tiers make of the rates. */
  readonly serviceTiers: readonly ServiceTierDescription[];
  /** What is assumed for every call, or why there is no price. */
  readonly reasons: readonly Reason[];
}

/** Rates for calls with more input tokens than a limit. */
export interface TierDescription {
  /** 0 for the first tier, which applies from the first token. */
  readonly aboveInputTokens: number;
  readonly priceId: string;
  readonly rates: readonly RateDescription[];
}

/** The rate of one bucket. */
export interface RateDescription {
  readonly bucket: TokenBucket;
  /** A decimal without rounding. */
  readonly usdPerMillion: string;
  /** Why this rate is an assumption, if it is one. */
  readonly assumption: Reason | undefined;
}

/** The price of something that is not a token. */
export interface ChargeDescription {
  readonly kind: string;
  /** The pattern of names it applies to, if there is one. */
  readonly name: string | undefined;
  readonly usd: string;
  /** For so many units. */
  readonly per: number;
  readonly source: CostSource;
}

/** The factor of a service tier. */
export interface ServiceTierDescription {
  readonly tier: string;
  readonly factor: number;
  /** Whether the provider publishes it. */
  readonly isPublished: boolean;
}

// Everybody asks what caching costs; other buckets are shown where they differ from their whole.
const CACHE_BUCKETS: ReadonlySet<TokenBucket> = new Set(['cacheRead', 'cacheWrite']);

/** Describes what a kind of call costs at a time. */
export function describePrice(resolution: Resolution, timeMs: number): PriceDescription {
  const { found } = resolution.context;
  const entry = typeof found === 'string' ? undefined : found;
  const card = cardAt(resolution, timeMs);
  const { fromMs, toMs } = sliceBounds(resolution, timeMs);
  return {
    provider: entry?.provider.id,
    model: entry?.model.id,
    source: card.tokens === undefined ? CostSource.None : card.source,
    priceId: card.tokens?.first.priceId ?? '',
    effectiveFrom: isoOrUndefined(fromMs),
    effectiveTo: isoOrUndefined(toMs),
    tiers: describeTiers(card),
    charges: describeCharges(card),
    serviceTiers: entry === undefined ? [] : describeServiceTiers(entry.provider.id, entry.model.id, card),
    reasons: card.reasons,
  };
}

function describeTiers({ tokens }: PriceCard): readonly TierDescription[] {
  if (tokens === undefined) {
    return [];
  }
  return [tokens.first, ...(tokens.higher ?? [])].map((tier: CardTier) => ({
    aboveInputTokens: Math.max(0, tier.aboveInputTokens),
    priceId: tier.priceId,
    rates: TOKEN_BUCKETS.flatMap((bucket) => {
      const rate = tier.rates[bucket];
      const isShown = tokens.listed.has(bucket) || CACHE_BUCKETS.has(bucket);
      return rate === undefined || !isShown
        ? []
        : [{ bucket, usdPerMillion: formatRate(rate), assumption: tokens.notes[bucket] }];
    }),
  }));
}

function formatRate({ whole, millionths }: TokenRate): string {
  return formatUsd(BigInt(whole) * 1_000_000n + BigInt(millionths));
}

function describeCharges(card: PriceCard): readonly ChargeDescription[] {
  const own = card.overrides.flatMap(({ charges }) =>
    charges.map(({ kind, name, nanoUsd }) => ({
      kind,
      name,
      usd: formatUsd(nanoUsd),
      per: 1,
      source: CostSource.Override,
    })),
  );
  const { units, source } = card.listed;
  const listed = [...units].map(([kind, { nanoUsd, per }]) => ({
    kind,
    name: undefined,
    usd: formatUsd(nanoUsd),
    per,
    source,
  }));
  return [...own, ...listed];
}

function describeServiceTiers(providerId: string, modelId: string, card: PriceCard): readonly ServiceTierDescription[] {
  const own = new Map(card.overrides.toReversed().flatMap(({ serviceTiers }) => [...serviceTiers]));
  return [...new Set([...own.keys(), ...tiersOf(providerId)])].map((tier) => {
    const ratio = own.get(tier);
    const factor = ratio === undefined ? tierFactor(tier, providerId, modelId) : { ratio, isPublished: true };
    return {
      tier,
      factor: Number(factor.ratio.numerator) / Number(factor.ratio.denominator),
      isPublished: factor.isPublished,
    };
  });
}

function isoOrUndefined(timeMs: number): string | undefined {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : undefined;
}
