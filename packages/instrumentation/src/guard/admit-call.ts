import { guarded, warnOnce } from '../emit/guarded.ts';
import { openOwner } from '../emit/start-inference.ts';
import type { Scope } from '../session/scope.ts';
import { budgetExceededIn } from './budget-exceeded-error.ts';
import type { Admission, GuardedCall } from './guarded-call.ts';
import { callGuard, guardOfProcess } from './start-guard.ts';

/** A call as the place where it is made knows it. */
export type DescribedCall = Omit<GuardedCall, 'scope'>;

/**
 * Asks whether a call may be made, and how. What was reserved for it further out, by who knows less of the request, is given back for
 * what is reserved here. Undefined where nothing is guarded.
 *
 * @throws BudgetExceededError and nothing else: a guard that fails lets the app go on
 */
export function admitCall(
  scope: Scope,
  describe: () => DescribedCall,
): Admission | Promise<Admission | undefined> | undefined {
  const guard = callGuard();
  if (guard === undefined) return undefined;
  try {
    for (const reservation of openOwner(scope)?.claim() ?? []) reservation.release();
    const admission = guard.admit({ ...describe(), scope });
    return admission instanceof Promise ? admission.catch(goOnUnlessRefused) : admission;
  } catch (error) {
    return goOnUnlessRefused(error);
  }
}

/**
 * Refuses where nothing may be asked any more; for places that know no more of a call than that there is one.
 *
 * @throws BudgetExceededError
 */
export function refuseIfStopped(scope: () => Scope): void {
  const guard = callGuard();
  if (guard === undefined) return;
  try {
    guard.refuseIfStopped(scope());
  } catch (error) {
    goOnUnlessRefused(error);
  }
}

/** Whether the session of a scope was stopped: an app may have caught the refusal. */
export function wasStopped(scope: Scope): boolean {
  const guard = guardOfProcess();
  return guard !== undefined && guarded('state of a budget', () => guard.accounts.of(scope).session.isRefused) === true;
}

function goOnUnlessRefused(error: unknown): undefined {
  if (budgetExceededIn(error) !== undefined) throw error;
  warnOnce('guard', 'the guard failed; the app goes on, and this call is not bounded', error);
  return undefined;
}
