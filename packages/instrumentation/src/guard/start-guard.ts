import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { processState } from '../session/process-state.ts';
import { AccountBook } from './account-book.ts';
import { BudgetConfigError } from './budget-config-error.ts';
import { BudgetExceededError } from './budget-exceeded-error.ts';
import { Guard } from './guard.ts';
import type { GuardOptions } from './guard-options.ts';
import type { CallGuard } from './guarded-call.ts';
import { Ladder } from './ladder.ts';
import { PolicyBook } from './policy-book.ts';
import { readGuardOptions, type ResolvedGuardOptions } from './read-guard-options.ts';
import { AggregatorLink } from './sync/aggregator-link.ts';
import { sayLoudly } from './say.ts';

/** Guards this process from now on, as code and environment say; where neither says anything, nothing is guarded. */
function startGuard(options: GuardOptions | undefined): void {
  const state = processState();
  state.isGuardRead = true;
  state.guard?.stop();
  state.guard = undefined;
  const { resolved, problems } = readGuardOptions(options, process.env);
  if (problems.length > 0) {
    const error = new BudgetConfigError(problems);
    sayLoudly({ code: 'invalid_budget', message: `${error.message}; until it is mended, no model is asked` });
    state.guard = new ClosedGuard(error.message);
    return;
  }
  if (resolved !== undefined) state.guard = createGuard(resolved);
}

/** Who is asked before each model call; undefined where nothing is guarded. */
export function callGuard(): CallGuard | undefined {
  const state = processState();
  // Without a line of code the environment may ask for one.
  if (!state.isGuardRead) guarded('start of the guard', () => startGuard(recorder().config.budget));
  return state.guard;
}

/** The guard of this process, for those who ask how sessions stand. */
export function guardOfProcess(): Guard | undefined {
  const guard = callGuard();
  // Of whichever copy of this package: two in a process share one guard.
  return guard !== undefined && 'accounts' in guard ? (guard as Guard) : undefined;
}

/** Guards, beginning now where nobody did: code gives one chat a budget. */
export function guardForChat(): Guard | undefined {
  callGuard();
  processState().guard ??= createGuard({ rules: [], options: {}, aggregatorUrl: undefined, key: undefined }, false);
  return guardOfProcess();
}

function createGuard({ rules, options, aggregatorUrl, key }: ResolvedGuardOptions, warnsOfNoLimit = true): Guard {
  const policies = new PolicyBook(rules);
  const accounts = new AccountBook(policies);
  const { tenant } = recorder().config;
  const link =
    aggregatorUrl === undefined
      ? undefined
      : new AggregatorLink({
          url: aggregatorUrl,
          key,
          tenant,
          accounts,
          policies,
          answerTimeoutMs: options.answerTimeoutMs,
          stopped: (account) => guard.stopped(account),
        });
  const ladder = new Ladder(options.notify, (event) => link?.note(event));
  const guard = new Guard({ policies, options, ladder, accounts, link, warnsOfNoLimit });
  return guard;
}

/** A budget that nobody can hold is no leave to spend without one. */
class ClosedGuard implements CallGuard {
  readonly #why: string;

  constructor(why: string) {
    this.#why = why;
  }

  admit(): never {
    return this.refuseIfStopped();
  }

  refuseIfStopped(): never {
    const accounts = new AccountBook(new PolicyBook([]));
    throw new BudgetExceededError('invalid_budget', accounts.figuresOfNobody(), this.#why);
  }

  settle(): void {}

  witnessed(): void {}

  stop(): void {}
}
