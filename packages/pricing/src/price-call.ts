import { CostSource, CostStatus } from './cost-status.ts';
import { AMOUNT_MAX, NO_PARTS, type Cost } from './cost.ts';
import type { PriceCard } from './price-card.ts';
import { NO_CHARGES, priceCharges, type ChargesCost } from './price-charges.ts';
import type { Charge, PriceRequest, ReportedCost } from './price-request.ts';
import { priceTokens, type TokenCost } from './price-tokens.ts';
import { PROVIDER_CHARGE_KINDS } from './rate-sheet.ts';
import { mergeReasons, NO_REASONS, Reason, statusOf, withReason } from './reason.ts';
import { isAuthoritative, refuseReported, reportedNanoUsd, sourceOf } from './reported-cost.ts';
import { splitUsage, type SplitUsage } from './split-usage.ts';

const NO_CHARGE_LIST: readonly Charge[] = [];

// What has no output that could be missing.
const OUTPUTLESS_OPERATIONS: ReadonlySet<string> = new Set(['embeddings', 'embedding', 'rerank', 'retrieval']);

/** Prices a call with the card that applies to it. Never throws. */
export function priceCall(request: PriceRequest, card: PriceCard, bookVersion: string): Cost {
  const usage = splitUsage(request.usage);
  if (card.tokens !== undefined && isPlain(request, card, usage)) {
    const cost = priceTokens(card.tokens, usage);
    if (cost.reasons === NO_REASONS) {
      return {
        status: card.status,
        source: card.source,
        tokenNanoUsd: cost.nanoUsd,
        otherNanoUsd: 0,
        totalNanoUsd: cost.nanoUsd,
        parts: cost.parts,
        charges: NO_CHARGES.charges,
        priceId: cost.priceId,
        bookVersion,
        unpricedTokens: 0,
        reasons: card.reasons,
      };
    }
  }
  return composeCost(request, card, { usage, listed: priceByCard(request, card, usage), bookVersion });
}

/** All but a few calls: tokens only, all of them known, and nobody else claims to know the cost. */
function isPlain(request: PriceRequest, card: PriceCard, usage: SplitUsage): boolean {
  return (
    request.reported === undefined &&
    (request.charges === undefined || request.charges.length === 0) &&
    !card.hasRequestFee &&
    usage.inputKnown &&
    usage.outputKnown &&
    usage.reasons === NO_REASONS &&
    Number.isFinite(request.timeMs)
  );
}

/** The cost of a call's tokens, by whomever. */
interface TokenSide extends TokenCost {
  readonly source: CostSource;
  /** Whether the amount is a price, be it 0. */
  readonly isPriced: boolean;
}

function priceByCard(request: PriceRequest, card: PriceCard, usage: SplitUsage): TokenSide {
  const tokens = usage.inputTotal + usage.outputTotal;
  if (card.tokens === undefined) {
    return unpriced(tokens, mergeReasons(card.reasons, usage.reasons));
  }
  if (tokens === 0 && !usage.inputKnown && !usage.outputKnown) {
    return unpriced(0, mergeReasons([Reason.UsageMissing], usage.reasons));
  }
  const cost = priceTokens(card.tokens, usage);
  const isMissingPart =
    (!usage.inputKnown && card.tokens.isInputPriced) ||
    (!usage.outputKnown && card.tokens.isOutputPriced && !OUTPUTLESS_OPERATIONS.has(request.operation ?? ''));
  const hasTime = Number.isFinite(request.timeMs);
  let { reasons } = card;
  if (cost.reasons.length > 0 || usage.reasons.length > 0 || isMissingPart || !hasTime) {
    reasons = mergeReasons(mergeReasons(reasons, usage.reasons), cost.reasons);
    reasons = isMissingPart ? withReason(reasons, Reason.UsageMissingPart) : reasons;
    reasons = hasTime ? reasons : withReason(reasons, Reason.TimeInvalid);
  }
  if (tokens > 0 && cost.unpricedTokens === tokens) {
    return unpriced(tokens, reasons);
  }
  const { nanoUsd, parts, priceId, unpricedTokens } = cost;
  return { nanoUsd, parts, priceId, unpricedTokens, reasons, source: card.source, isPriced: true };
}

function unpriced(tokens: number, reasons: readonly Reason[]): TokenSide {
  return {
    nanoUsd: 0,
    parts: NO_PARTS,
    priceId: '',
    unpricedTokens: tokens,
    reasons,
    source: CostSource.None,
    isPriced: false,
  };
}

interface CostDraft {
  readonly usage: SplitUsage;
  readonly listed: TokenSide;
  readonly bookVersion: string;
}

