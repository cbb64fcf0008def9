// Can two records be views of one model call, as far as what they say goes?

import { type Observation, WireDistance } from '../observe/observation.ts';

/** Ids that differ say two calls, unless one side is a gateway, which may make up its own. */
export function contradict(a: Observation, b: Observation): boolean {
  if (a.responseId === '' || b.responseId === '' || a.responseId === b.responseId) return false;
  return !isGateway(a) && !isGateway(b);
}

export function isGateway(said: Observation): boolean {
  return said.wireDistance === WireDistance.GATEWAY;
}

/** Do both come from one scope of one process? It sees a call once. */
export function isOneView(a: Observation, b: Observation): boolean {
  return a.scope === b.scope && a.process === b.process;
}

/** A chat is no embedding, whatever they have in common. */
export function isSameRole(a: Observation, b: Observation): boolean {
  return a.role === b.role;
}

/** Equal input, or input that differs by the cached part that only one of them counts in. */
export function canBeSameInput(a: Observation, b: Observation): boolean {
  const left = a.usage?.input;
  const right = b.usage?.input;
  if (left === undefined || right === undefined || left === right) return true;
  const cached = Math.max(cachedOf(a), cachedOf(b));
  return cached > 0 && Math.abs(left - right) === cached;
}

function cachedOf({ usage }: Observation): number {
  return (usage?.cacheRead ?? 0) + (usage?.cacheWrite ?? 0);
}

/** Names that tell who made a model. Aliases tell nothing, and nothing is compared with them. */
const MAKERS: readonly (readonly [string, RegExp])[] = [
  ['anthropic', /claude|anthropic/i],
  ['openai', /(^|[/.])(gpt-|chatgpt|o[1-9](-|$)|text-embedding-)|^openai/i],
  ['google', /gemini|^google|^gcp/i],
];

/** A model of one maker's is none of another's. Behind a gateway's alias can be anybody's. */
export function canBeSameMaker(a: Observation, b: Observation): boolean {
  if (isGateway(a) || isGateway(b)) return true;
  const left = makerOf(a.model);
  const right = makerOf(b.model);
  return left === '' || right === '' || left === right;
}

function makerOf(model: string): string {
  return MAKERS.find(([, pattern]) => pattern.test(model))?.[0] ?? '';
}
