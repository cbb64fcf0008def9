import { guarded } from '../emit/guarded.ts';
import type { Identity } from '../session/identity.ts';
import type { LiveSession } from '../session/live-session.ts';
import { liveSessions } from '../session/live-sessions.ts';
import { processState } from '../session/process-state.ts';
import type { CountedCall, Sign } from '../session/spend.ts';
import type { Counted } from './counted.ts';

/** Adds to the running sums of a session what spans told, or takes it back. */
export function addToSession(counted: Counted | undefined, sign: Sign): void {
  if (counted === undefined) return;
  const { identity, model, purpose } = counted;
  const { agent } = identity;
  // What was forgotten since has no figures that could be corrected.
  const live = sign === 1 ? liveSessions().of(identity) : findSession(identity);
  if (live === undefined) return;
  if (sign === 1) live.seeSession(identity, counted.startMs, counted.endMs);
  if (counted.call !== undefined) {
    tellGuard(live, agent, counted.call, sign);
    live.addCall(counted.call, { agent, model, purpose }, sign);
  }
  if (counted.responseMs !== undefined && agent !== undefined) live.seeTurn(agent, counted.responseMs, sign);
  for (let at = 0; at < counted.toolCalls; at++) live.addTool(agent, sign);
  for (let at = 0; at < counted.handoffs; at++) live.addHandoff(sign);
  if (counted.humanWaitMs !== 0) live.addHumanWait(sign * counted.humanWaitMs);
}

function tellGuard(live: LiveSession, agent: string | undefined, { usage, cost }: CountedCall, sign: Sign): void {
  const tokens = (usage?.input ?? 0) + (usage?.output ?? 0);
  const amount = { nanoUsd: sign * (cost?.totalNanoUsd ?? 0), tokens: sign * tokens };
  guarded('telling the guard of a span', () => processState().guard?.witnessed(live, agent, amount));
}

function findSession({ session, tenant }: Identity): LiveSession | undefined {
  return session === undefined ? undefined : liveSessions().find(session, tenant);
}
