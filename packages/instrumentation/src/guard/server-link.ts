import type { Scope } from '../session/scope.ts';
import type { Stop } from './account.ts';

/** The aggregator, as the guard knows it: all of it happens in the background. */
export interface ServerLink {
  /** The first answer about a session, while it is still to come and worth waiting for. */
  ready(scope: Scope): Promise<void> | undefined;
  /** Why calls are refused where the aggregator cannot be asked. */
  refusal(): Stop | undefined;
  /** Something was spent. */
  spent(scope: Scope): void;
  /** A call waits for a larger lease. */
  wantsMore(scope: Scope): void;
  stop(): void;
}
