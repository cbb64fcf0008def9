import type { TurnmeterConfig } from '../config.ts';
import { configure as configureRecorder } from '../emit/recorder.ts';
import { BudgetConfigError } from '../guard/budget-config-error.ts';
import { readGuardOptions } from '../guard/read-guard-options.ts';
import { callGuard } from '../guard/start-guard.ts';

/**
 * Sets how this process is instrumented; what is left out has its default again.
 *
 * @throws BudgetConfigError where `budget.throwOnInvalid` is set and the budget is an impossible one
 */
export function configure(config: TurnmeterConfig): void {
  const { budget } = config;
  if (budget?.throwOnInvalid === true) {
    const { problems } = readGuardOptions(budget, process.env);
    if (problems.length > 0) throw new BudgetConfigError(problems);
  }
  configureRecorder(config);
  // Now rather than at the first call: what is wrong with a budget is said where it is set.
  callGuard();
}
