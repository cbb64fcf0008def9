// Comes in: calls that are about to be made, and what they used in the end. Goes out: leave to make them, maybe more cheaply or later.
// Refused: what could pass a limit, by a `BudgetExceededError`.

import { BudgetLevel } from '@turnmeter/semconv';
import { recorder } from '../emit/recorder.ts';
import type { LiveSession } from '../session/live-session.ts';
import type { Scope } from '../session/scope.ts';
import type { AccountBook } from './account-book.ts';
import type { Account, Amount } from './account.ts';
import { BudgetEventAction } from './budget-figures.ts';
import { BudgetExceededError } from './budget-exceeded-error.ts';
import { CallPrices } from './call-prices.ts';
import type { Admission, CallGuard, GuardedCall, Reservation, SpentCall } from './guarded-call.ts';
import type { GuardOptions } from './guard-options.ts';
import type { Ladder } from './ladder.ts';
import { Pauses } from './pause.ts';
import { planCall, type CallPlan } from './plan-call.ts';
import type { PolicyBook } from './policy-book.ts';
import { HeldReservation } from './reservation.ts';
import type { ServerLink } from './server-link.ts';
import { amountOf } from './settled-amount.ts';

/** What a guard is made of. */
export interface GuardParts {
  readonly policies: PolicyBook;
  readonly options: GuardOptions;
  readonly ladder: Ladder;
  readonly accounts: AccountBook;
  readonly link: ServerLink | undefined;
}

/** Guards the calls of a process. */
export class Guard implements CallGuard {
  readonly accounts: AccountBook;
  readonly pauses: Pauses;
  readonly ladder: Ladder;
  readonly prices: CallPrices = new CallPrices(() => recorder().prices);
  readonly #options: GuardOptions;
  readonly #link: ServerLink | undefined;

  constructor({ options, ladder, accounts, link }: GuardParts) {
    this.accounts = accounts;
    this.ladder = ladder;
    this.#options = options;
    this.#link = link;
    this.pauses = new Pauses({ ladder, onPause: options.onPause, timeoutMs: options.pauseTimeoutMs ?? PAUSE_MS });
  }

