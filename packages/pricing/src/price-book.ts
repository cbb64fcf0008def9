// In: a call's names, time and usage. Out: what it cost, whose price that is, and everything that was assumed.
// Refused at start: overrides that contradict each other. Refused later: nothing; a call that cannot be priced is `unpriced`.
import { createHash } from 'node:crypto';
import { bundledSnapshot } from './bundled-snapshot.ts';
import type { Cost } from './cost.ts';
import { describePrice, type PriceDescription } from './describe-price.ts';
import { createModelFinder } from './find-model.ts';
import { refuseConflicts } from './override-rank.ts';
import type { PriceOverride } from './override.ts';
import { parseOverrides } from './parse-override.ts';
import { priceCall } from './price-call.ts';
import type { PriceRequest } from './price-request.ts';
import { ResolutionCache } from './resolution-cache.ts';
import { cardAt, resolve, type Resolution, type ResolutionNames } from './resolution.ts';
import type { PriceSnapshot } from './snapshot.ts';

/** What a price book is made of. */
export interface PriceBookOptions {
  /**
   * The operator's own prices; they go before everybody else's. Checked as a whole: pass configuration as it was read.
   *
   * @defaultValue none
   */
  readonly overrides?: readonly PriceOverride[] | undefined;
  /**
   * The price list.
   *
   * @defaultValue the one of the installed `@pydantic/genai-prices`
   */
  readonly snapshot?: PriceSnapshot | undefined;
  /**
   * Combinations of provider, model, service tier (and tenant, where overrides name it) whose price is remembered, at
   * least 1. Each takes 1 to 4 KB; up to twice as many are held.
   *
   * @defaultValue 8192
   */
  readonly cacheEntriesMax?: number | undefined;
}

/** Prices calls. Pure: the same request always costs the same with the same book. */
export interface PriceBook {
  /**
   * Names the prices and the rules: `genai-prices@0.1.8+91a9f7d8b018+r1`, followed by `+` and a hash of the overrides if
   * there are any. Stored with each cost, so that it can be explained and found again after a change of prices.
   */
  readonly version: string;
  /** The price list in use. */
  readonly snapshot: PriceSnapshot;
  /** What a call cost. Never throws. */
  price(request: PriceRequest): Cost;
  /** What a model costs, for people. */
  describe(model: string, options: DescribeOptions): PriceDescription;
}

/** For whom, with whom and when a price is asked. */
export interface DescribeOptions {
  /** Milliseconds since 1970 UTC. */
  readonly timeMs: number;
  readonly provider?: string | undefined;
  readonly tenant?: string | undefined;
  readonly region?: string | undefined;
  readonly serviceTier?: string | undefined;
}

const CACHE_ENTRIES_DEFAULT = 8192;

/**
 * Part of every book version. Raise it when the same prices come to mean something else: a change of arithmetic, of how names
 * are read, of aliases or of the factors of service tiers.
 */
const RULES_VERSION = 1;

/**
 * Makes a price book.
 *
 * @throws PricingError `override_invalid`, `override_conflict`
 */
export function createPriceBook(options: PriceBookOptions = {}): PriceBook {
  const snapshot = options.snapshot ?? bundledSnapshot();
  const overrides = parseOverrides(options.overrides ?? []);
  refuseConflicts(overrides);
  const sources = { findModel: createModelFinder(snapshot), overrides };
  const find = (names: ResolutionNames): Resolution => resolve(names, sources);
  const version = describeVersion(snapshot, options.overrides ?? []);
  const cache = new ResolutionCache({
    entriesMax: Math.max(1, options.cacheEntriesMax ?? CACHE_ENTRIES_DEFAULT),
    tenants: new Set(overrides.map(({ tenant }) => tenant).filter((tenant) => tenant !== undefined)),
    regions: new Set(overrides.map(({ region }) => region).filter((region) => region !== undefined)),
  });
  return {
    version,
    snapshot,
    price: (request) => priceCall(request, cardAt(cache.get(request, find), request.timeMs), version),
    describe: (model, { timeMs, ...names }) => describePrice(find({ ...names, model }), timeMs),
  };
}

function describeVersion(snapshot: PriceSnapshot, overrides: readonly PriceOverride[]): string {
  const prices = `${snapshot.label}+${snapshot.sha256.slice(0, 12)}+r${RULES_VERSION}`;
  return overrides.length === 0 ? prices : `${prices}+${hashOf(overrides)}`;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
