import type { SessionFigures } from './figures.ts';
import { liveSessions } from './live-sessions.ts';
import { processState } from './process-state.ts';
import { scopeToLookAt } from './scope.ts';

/**
 * What the session that the calling code belongs to used up to now, in this process: tokens, money, turns, per agent and per model.
 * Without a network. Undefined where the code belongs to no session.
 */
export function currentSession(): SessionFigures | undefined {
  return scopeToLookAt().live?.figures();
}

/** The same of any session of this process that runs or was seen lately. */
export function findSession(session: string, tenant?: string): SessionFigures | undefined {
  // Of a session that only others' spans tell of, nothing is known before these are counted.
  for (const settle of processState().figureSources) settle();
  return liveSessions().find(session, tenant)?.figures();
}
