import type { TokenUsage } from '@turnmeter/pricing';
import type { LiveSession } from '../session/live-session.ts';
import type { Scope } from '../session/scope.ts';
import type { RequestSize } from './request-size.ts';

/** A model call that is about to be made. */
export interface GuardedCall {
  readonly scope: Scope;
  readonly provider: string;
  readonly operation: string;
  readonly model: string | undefined;
  readonly size: RequestSize;
  /** Answers that are asked for at once. @default 1 */
  readonly choices?: number | undefined;
  /** The most tokens that the answer may have, where the request says so. */
  readonly outputTokensMax?: number | undefined;
  /** The least that a shortened answer needs, such as a budget for thinking. */
  readonly outputTokensMin?: number | undefined;
  readonly serviceTier?: string | undefined;
  /** Whether another model can be asked here. */
  readonly canChangeModel: boolean;
  /** Whether the answer can be made shorter here. */
  readonly canShorten: boolean;
  /** Whoever makes the call may give it up while it waits. */
  readonly signal?: AbortSignal | undefined;
}

/** A call that may be made, as it is to be made. */
export interface Admission {
  /** The model to ask, where it is another one than the app's. */
  readonly model?: string | undefined;
  /** The most tokens that the answer may have, where it is less than the app's. */
  readonly outputTokensMax?: number | undefined;
  /** What a span says of it. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Told to the call, which settles it at its end. */
  readonly reservation: Reservation;
}

/** What is set aside for a call. */
export interface Reservation {
  readonly isClosed: boolean;
  /** Why the call was broken off, where somebody has stopped its session while it was under way. */
  readonly stopError: Error | undefined;
  /** Is told then; for who can break the call off. */
  onStop(listener: () => void): void;
  /** The call used nothing. */
  release(): void;
}

/** What a call has used in the end. */
export interface SpentCall {
  readonly provider: string;
  readonly model: string | undefined;
  readonly operation: string;
  readonly usage: TokenUsage | undefined;
  /** As it was priced; undefined where nobody has a price. */
  readonly nanoUsd: number | undefined;
  /** It failed before anything was said. */
  readonly usedNothing: boolean;
  /** Parts of the answer that arrived. */
  readonly chunks: number;
}

/** The guard, as the rest of the instrumentation knows it. */
export interface CallGuard {
  /**
   * Lets a call through, as it is to be made, or later, when there is room or somebody has decided.
   *
   * @throws BudgetExceededError
   */
  admit(call: GuardedCall): Admission | Promise<Admission>;
  /** Refuses where nothing may be asked any more; for places that know no more of a call than that there is one. */
  refuseIfStopped(scope: Scope): void;
  /** A call has ended; `held` is what was reserved for it. */
  settle(scope: Scope, held: readonly Reservation[], spent: SpentCall): void;
  /** Something of a session was counted, or taken back, by who sees others' spans. */
  witnessed(
    live: LiveSession,
    agent: string | undefined,
    amount: { readonly nanoUsd: number; readonly tokens: number },
  ): void;
  /** Gives back what a process holds elsewhere. */
  stop(): void;
}