/** The calls with charges, fees, reported costs, or without a price. */
function composeCost(request: PriceRequest, card: PriceCard, { usage, listed, bookVersion }: CostDraft): Cost {
  const charges = request.charges ?? NO_CHARGE_LIST;
  const isChargeOnly = hasOnlyCharges(request, card, usage);
  const { side, claim, note } = isChargeOnly ? claimOnly(request.reported) : choose(request.reported, listed, usage);
  const isReported = side !== undefined && side !== listed;
  const other = priceCharges(card, charges, !isChargeOnly);
  const kept = isReported && side.source !== CostSource.ClientTable ? withoutIncluded(other) : other;
  const total = (side?.nanoUsd ?? 0) + kept.nanoUsd;
  if (total > AMOUNT_MAX) {
    return outOfRange(usage, bookVersion, request.reported);
  }
  const noted = mergeReasons(mergeReasons(side?.reasons ?? NO_REASONS, kept.reasons), note);
  const isNothing = side === undefined && kept.pricedCount === 0 && statusOf(noted) === CostStatus.Exact;
  const reasons = isNothing ? withReason(noted, Reason.NothingToPrice) : noted;
  const firstCharge = kept.charges.find(({ source }) => source !== CostSource.None);
  return {
    status: combineStatus(side, kept, reasons, isNothing),
    source: (side?.isPriced === true ? side.source : firstCharge?.source) ?? CostSource.None,
    tokenNanoUsd: side?.nanoUsd ?? 0,
    otherNanoUsd: kept.nanoUsd,
    totalNanoUsd: total,
    parts: side?.parts ?? NO_PARTS,
    charges: kept.charges,
    priceId: (side?.isPriced === true ? side.priceId : firstCharge?.priceId) ?? '',
    bookVersion,
    unpricedTokens: side?.unpricedTokens ?? 0,
    reasons,
    ...(claim === undefined ? {} : { claim }),
  };
}

function combineStatus(
  side: TokenSide | undefined,
  other: ChargesCost,
  reasons: readonly Reason[],
  isNothing: boolean,
): CostStatus {
  const hasPrice = side?.isPriced === true || other.pricedCount > 0 || isNothing;
  // Why a side has no price is always a gap among the reasons, so a price beside it makes the cost partial.
  return hasPrice ? statusOf(reasons) : CostStatus.Unpriced;
}

/** A tool call, or a call billed by the second or page: nobody expects tokens there. */
function hasOnlyCharges(request: PriceRequest, card: PriceCard, usage: SplitUsage): boolean {
  const hasUsage = usage.inputKnown || usage.outputKnown || usage.inputTotal + usage.outputTotal > 0;
  if (hasUsage || request.charges === undefined || request.charges.length === 0) {
    return false;
  }
  const isNamed = [request.responseModel, request.model, request.requestModel].some((name) => name?.trim());
  return !isNamed || (card.tokens === undefined && card.listed.units.size > 0);
}

interface Choice {
  /** Whose cost of tokens counts; undefined where none are expected. */
  readonly side: TokenSide | undefined;
  readonly claim: ReportedCost | undefined;
  readonly note: readonly Reason[];
}

function claimOnly(reported: ReportedCost | undefined): Choice {
  const nanoUsd = reported && refuseReported(reported, 0) === undefined ? reportedNanoUsd(reported) : undefined;
  return reported === undefined || nanoUsd === undefined
    ? { side: undefined, claim: reported, note: NO_REASONS }
    : { side: reportedSide(reported, nanoUsd, NO_REASONS), claim: undefined, note: NO_REASONS };
}

/** Operator's override › reported by a provider or gateway › price list › a client's table › unpriced. */
function choose(reported: ReportedCost | undefined, listed: TokenSide, usage: SplitUsage): Choice {
  if (reported === undefined) {
    return { side: listed, claim: undefined, note: NO_REASONS };
  }
  const refusal = refuseReported(reported, usage.inputTotal + usage.outputTotal);
  const nanoUsd = reportedNanoUsd(reported);
  if (refusal !== undefined || nanoUsd === undefined) {
    return { side: listed, claim: reported, note: refusal === undefined ? NO_REASONS : [refusal] };
  }
  const isOwn = listed.isPriced && listed.source === CostSource.Override;
  if (isAuthoritative(reported) && !isOwn) {
    return { side: reportedSide(reported, nanoUsd, NO_REASONS), claim: undefined, note: NO_REASONS };
  }
  if (listed.isPriced) {
    return { side: listed, claim: reported, note: NO_REASONS };
  }
  return { side: reportedSide(reported, nanoUsd, [Reason.ClientTableClaim]), claim: undefined, note: NO_REASONS };
}

function reportedSide(reported: ReportedCost, nanoUsd: number, reasons: readonly Reason[]): TokenSide {
  const priceId = `reported:${reported.source}`;
  return { nanoUsd, parts: NO_PARTS, priceId, unpricedTokens: 0, reasons, source: sourceOf(reported), isPriced: true };
}

/** What a provider or gateway reports includes its own fees; only the operator's prices and other people's tools come on top. */
function withoutIncluded(other: ChargesCost): ChargesCost {
  const charges = other.charges.filter(
    ({ kind, source }) => source === CostSource.Override || !PROVIDER_CHARGE_KINDS.has(kind),
  );
  const isUnpriced = charges.some(({ kind, source }) => source === CostSource.None && kind !== 'tool_call');
  return {
    nanoUsd: charges.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
    charges,
    pricedCount: charges.filter(({ source }) => source !== CostSource.None).length,
    reasons: isUnpriced ? [Reason.NoChargePrice] : NO_REASONS,
  };
}

function outOfRange(usage: SplitUsage, bookVersion: string, claim: ReportedCost | undefined): Cost {
  return {
    status: CostStatus.Unpriced,
    source: CostSource.None,
    tokenNanoUsd: 0,
    otherNanoUsd: 0,
    totalNanoUsd: 0,
    parts: NO_PARTS,
    charges: NO_CHARGES.charges,
    priceId: '',
    bookVersion,
    unpricedTokens: usage.inputTotal + usage.outputTotal,
    reasons: [Reason.AmountOutOfRange],
    ...(claim === undefined ? {} : { claim }),
  };
}
