// What a record tells about the population of calls it belongs to, topic by topic: a weaker source may know a part that the better
// one leaves out (Gemini CLI's thoughts are in one of its metrics and in none of its spans).

import { Grain, type Observation, Role, type Usage } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';

export const Topic = {
  INPUT: 'input',
  OUTPUT: 'output',
  CACHE_READ: 'cache_read',
  CACHE_WRITE: 'cache_write',
  REASONING: 'reasoning',
  /** A call record that stands for itself: no metric of its service has anything to add. */
  EVERYTHING: 'everything',
  /** A call that failed. */
  FAILURE: 'failure',
  /** A tool call or an agent's go. */
  ACT: 'act',
} as const;
export type Topic = (typeof Topic)[keyof typeof Topic];

const PARTS: readonly (readonly [keyof Usage, Topic])[] = [
  ['input', Topic.INPUT],
  ['output', Topic.OUTPUT],
  ['cacheRead', Topic.CACHE_READ],
  ['cacheWrite', Topic.CACHE_WRITE],
  ['reasoning', Topic.REASONING],
];

const NOTHING: readonly Topic[] = [];
const EVERYTHING: readonly Topic[] = [Topic.EVERYTHING];
const FAILURE: readonly Topic[] = [Topic.FAILURE];
const ACT: readonly Topic[] = [Topic.ACT];
const TOKENS: readonly Topic[] = [Topic.INPUT, Topic.OUTPUT];

/** Topics on which a record is evidence for its population. */
export function topicsOf(said: Observation): readonly Topic[] {
  if (said.usage === undefined) {
    if (isCallRole(said.role)) return said.error === '' ? NOTHING : FAILURE;
    return said.authority === undefined ? NOTHING : ACT;
  }
  if (!isSpend(said)) return NOTHING;
  if (said.authority === undefined) return EVERYTHING;
  return said.signal === 'metric' ? [partOf(said.usage)] : knownParts(said.usage);
}

/** Topics on which a better source makes the record a witness. */
export function disputedTopics(said: Observation): readonly Topic[] {
  if (said.usage !== undefined) return said.signal === 'metric' ? [partOf(said.usage)] : TOKENS;
  if (isCallRole(said.role)) return said.error === '' ? TOKENS : FAILURE;
  return ACT;
}

/** Is the usage what these calls spent, or at least their sum? Running totals and repetitions prove nothing. */
function isSpend({ grain, role }: Observation): boolean {
  if (isCallRole(role)) return true;
  return grain === Grain.SUM || grain === Grain.OWN_SUM || (grain === Grain.CALL && role !== Role.FACT);
}

function knownParts(usage: Usage): readonly Topic[] {
  return PARTS.filter(([part]) => usage[part] !== undefined).map(([, topic]) => topic);
}

/** A metric point is about one kind of token; a cached part that counts as input too is about the cached part. */
function partOf(usage: Usage): Topic {
  return knownParts(usage).at(-1) ?? Topic.INPUT;
}
