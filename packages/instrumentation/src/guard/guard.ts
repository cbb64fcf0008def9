// Comes in: calls that are about to be made, and what they used in the end. Goes out: leave to make them, maybe more cheaply or later.
// Refused: what could pass a limit, by a `BudgetExceededError`.

import { BudgetLevel } from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
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
import { planCall, type CallPlan, type NoPlan } from './plan-call.ts';
import type { PolicyBook } from './policy-book.ts';
import { HeldReservation } from './reservation.ts';
import { sayLoudly } from './say.ts';
import type { ServerLink } from './server-link.ts';
import { amountOf } from './settled-amount.ts';

/** What a guard is made of. */
export interface GuardParts {
  readonly policies: PolicyBook;
  readonly options: GuardOptions;
  readonly ladder: Ladder;
  readonly accounts: AccountBook;
  readonly link: ServerLink | undefined;
  /** Whether all sessions are to have a limit. */
  readonly warnsOfNoLimit: boolean;
}

/** Guards the calls of a process. */
export class Guard implements CallGuard {
  readonly policies: PolicyBook;
  readonly accounts: AccountBook;
  readonly pauses: Pauses;
  readonly ladder: Ladder;
  readonly prices: CallPrices = new CallPrices(() => recorder().prices);
  readonly #options: GuardOptions;
  readonly #link: ServerLink | undefined;
  readonly #warnsOfNoLimit: boolean;

  constructor({ policies, options, ladder, accounts, link, warnsOfNoLimit }: GuardParts) {
    this.#warnsOfNoLimit = warnsOfNoLimit;
    this.policies = policies;
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
    for (const account of accounts) this.#refuseCall(account, call.scope);
    const [session] = accounts;
    if (session !== undefined && this.pauses.isDue(session)) return this.#admitWhenPossible(call);
    const plan = this.#plan(call, false);
    if (plan.outcome === 'fits') return this.#admission(call, plan);
    if (plan.outcome === 'wait') return this.#admitWhenPossible(call);
    throw this.#refusal(plan.reason, plan.account, call.scope, plan.detail);
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
  }

  witnessed(live: LiveSession, agent: string | undefined, amount: Amount): void {
    const accounts = this.accounts.ofSession(live);
    // What is taken back, since it turned out to be somebody else's, stays spent: it is little, and a budget never grows.
    if (amount.nanoUsd < 0 || amount.tokens < 0) return;
    const part = agent === undefined ? undefined : accounts.agents.get(agent);
    accounts.session.budget.add(amount, part === undefined ? [] : [part.budget]);
    this.ladder.climbed(this.accounts.figuresOf(accounts), undefined);
  }

  /** Somebody has stopped a session: who waits for it need not any more, and what is under way is broken off where that is possible. */
  stopped(account: Account): void {
    this.pauses.resume(account, 'stop');
    this.ladder.once(BudgetEventAction.STOP, 'kill_switch', account, undefined);
    account.wake();
    const error = new BudgetExceededError('kill_switch', account.figures(), account.stopped?.detail);
    for (const call of account.underWay) guarded('breaking off a call', () => call.stop(error));
  }

  stop(): void {
    this.#link?.stop();
  }

  /** What somebody waits for: a decision, room, or what the aggregator says of a new lease. */
  async #admitWhenPossible(call: GuardedCall): Promise<Admission> {
    const deadlineMs = performance.now() + (this.#options.waitTimeoutMs ?? WAIT_MS);
    let leasesAsked = 0;
    for (;;) {
      const accounts = this.accounts.accountsFor(call.scope, call.model);
      for (const account of accounts) this.#refuseCall(account, call.scope);
      const [session] = accounts;
      if (session !== undefined && this.pauses.isDue(session) && call.signal?.aborted !== true) {
        await this.pauses.wait(session, call.scope, call.signal);
        continue;
      }
      const isLast =
        performance.now() >= deadlineMs || call.signal?.aborted === true || leasesAsked >= LEASES_ASKED_MAX;
      const plan = this.#plan(call, isLast);
      if (plan.outcome === 'fits') return this.#admission(call, plan);
      if (plan.outcome === 'refused') throw this.#refusal(plan.reason, plan.account, call.scope, plan.detail);
      if (!plan.isLease) await waitForRoom(accounts, deadlineMs - performance.now(), call.signal);
      else leasesAsked += await this.#askForLease(call, plan, deadlineMs);
    }
  }