  admit(call: GuardedCall): Admission | Promise<Admission> {
    const ready = this.#link?.ready(call.scope);
    if (ready !== undefined) return ready.then(() => this.#admitWhenPossible(call));
    const accounts = this.accounts.accountsFor(call.scope, call.model);
    for (const account of accounts) this.#refuseIfStopped(account, call.scope);
    const [session] = accounts;
    if (session !== undefined && this.pauses.isDue(session)) return this.#admitWhenPossible(call);
    return this.#reserve(call, false) ?? this.#admitWhenPossible(call);
  }

  refuseIfStopped(scope: Scope): void {
    for (const account of this.accounts.accountsFor(scope, undefined)) this.#refuseIfStopped(account, scope);
  }

  settle(scope: Scope, held: readonly Reservation[], spent: SpentCall): void {
    const own = held.filter((one) => one instanceof HeldReservation);
    const first = own.findLast(({ isClosed }) => !isClosed) ?? own.at(-1);
    const accounts = first?.accounts ?? this.accounts.accountsFor(scope, spent.model);
    const amount = amountOf(spent, first, this.prices);
    if (spent.usage !== undefined) first?.learnFrom(spent.usage);
    if (first?.isClosed === false) first.settle(amount);
    else addTo(accounts, amount);
    for (const reservation of own) reservation.release();
    for (const account of accounts) this.ladder.climbed(account, scope);
    this.#link?.spent(scope);
  }

  witnessed(live: LiveSession, agent: string | undefined, amount: Amount): void {
    const accounts = this.accounts.ofSession(live);
    // What is taken back, since it turned out to be somebody else's, stays spent: it is little, and a budget never grows.
    if (amount.nanoUsd < 0 || amount.tokens < 0) return;
    const part = agent === undefined ? undefined : accounts.agents.get(agent);
    accounts.session.budget.add(amount, part === undefined ? [] : [part.budget]);
    this.ladder.climbed(this.accounts.figuresOf(accounts), undefined);
  }

  stop(): void {
    this.#link?.stop();
  }

  /** What somebody waits for: a decision, room, or what the aggregator says of a new lease. */
  async #admitWhenPossible(call: GuardedCall): Promise<Admission> {
    const deadlineMs = performance.now() + (this.#options.waitTimeoutMs ?? WAIT_MS);
    for (;;) {
      const accounts = this.accounts.accountsFor(call.scope, call.model);
      for (const account of accounts) this.#refuseIfStopped(account, call.scope);
      const [session] = accounts;
      if (session !== undefined && this.pauses.isDue(session) && call.signal?.aborted !== true) {
        await this.pauses.wait(session, call.scope, call.signal);
        continue;
      }
      const isLast = performance.now() >= deadlineMs || call.signal?.aborted === true;
      const admission = this.#reserve(call, isLast);
      if (admission !== undefined) return admission;
      await waitForRoom(accounts, deadlineMs - performance.now(), call.signal);
    }
  }

  /** Undefined where others may leave room when they end. */
  #reserve(call: GuardedCall, isLast: boolean): Admission | undefined {
    const plan = planCall(call, {
      accounts: this.accounts,
      prices: this.prices,
      onDegrade: this.#options.onDegrade,
      isLast,
    });
    switch (plan.outcome) {
      case 'fits':
        return this.#admission(call, plan);
      case 'wait':
        if (plan.isLease) this.#link?.wantsMore(call.scope);
        return undefined;
      case 'refused':
        throw this.#refusal(plan.reason, plan.account, call.scope, plan.detail);
    }
  }

  #admission(call: GuardedCall, plan: CallPlan): Admission {
    const { accounts, amount, model, outputTokensMax, inputTokens } = plan;
    const [session, ...parts] = accounts;
    const hold = session?.budget.reserve(
      amount,
      parts.map(({ budget }) => budget),
    );
    if (session === undefined || hold?.isGranted !== true) throw new TypeError('a plan that does not fit');
    if (plan.isDegraded) {
      this.ladder.once(BudgetEventAction.DEGRADE, session.passed()?.name ?? 'degrade', session, call.scope);
    }
    const reservation = new HeldReservation({ hold, accounts, call, inputTokens });
    return { model, outputTokensMax, attributes: plan.attributes, reservation };
  }

  #refuseIfStopped(account: Account, scope: Scope): void {
    const { stopped } = account;
    if (stopped !== undefined) throw this.#refusal(stopped.reason, account, scope, stopped.detail);
    const passed = account.passed();
    if (passed?.level === BudgetLevel.STOP) throw this.#refusal(passed.name, account, scope);
    const unavailable = this.#link?.refusal();
    if (unavailable !== undefined) throw this.#refusal(unavailable.reason, account, scope, unavailable.detail);
  }

  #refusal(reason: string, account: Account, scope: Scope, detail?: string): BudgetExceededError {
    this.ladder.once(BudgetEventAction.STOP, reason, account, scope);
    return new BudgetExceededError(reason, account.figures(), detail);
  }
}

/** The session's account first. */
function addTo([session, ...parts]: readonly Account[], amount: Amount): void {
  session?.budget.add(
    amount,
    parts.map(({ budget }) => budget),
  );
}

const PAUSE_MS = 3_600_000;
const WAIT_MS = 60_000;

async function waitForRoom(accounts: readonly Account[], ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const leave = (): void => {
      clearTimeout(timer);
      for (const account of accounts) account.waiting.delete(leave);
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const timer = setTimeout(leave, Math.max(0, ms));
    timer.unref();
    for (const account of accounts) account.waiting.add(leave);
    signal?.addEventListener('abort', leave, { once: true });
  });
}
