// Which override decides, when several fit a call. The order is total: two that could both decide the same thing for the same
// call are refused when the price book is made.
import { globMatches, globsIntersect, isLiteral, literalLength } from './glob.ts';
import type { CheckedCharge, CheckedOverride } from './override.ts';
import { PricingError, PricingErrorCode } from './pricing-error.ts';

/** A call as overrides see it. */
export interface OverrideSubject {
  readonly tenant: string | undefined;
  /** As telemetry has it and then as the price list has it, in lower case. */
  readonly providers: readonly string[];
  readonly region: string | undefined;
  /** As telemetry has them, with and without prefixes, in lower case, the most telling name first. */
  readonly models: readonly string[];
  /** As the price list has it, in lower case. */
  readonly listedModel: string | undefined;
}

/**
 * The overrides that fit a call at some time, the most specific first: by tenant, then provider, then region, then an exact
 * model, then the model pattern with most literal characters.
 */
export function rankOverrides(
  overrides: readonly CheckedOverride[],
  subject: OverrideSubject,
): readonly CheckedOverride[] {
  return overrides
    .map((override) => ({ override, place: modelPlace(override, subject) }))
    .filter(({ override, place }) => place >= 0 && fits(override, subject))
    .sort(
      (a, b) =>
        compareRank(a.override, b.override) ||
        providerPlace(a.override, subject) - providerPlace(b.override, subject) ||
        a.place - b.place,
    )
    .map(({ override }) => override);
}

/** The price an override has for a charge: the one whose name pattern is most specific. */
export function findCharge(override: CheckedOverride, kind: string, name: string): CheckedCharge | undefined {
  const lowerName = name.toLowerCase();
  return override.charges
    .filter((charge) => charge.kind === kind && globMatches(charge.name ?? '*', lowerName))
    .sort((a, b) => comparePattern(a.name, b.name))[0];
}

/**
 * Refuses overrides that could contradict each other.
 *
 * @throws PricingError `override_conflict`, with both names
 */
export function refuseConflicts(overrides: readonly CheckedOverride[]): void {
  for (const [place, override] of overrides.entries()) {
    refuseChargeConflict(override, override);
    for (const other of overrides.slice(place + 1)) {
      if (canMeet(override, other)) {
        refuseConflict(override, other);
      }
    }
  }
}

function refuseConflict(a: CheckedOverride, b: CheckedOverride): void {
  if (setsTokens(a) && setsTokens(b)) {
    throw conflict(a, b, 'the price of tokens');
  }
  const tier = [...a.serviceTiers.keys()].find((name) => b.serviceTiers.has(name));
  if (tier !== undefined) {
    throw conflict(a, b, `the factor of service tier "${tier}"`);
  }
  refuseChargeConflict(a, b);
}

function refuseChargeConflict(a: CheckedOverride, b: CheckedOverride): void {
  for (const charge of a.charges) {
    const other = b.charges.find(
      (candidate) =>
        candidate !== charge &&
        candidate.kind === charge.kind &&
        comparePattern(candidate.name, charge.name) === 0 &&
        globsIntersect(candidate.name ?? '*', charge.name ?? '*'),
    );
    if (other !== undefined) {
      throw conflict(a, b, `the price of ${charge.kind} ${charge.name ?? '*'}`);
    }
  }
}

function setsTokens(override: CheckedOverride): boolean {
  return override.rateTiers !== undefined || override.discount !== undefined;
}

function canMeet(a: CheckedOverride, b: CheckedOverride): boolean {
  return (
    compareRank(a, b) === 0 &&
    a.tenant === b.tenant &&
    a.provider === b.provider &&
    a.region === b.region &&
    a.fromMs < b.toMs &&
    b.fromMs < a.toMs &&
    globsIntersect(a.model ?? '*', b.model ?? '*')
  );
}

function fits(override: CheckedOverride, subject: OverrideSubject): boolean {
  return (
    (override.tenant === undefined || override.tenant === subject.tenant) &&
    (override.provider === undefined || subject.providers.includes(override.provider)) &&
    (override.region === undefined || override.region === subject.region)
  );
}

/** Which of the call's providers the override is for: whoever served it goes before whoever made the model. */
function providerPlace({ provider }: CheckedOverride, { providers }: OverrideSubject): number {
  return provider === undefined ? 0 : providers.indexOf(provider);
}

/** Whether the override means the name that telemetry has, and not only the entry of the price list it was taken for. */
export function meansReportedName({ model }: CheckedOverride, subject: OverrideSubject): boolean {
  return model === undefined || subject.models.some((name) => globMatches(model, name));
}

/** Which of the call's names fits the override's pattern; -1 if none. Without a pattern a call needs no name. */
function modelPlace({ model }: CheckedOverride, subject: OverrideSubject): number {
  if (model === undefined) {
    return 0;
  }
  const names = subject.listedModel === undefined ? subject.models : [...subject.models, subject.listedModel];
  return names.findIndex((name) => globMatches(model, name));
}

function compareRank(a: CheckedOverride, b: CheckedOverride): number {
  return (
    Number(b.tenant !== undefined) - Number(a.tenant !== undefined) ||
    Number(b.provider !== undefined) - Number(a.provider !== undefined) ||
    Number(b.region !== undefined) - Number(a.region !== undefined) ||
    comparePattern(a.model, b.model)
  );
}

/** Negative if the first pattern is the more specific one. */
function comparePattern(a: string | undefined, b: string | undefined): number {
  return patternRank(b) - patternRank(a);
}

function patternRank(pattern: string | undefined): number {
  if (pattern === undefined) {
    return -1;
  }
  // An exact name goes before every pattern; no pattern has that many literal characters.
  return literalLength(pattern) + (isLiteral(pattern) ? 1000 : 0);
}

function conflict(a: CheckedOverride, b: CheckedOverride, what: string): PricingError {
  const names = a === b ? `"${a.name}" says twice` : `"${a.name}" and "${b.name}" both say`;
  return new PricingError(
    PricingErrorCode.OverrideConflict,
    `price overrides contradict each other; expected that one of them is more specific or that their times do not overlap, ` +
      `received ${names} what ${what} is`,
  );
}