  /** @returns how often that may be counted as asked */
  async #askForLease(call: GuardedCall, { account, amount }: LeaseWanted, deadlineMs: number): Promise<number> {
    account.wanted = amount;
    const isGiven = await this.#link?.wantsMore(call.scope);
    if (isGiven === true) await waitUntilGivenBack(call, { account, amount }, deadlineMs);
    account.wanted = NOTHING;
    return isGiven === true ? 1 : LEASES_ASKED_MAX;
  }

  #plan(call: GuardedCall, isLast: boolean): CallPlan | NoPlan {
    return planCall(call, {
      accounts: this.accounts,
      prices: this.prices,
      onDegrade: this.#options.onDegrade,
      isLast,
    });
  }

  #admission(call: GuardedCall, plan: CallPlan): Admission {
    const { accounts, amount, model, outputTokensMax, inputTokens } = plan;
    const [session, ...parts] = accounts;
    const hold = session?.budget.reserve(
      amount,
      parts.map(({ budget }) => budget),
    );
    if (session === undefined || hold?.isGranted !== true) throw new TypeError('a plan that does not fit');
    session.usedAtMs = performance.now();
    this.#warnOfNoLimit(session);
    if (plan.isDegraded) {
      this.ladder.once(BudgetEventAction.DEGRADE, session.passed()?.name ?? 'degrade', session, call.scope);
    }
    const reservation = new HeldReservation({ hold, accounts, call, inputTokens });
    return { model, outputTokensMax, attributes: plan.attributes, reservation };
  }

  /** Nobody who asks for a budget is to find out by the bill that there is none. */
  #warnOfNoLimit({ budget: { limits }, owner: { workflow } }: Account): void {
    if (limits.nanoUsd !== undefined || limits.tokens !== undefined || !this.#warnsOfNoLimit) return;
    const of = workflow === undefined ? 'calls of no workflow' : `workflow ${workflow}`;
    const message = `no limit holds for ${of}: too few sessions of it have ended to tell what one costs, and no policy gives an amount`;
    sayLoudly({ code: 'no_limit', about: of, message });
  }

  #refuseIfStopped(account: Account, scope: Scope): void {
    const { stopped } = account;
    if (stopped !== undefined) throw this.#refusal(stopped.reason, account, scope, stopped.detail);
    const passed = account.passed();
    if (passed?.level === BudgetLevel.STOP) throw this.#refusal(passed.name, account, scope);
  }

  /** The same for a call, for which an aggregator that cannot be asked has been waited for. */
  #refuseCall(account: Account, scope: Scope): void {
    this.#refuseIfStopped(account, scope);
    const told = this.#link?.refusal(account);
    if (told !== undefined) throw this.#refusal(told.reason, account, scope, told.detail);
  }

  #refusal(reason: string, account: Account, scope: Scope, detail?: string): BudgetExceededError {
    this.ladder.once(BudgetEventAction.STOP, reason, account, scope);
    return new BudgetExceededError(reason, account.figures(), detail);
  }
}

/** A call that waits for a larger lease. */
type LeaseWanted = Pick<Extract<NoPlan, { outcome: 'wait' }>, 'account' | 'amount'>;

/** What others hold of a session and do not need, they give back when they tell next. */
async function waitUntilGivenBack(
  { signal }: GuardedCall,
  { account, amount }: LeaseWanted,
  deadlineMs: number,
): Promise<void> {
  const untilMs = Math.min(performance.now() + GIVEN_BACK_MS, deadlineMs);
  for (;;) {
    const isLacking = account.bindingFor(amount) !== undefined && account.hasRoomFor(amount);
    const leftMs = untilMs - performance.now();
    if (!isLacking || leftMs <= 0 || account.stopped !== undefined || signal?.aborted === true) return;
    await waitForRoom([account], leftMs, signal);
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
/** A lease grows with each answer, as far as others leave something. */
const LEASES_ASKED_MAX = 4;
/** About half of the time between what guards of an aggregator tell. */
const GIVEN_BACK_MS = 700;
const NOTHING: Amount = { nanoUsd: 0, tokens: 0 };

async function waitForRoom(accounts: readonly Account[], ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const leave = (): void => {
      clearTimeout(timer);
      for (const account of accounts) account.waiting.delete(leave);
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const timer = setTimeout(leave, Math.max(0, ms));
    for (const account of accounts) account.waiting.add(leave);
    signal?.addEventListener('abort', leave, { once: true });
  });
}
