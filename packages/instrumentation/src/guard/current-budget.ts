import { nanoUsdOf } from '@turnmeter/budget';
import { processState } from '../session/process-state.ts';
import { scopeToLookAt } from '../session/scope.ts';
import type { SessionAccounts } from './account-book.ts';
import { BudgetEventAction, type BudgetFigures } from './budget-figures.ts';
import type { PauseDecision } from './guard-options.ts';
import type { BudgetListener } from './ladder.ts';
import { isDecision } from './pause.ts';
import { guardOfProcess } from './start-guard.ts';

/** How a session stands by its budget, and what its policy asks of the app. */
export interface CurrentBudget extends BudgetFigures {
  /** Whether calls are made cheaper by now. */
  readonly isDegraded: boolean;
  /** Whether it waits for somebody to decide. */
  readonly isPaused: boolean;
  /** The most agents that may take turns, once calls are made cheaper; undefined where nobody says. */
  readonly agentsMax: number | undefined;
}

/** How the session that the calling code belongs to stands by its budget; undefined where nothing is guarded. */
export function currentBudget(): CurrentBudget | undefined {
  const guard = guardOfProcess();
  return guard === undefined ? undefined : budgetOf(guard.accounts.of(scopeToLookAt()));
}

/** The same of any session of this process that runs or was seen lately. */
export function findBudget(session: string, tenant?: string): CurrentBudget | undefined {
  const found = guardOfProcess()?.accounts.find(session, tenant);
  return found === undefined ? undefined : budgetOf(found);
}

/** Tells of what the guard does, in this process: each level once for each session. The answer ends it. */
export function onBudget(listener: BudgetListener): () => void {
  const { budgetListeners } = processState();
  budgetListeners.add(listener);
  return () => budgetListeners.delete(listener);
}

/** A session by its name. */
export interface NamedSession {
  readonly session: string;
  readonly tenant?: string | undefined;
}

/**
 * Decides for a session that waits (`pauseShare`). With `raiseUsd` also for one that was stopped by its budget, which then goes on.
 *
 * @returns false where no such session waits or was stopped here
 */
export function resumeSession({ session, tenant }: NamedSession, decision: PauseDecision = 'continue'): boolean {
  if (!isDecision(decision)) throw new TypeError("expected 'continue', 'stop' or { raiseUsd } above 0");
  const guard = guardOfProcess();
  const found = guard?.accounts.find(session, tenant);
  if (guard === undefined || found === undefined) return false;
  if (guard.pauses.resume(found.session, decision)) return true;
  if (typeof decision !== 'object' || found.session.stopped !== undefined) return false;
  found.session.raise(nanoUsdOf(decision.raiseUsd));
  guard.ladder.tell(BudgetEventAction.OVERRIDE, 'resume', found.session, undefined);
  return true;
}

/** Stops a session of this process: its next model call is refused. @returns false where there is no such session */
export function stopSession({ session, tenant }: NamedSession, reason = 'somebody stopped it'): boolean {
  const guard = guardOfProcess();
  const found = guard?.accounts.find(session, tenant);
  if (guard === undefined || found === undefined) return false;
  found.session.stopped = { reason: 'kill_switch', detail: reason };
  guard.stopped(found.session);
  return true;
}

function budgetOf(accounts: SessionAccounts): CurrentBudget | undefined {
  const guard = guardOfProcess();
  if (guard === undefined) return undefined;
  const account = guard.accounts.figuresOf(accounts);
  const isDegraded = account.isDegraded;
  return {
    ...account.figures(),
    isDegraded,
    isPaused: guard.pauses.waiting().includes(account),
    agentsMax: isDegraded ? account.limits.agentsMax : undefined,
  };
}
