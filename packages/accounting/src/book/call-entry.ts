// One model call, put together from all records of it: numbers from the one nearest the wire, identity from whoever knows.

import { Grain, type Observation, Role, type Usage, UsageSource } from '../observe/observation.ts';
import { type Entry, EntryKind, Reason } from './entry.ts';
import { addUsage, type EntryDraft } from './entry-draft.ts';
import { byKey, type TraceNode } from './trace.ts';
import { isGateway } from './views.ts';

/**
 * The record of a call that counts, or undefined when none does: a gateway's cache answered and nobody was billed, or the only
 * record wraps calls that count themselves.
 */
export function findPrimary(members: readonly TraceNode[]): TraceNode | undefined {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return isCountable(only) ? only : undefined;
  const gateways = members.filter(({ observation }) => observation !== undefined && isGateway(observation));
  if (gateways.length > 0 && gateways.every(({ observation }) => observation?.grain === Grain.CACHE_HIT))
    return undefined;
  return members.filter(isCountable).toSorted(byTrust)[0];
}

function isCountable({ observation, isCovered }: TraceNode): boolean {
  return observation?.grain === Grain.CALL && !isCovered;
}

/** Best numbers first: any before none, the provider's before a tokenizer's, nearest the wire, innermost. */
function byTrust(a: TraceNode, b: TraceNode): number {
  const left = a.observation;
  const right = b.observation;
  if (left === undefined || right === undefined) return 0;
  return (
    Number(left.usage === undefined) - Number(right.usage === undefined) ||
    Number(left.usageSource === UsageSource.ESTIMATED) - Number(right.usageSource === UsageSource.ESTIMATED) ||
    left.wireDistance - right.wireDistance ||
    b.context.depth - a.context.depth ||
    byKey(a, b)
  );
}

/** Makes an entry the call's, booked for its primary record. `others` are the observations of its other records. */
export function fillCall(entry: EntryDraft, primary: Observation, others: readonly Observation[]): Entry {
  const usage = others.length === 0 ? primary.usage : mergeUsage(primary.usage, others);
  const hasFailed = primary.error !== '' || (usage === undefined && others.some(({ error }) => error !== ''));
  addUsage(entry, usage);
  entry.kind = KIND_OF_ROLE[primary.role] ?? EntryKind.INFERENCE;
  entry.reason = usage === undefined ? Reason.CALL_WITHOUT_USAGE : Reason.CALL;
  entry.inferences = primary.calls;
  entry.usageSource = usage !== undefined ? primary.usageSource : sourceWithoutUsage(primary, hasFailed);
  entry.claim = primary.claim;
  entry.charges = primary.charges;
  entry.timeToFirstTokenUs = primary.timeToFirstTokenUs;
  entry.errors = hasFailed ? 1 : 0;
  entry.error = hasFailed ? primary.error : '';
  if (others.length > 0) fillFromCopies(entry, primary, others);
  return entry;
}

/** A call that failed used nothing, unless its own record knows that an answer had begun. */
function sourceWithoutUsage({ error, usageSource }: Observation, hasFailed: boolean): UsageSource {
  const isCutOff = error !== '' && usageSource === UsageSource.MISSING;
  return hasFailed && !isCutOff ? UsageSource.NONE : UsageSource.MISSING;
}

/** Adds what only the copies know. */
function fillFromCopies(entry: EntryDraft, primary: Observation, others: readonly Observation[]): void {
  const said = [primary, ...others];
  const named = said.toSorted(byModelName)[0] ?? primary;
  entry.model = named.model;
  entry.provider = named.provider !== '' ? named.provider : firstText(said, 'provider');
  entry.requestModel = firstText(said, 'requestModel');
  entry.serviceTier = firstText(said, 'serviceTier');
  entry.claim = findClaim(said);
  entry.charges = said.find(({ charges }) => charges.length > 0)?.charges ?? [];
  entry.timeToFirstTokenUs = Math.max(...said.map(({ timeToFirstTokenUs }) => timeToFirstTokenUs));
  if (entry.errors > 0) entry.error = firstText(said, 'error');
}

const KIND_OF_ROLE: Partial<Record<Role, EntryKind>> = {
  [Role.EMBEDDING]: EntryKind.EMBEDDING,
  [Role.RERANK]: EntryKind.RERANK,
};

function firstText(said: readonly Observation[], name: 'error' | 'provider' | 'requestModel' | 'serviceTier'): string {
  return said.find((one) => one[name] !== '')?.[name] ?? '';
}

/** What the primary leaves open is filled from the others; of inputs that differ by the cached part, the larger is the whole prompt. */
function mergeUsage(primary: Usage | undefined, others: readonly Observation[]): Usage | undefined {
  if (primary === undefined) return undefined;
  let merged = primary;
  for (const { usage, usageSource } of others) {
    if (usage === undefined || usageSource !== UsageSource.PROVIDER) continue;
    const isWhole = usage.output === primary.output && (usage.input ?? 0) > (merged.input ?? 0);
    merged = {
      input: isWhole ? usage.input : (merged.input ?? usage.input),
      output: merged.output ?? usage.output,
      cacheRead: merged.cacheRead ?? usage.cacheRead,
      cacheWrite: merged.cacheWrite ?? usage.cacheWrite,
      cacheWrite1h: merged.cacheWrite1h ?? usage.cacheWrite1h,
      reasoning: merged.reasoning ?? usage.reasoning,
      inputAudio: merged.inputAudio ?? usage.inputAudio,
      outputAudio: merged.outputAudio ?? usage.outputAudio,
      inputImage: merged.inputImage ?? usage.inputImage,
      outputImage: merged.outputImage ?? usage.outputImage,
    };
  }
  return merged;
}

/** `gpt-5-2025-08-07`, `claude-sonnet-4-5-20250929`: a name with a date is the model's own, without one it may be an alias. */
const DATED = /\d{4}-\d{2}-\d{2}|\d{8}|-\d{4}(?!\d)/;

/** A dated name first, then a gateway's (which knows what it routed to), then the nearest to the wire. */
function byModelName(a: Observation, b: Observation): number {
  return (
    Number(a.model === '') - Number(b.model === '') ||
    Number(DATED.test(b.model)) - Number(DATED.test(a.model)) ||
    Number(isGateway(b)) - Number(isGateway(a)) ||
    a.wireDistance - b.wireDistance
  );
}

/** A provider's or gateway's figure before a client-side table's. */
function findClaim(said: readonly Observation[]): Observation['claim'] {
  const claims = said.map(({ claim }) => claim).filter((claim) => claim !== undefined);
  return claims.find(({ by }) => by === 'provider') ?? claims.find(({ by }) => by === 'gateway') ?? claims[0];
}
