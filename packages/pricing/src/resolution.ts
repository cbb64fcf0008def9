// In: who made a call, to whom, for what model. Out: the cards for every time there is, made when a call needs them.
import type { FindModel, FoundModel } from './find-model.ts';
import { normalizeModelName, splitPrefix } from './model-name.ts';
import { rankOverrides, type OverrideSubject } from './override-rank.ts';
import type { CheckedOverride } from './override.ts';
import { compileCard, type CardContext, type PriceCard } from './price-card.ts';
import type { PriceRequest } from './price-request.ts';
import { canonicalProvider } from './provider.ts';
import type { Reason } from './reason.ts';
import { normalizeServiceTier } from './service-tier.ts';
import type { BookPeriod, HoursOfDay } from './snapshot.ts';

/** What tells kinds of calls apart. */
export type ResolutionNames = Pick<
  PriceRequest,
  'provider' | 'responseModel' | 'model' | 'requestModel' | 'serviceTier' | 'tenant' | 'region'
>;

/** All cards for calls of one kind. */
export interface Resolution {
  readonly context: CardContext;
  /** Everything that fits at some time, the most specific first. */
  readonly overrides: readonly CheckedOverride[];
  /** Half-open spans of time; each ends where the next one starts, the last one never. */
  readonly first: Slice;
  /** In ascending order; most kinds of calls have only ever had one price. */
  readonly later: readonly Slice[];
}

/** A span of time in which the same prices apply every day. */
interface Slice {
  readonly fromMs: number;
  /** Filled when first needed: an operator may have hundreds of dates. */
  cards: SliceCards | undefined;
}

interface SliceCards {
  /** The first one that applies counts. */
  readonly timed: readonly { readonly hours: HoursOfDay; readonly card: PriceCard }[];
  /** What applies in all other hours. */
  readonly always: PriceCard;
}

const DAY_SECONDS = 86_400;

/** Finds what prices a kind of call. */
export function resolve(
  request: ResolutionNames,
  book: { readonly findModel: FindModel; readonly overrides: readonly CheckedOverride[] },
): Resolution {
  const found = book.findModel(request);
  const subject = describeSubject(request, found);
  const overrides = rankOverrides(book.overrides, subject);
  const periods = typeof found === 'string' ? [] : found.model.periods;
  const boundaries = [
    ...periods.map(({ fromMs }) => fromMs ?? -Infinity),
    ...overrides.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ].filter(Number.isFinite);
  const starts = [...new Set(boundaries)].sort((a, b) => a - b);
  return {
    context: { found, subject, serviceTier: normalizeServiceTier(request.serviceTier) },
    overrides,
    first: { fromMs: -Infinity, cards: undefined },
    later: starts.map((fromMs) => ({ fromMs, cards: undefined })),
  };
}

/** The card for a call at a time. A time that is none gets the latest. */
export function cardAt(resolution: Resolution, timeMs: number): PriceCard {
  const slice = sliceAt(resolution, timeMs);
  slice.cards ??= compileSlice(resolution, slice.fromMs);
  return slice.cards.timed.length === 0 ? slice.cards.always : findByHour(slice.cards, timeMs);
}

/** The span of time around a moment in which nothing changes, whatever the hour. */
export function sliceBounds(
  resolution: Resolution,
  timeMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const slice = sliceAt(resolution, timeMs);
  const next = resolution.later.find(({ fromMs }) => fromMs > slice.fromMs);
  return { fromMs: slice.fromMs, toMs: next?.fromMs ?? Infinity };
}

/** The slice of a time; the latest for a time that is none. */
function sliceAt({ first, later }: Resolution, timeMs: number): Slice {
  let slice = first;
  for (const next of later) {
    if (next.fromMs > timeMs) {
      break;
    }
    slice = next;
  }
  return slice;
}

function compileSlice({ context, overrides }: Resolution, fromMs: number): SliceCards {
  const active = overrides.filter((override) => override.fromMs <= fromMs && fromMs < override.toMs);
  const periods = typeof context.found === 'string' ? [] : context.found.model.periods;
  const { timed, always } = periodsFrom(periods, fromMs);
  return {
    timed: timed.map(({ hours, period }) => ({ hours, card: compileCard(context, period, active) })),
    always: compileCard(context, always, active),
  };
}

interface SlicePeriods {
  readonly timed: readonly { readonly hours: HoursOfDay; readonly period: BookPeriod }[];
  readonly always: BookPeriod | undefined;
}

/** The periods that can apply in a slice: the list's last one that applies counts, its first one if none does. */
function periodsFrom(periods: readonly BookPeriod[], sliceMs: number): SlicePeriods {
  const timed: { readonly hours: HoursOfDay; readonly period: BookPeriod }[] = [];
  for (const period of periods.toReversed()) {
    if (period.hours !== undefined) {
      timed.push({ hours: period.hours, period });
    } else if (period.fromMs === undefined || period.fromMs <= sliceMs) {
      return { timed, always: period };
    }
  }
  return { timed, always: periods[0] };
}

function findByHour({ timed, always }: SliceCards, timeMs: number): PriceCard {
  const second = (((timeMs / 1000) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  return timed.find(({ hours }) => isWithin(hours, second))?.card ?? always;
}

function isWithin({ startSecond, endSecond }: HoursOfDay, second: number): boolean {
  return endSecond < startSecond
    ? second >= startSecond || second < endSecond
    : second >= startSecond && second < endSecond;
}

function describeSubject(request: ResolutionNames, found: FoundModel | Reason): OverrideSubject {
  const names = [request.responseModel, request.model, request.requestModel].filter((name) => name?.trim());
  const models = names.flatMap((name) => {
    const normalized = normalizeModelName(name ?? '');
    return [name?.trim().toLowerCase() ?? '', normalized, splitPrefix(normalized)?.rest ?? normalized];
  });
  const reported = request.provider === undefined ? [] : [request.provider.trim().toLowerCase()];
  const providers = [...reported, ...reported.map(canonicalProvider)];
  return {
    tenant: request.tenant,
    providers: typeof found === 'string' ? providers : [...providers, found.provider.id],
    region: request.region,
    models: [...new Set(models)].filter((model) => model !== ''),
    listedModel: typeof found === 'string' ? undefined : found.model.id.toLowerCase(),
  };
}
