import type { Scope } from '../session/scope.ts';
import type { Account, Stop } from './account.ts';
import type { BudgetEvent } from './budget-figures.ts';

/** The aggregator, as the guard knows it: all of it happens in the background. */
export interface ServerLink {
  /** The first answer about a session, while it is still to come and worth waiting for. */
  ready(scope: Scope): Promise<void> | undefined;
  /** Why calls are refused: somebody stopped the workflow, or the aggregator cannot be asked. */
  refusal(account: Account): Stop | undefined;
  /** A call waits for a larger lease. Resolves with false where nobody can give one. */
  wantsMore(scope: Scope): Promise<boolean>;
  /** The guard did something. */
  note(event: BudgetEvent): void;
  stop(): void;
}
