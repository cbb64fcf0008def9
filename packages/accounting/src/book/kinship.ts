// Which sessions belong to which: a sub-agent's thread has an id of its own, which its parent's records tell, or the trace shows.

import type { Alias, Observation } from '../observe/observation.ts';
import { usesAliases } from './aliases.ts';
import type { Trace, TraceNode } from './trace.ts';

/** What a record says of others. Whoever begins a sub-agent's session by handing over to it also names it. */
export function aliasesOf({ alias, handoffTo }: Observation): readonly Alias[] {
  if (alias === undefined) return NO_ALIASES;
  if (alias.kind !== 'session_parent' || handoffTo === '') return [alias];
  return [alias, { kind: 'agent_name', from: alias.from, to: handoffTo }];
}

/** Sessions that records of the trace name, and the session around them. Records outside the trace know only the former. */
export function kinshipsIn(trace: Trace): readonly Alias[] {
  if (trace.aliasable === undefined) return NO_ALIASES;
  return trace.observed.map(kinshipOf).filter((alias) => alias !== undefined);
}

const NO_ALIASES: readonly Alias[] = [];

function kinshipOf({ observation, context }: TraceNode): Alias | undefined {
  if (observation === undefined || !usesAliases(observation)) return undefined;
  const own = observation.session !== '' ? observation.session : observation.conversation;
  const around = context.session !== '' ? context.session : context.conversation;
  return own === '' || around === '' || own === around ? undefined : { kind: 'session_parent', from: own, to: around };
}
