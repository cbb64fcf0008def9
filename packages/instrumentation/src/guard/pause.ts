import { nanoUsdOf } from '@turnmeter/budget';
import { humanInput } from '../chat/human-input.ts';
import type { Scope } from '../session/scope.ts';
import type { Account } from './account.ts';
import { BudgetEventAction, type BudgetFigures } from './budget-figures.ts';
import type { PauseDecision } from './guard-options.ts';
import type { Ladder } from './ladder.ts';

/** What a pause is made with. */
export interface PauseOptions {
  readonly ladder: Ladder;
  readonly onPause: ((figures: BudgetFigures) => PauseDecision | Promise<PauseDecision>) | undefined;
  readonly timeoutMs: number;
}

/** Sessions that wait for somebody to decide. */
export class Pauses {
  readonly #options: PauseOptions;
  readonly #waiting = new Map<Account, Waiting>();

  constructor(options: PauseOptions) {
    this.#options = options;
  }

  /** Whether a session has come to where somebody is to be asked. */
  isDue(account: Account): boolean {
    const { pauseNanoUsd } = account.limits;
    if (account.stopped !== undefined) return false;
    const { spentNanoUsd } = account;
    return spentNanoUsd >= pauseNanoUsd && spentNanoUsd >= account.approvedNanoUsd;
  }

  /** Waits until somebody has decided; all calls of a session wait for one decision. The time is nobody's response time. */
  async wait(account: Account, scope: Scope, signal: AbortSignal | undefined): Promise<void> {
    const waiting = this.#waiting.get(account) ?? this.#ask(account, scope);
    await humanInput(async () => raceWithAbort(waiting.decided, signal), scope);
  }

  /** Somebody has decided. @returns false where nobody waits */
  resume(account: Account, decision: PauseDecision): boolean {
    const waiting = this.#waiting.get(account);
    waiting?.decide(decision);
    return waiting !== undefined;
  }

  /** Those who wait now. */
  waiting(): readonly Account[] {
    return [...this.#waiting.keys()];
  }

  #ask(account: Account, scope: Scope): Waiting {
    const { ladder, onPause, timeoutMs } = this.#options;
    const { promise: decided, resolve } = Promise.withResolvers<void>();
    const decide = (decision: PauseDecision, why?: string): void => {
      if (this.#waiting.get(account) !== waiting) return;
      this.#waiting.delete(account);
      clearTimeout(timer);
      this.#apply(account, decision, scope, why);
      resolve();
    };
    const timer = setTimeout(() => decide('stop', 'nobody has decided in time'), timeoutMs);
    const waiting: Waiting = { decided, decide };
    this.#waiting.set(account, waiting);
    ladder.tell(BudgetEventAction.PAUSE, 'pauseShare', account, scope);
    if (onPause !== undefined) void askFor(onPause, account).then(([decision, why]) => waiting.decide(decision, why));
    return waiting;
  }

  #apply(account: Account, decision: PauseDecision, scope: Scope, why: string | undefined): void {
    const { ladder } = this.#options;
    if (decision === 'stop') {
      account.stopped ??= { reason: 'pause', detail: why ?? 'somebody decided to stop it' };
      ladder.once(BudgetEventAction.STOP, account.stopped.reason, account, scope);
      return;
    }
    if (decision === 'continue') {
      account.approvedNanoUsd = Infinity;
      ladder.tell(BudgetEventAction.RESUME, 'pauseShare', account, scope);
      return;
    }
    account.raise(nanoUsdOf(decision.raiseUsd));
    ladder.tell(BudgetEventAction.OVERRIDE, 'pauseShare', account, scope);
  }
}

/** Whether something is a decision. */
export function isDecision(value: unknown): value is PauseDecision {
  if (value === 'continue' || value === 'stop') return true;
  const { raiseUsd } = (typeof value === 'object' && value !== null ? value : {}) as { readonly raiseUsd?: unknown };
  return typeof raiseUsd === 'number' && raiseUsd > 0 && raiseUsd <= USD_MAX;
}

const USD_MAX = 9_000_000;

interface Waiting {
  readonly decided: Promise<void>;
  readonly decide: (decision: PauseDecision, why?: string) => void;
}

/** Who fails to decide has not let it go on. */
async function askFor(
  onPause: NonNullable<PauseOptions['onPause']>,
  account: Account,
): Promise<readonly [PauseDecision, string?]> {
  try {
    const decision = await onPause(account.figures());
    return isDecision(decision) ? [decision] : ['stop', "expected 'continue', 'stop' or { raiseUsd } of onPause"];
  } catch {
    return ['stop', 'onPause failed'];
  }
}

/** Who gives the call up need not wait; the client then says so itself. */
async function raceWithAbort(decided: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return decided;
  if (signal.aborted) return undefined;
  const { promise: aborted, resolve: leave } = Promise.withResolvers<void>();
  const onAbort = (): void => leave();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([decided, aborted]);
  signal.removeEventListener('abort', onAbort);
  return undefined;
}
