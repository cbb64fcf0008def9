// What a session has spent, and what calls that are under way may still cost. Checking and reserving is one step that nothing comes between,
// so calls that begin together cannot each find the same money free.

import { refuseNoAmount, type SpendAmount } from '../amount.ts';
import { BudgetError, BudgetErrorCode } from '../budget-error.ts';

/** The most that may be spent, and what it is called. A `Threshold` is one. */
export interface SpendLimit {
  readonly name: string;
  /** Whole. */
  readonly amount: number;
}

/** Limits of one budget; what is undefined has none. */
export interface SpendLimits {
  readonly nanoUsd?: SpendLimit | undefined;
  readonly tokens?: SpendLimit | undefined;
}

/** A budget and what it is part of. */
export interface ReservationsOptions {
  /** For people: a session, an agent. */
  readonly name?: string | undefined;
  readonly limits?: SpendLimits | undefined;
  /** Of a nested chat or a sub-agent: what is spent here is spent there, too. */
  readonly parent?: Reservations | undefined;
}

/** Why nothing was reserved. */
export interface Refusal {
  readonly isGranted: false;
  readonly limit: SpendLimit;
  readonly unit: keyof SpendAmount;
  /** Whose limit it is: the budget that was asked, one above it, or one of the parts. */
  readonly of: Reservations;
  readonly requested: number;
  /** What could have been reserved. */
  readonly available: number;
}

const NONE: readonly Reservations[] = [];

/** A budget: what is spent of it, and what is reserved. Nothing in it waits, and nothing grows with the number of calls. */
export class Reservations {
  readonly name: string;
  #limits: SpendLimits;
  /** This budget and those above it, in this order. */
  readonly #line: readonly Reservations[];
  #spentNanoUsd = 0;
  #spentTokens = 0;
  #reservedNanoUsd = 0;
  #reservedTokens = 0;
  #open = 0;
  #overruns = 0;
  #overrunNanoUsd = 0;
  #overrunTokens = 0;

  constructor({ name = 'session', limits = {}, parent }: ReservationsOptions = {}) {
    this.name = name;
    this.#limits = limits;
    this.#line = parent === undefined ? [this] : [this, ...parent.#line];
  }

  /** Settled. */
  get spent(): SpendAmount {
    return { nanoUsd: this.#spentNanoUsd, tokens: this.#spentTokens };
  }

  /** Of calls that are under way. */
  get reserved(): SpendAmount {
    return { nanoUsd: this.#reservedNanoUsd, tokens: this.#reservedTokens };
  }

  /** How many calls are under way. */
  get open(): number {
    return this.#open;
  }

  /** Calls that cost more than was reserved for them, and by how much in all. That was booked as well: the sums are right, the limit was not kept. */
  get overrun(): SpendAmount & { readonly calls: number } {
    return { nanoUsd: this.#overrunNanoUsd, tokens: this.#overrunTokens, calls: this.#overruns };
  }

  get limits(): SpendLimits {
    return this.#limits;
  }

  /** From now on; what is reserved stays so, also where the new limits are lower. */
  setLimits(limits: SpendLimits): void {
    this.#limits = limits;
  }

  /** What could be reserved here, without asking those above; Infinity where there is no limit. */
  get available(): SpendAmount {
    const { nanoUsd, tokens } = this.#limits;
    return {
      nanoUsd: left(nanoUsd, this.#spentNanoUsd + this.#reservedNanoUsd),
      tokens: left(tokens, this.#spentTokens + this.#reservedTokens),
    };
  }

  /**
   * Reserves in this budget, in all above it and in the parts that the call belongs to (its agent's, its model's): in all of them or in
   * none. A limit may be reached exactly and not passed; where it is reached already, also a call that costs nothing is refused.
   *
   * @throws BudgetError `invalid_amount`
   */
  reserve(amount: SpendAmount, parts: readonly Reservations[] = NONE): Reservation | Refusal {
    refuseNoAmount(amount);
    const budgets = parts.length === 0 ? this.#line : this.#lineWith(parts);
    for (const budget of budgets) {
      const refusal = budget.#refusal(amount);
      if (refusal !== undefined) return refusal;
    }
    return this.#take(amount, budgets);
  }

  /**
   * Reserves whatever the limits say: for a call that somebody has allowed, or that cannot be held back any more. Others see what it takes.
   *
   * @throws BudgetError `invalid_amount`
   */
  force(amount: SpendAmount, parts: readonly Reservations[] = NONE): Reservation {
    refuseNoAmount(amount);
    return this.#take(amount, parts.length === 0 ? this.#line : this.#lineWith(parts));
  }

  /**
   * Books what was spent without a reservation: a call that nobody held back, or what another process spent.
   *
   * @throws BudgetError `invalid_amount`
   */
  add(amount: SpendAmount, parts: readonly Reservations[] = NONE): void {
    refuseNoAmount(amount);
    for (const budget of this.#lineWith(parts)) budget.#spend(amount);
  }

  #take(amount: SpendAmount, budgets: readonly Reservations[]): Reservation {
    for (const budget of budgets) budget.#hold(amount.nanoUsd, amount.tokens, 1);
    return new Reservation(amount, (actual) => {
      for (const budget of budgets) budget.#close(amount, actual);
    });
  }

  /** Each once, also where a part lies below the same budget. */
  #lineWith(parts: readonly Reservations[]): readonly Reservations[] {
    return parts.length === 0 ? this.#line : [...new Set([...this.#line, ...parts.flatMap((part) => part.#line)])];
  }

  #refusal({ nanoUsd, tokens }: SpendAmount): Refusal | undefined {
    const { nanoUsd: money, tokens: count } = this.#limits;
    if (money !== undefined && isPassed(money, nanoUsd, this.#spentNanoUsd, this.#reservedNanoUsd)) {
      return this.#refuse('nanoUsd', money, nanoUsd);
    }
    if (count !== undefined && isPassed(count, tokens, this.#spentTokens, this.#reservedTokens)) {
      return this.#refuse('tokens', count, tokens);
    }
    return undefined;
  }

  #refuse(unit: keyof SpendAmount, limit: SpendLimit, requested: number): Refusal {
    return { isGranted: false, limit, unit, of: this, requested, available: this.available[unit] };
  }

  #hold(nanoUsd: number, tokens: number, calls: number): void {
    this.#reservedNanoUsd += nanoUsd;
    this.#reservedTokens += tokens;
    this.#open += calls;
  }

  #spend({ nanoUsd, tokens }: SpendAmount): void {
    this.#spentNanoUsd += nanoUsd;
    this.#spentTokens += tokens;
  }

  /** `actual` is undefined where the call was not made, or failed without cost. */
  #close(amount: SpendAmount, actual: SpendAmount | undefined): void {
    this.#hold(-amount.nanoUsd, -amount.tokens, -1);
    if (actual === undefined) return;
    this.#spend(actual);
    if (actual.nanoUsd <= amount.nanoUsd && actual.tokens <= amount.tokens) return;
    this.#overruns += 1;
    this.#overrunNanoUsd += Math.max(0, actual.nanoUsd - amount.nanoUsd);
    this.#overrunTokens += Math.max(0, actual.tokens - amount.tokens);
  }
}

/** What is held for one call, until it is over. */
export class Reservation {
  readonly isGranted = true;
  readonly amount: SpendAmount;
  #close: ((actual: SpendAmount | undefined) => void) | undefined;

  /** Made by {@link Reservations.reserve}. */
  constructor(amount: SpendAmount, close: (actual: SpendAmount | undefined) => void) {
    this.amount = amount;
    this.#close = close;
  }

  /** Whether it was neither settled nor released. */
  get isOpen(): boolean {
    return this.#close !== undefined;
  }

  /**
   * The call is over: what it cost is spent in the place of what was reserved. More than was reserved is spent, too, and counted as an overrun.
   *
   * @throws BudgetError `reservation_closed`, and `invalid_amount`, after which it is still open
   */
  settle(actual: SpendAmount): void {
    refuseNoAmount(actual);
    this.#end()(actual);
  }

  /**
   * The call was not made, or failed without cost: nothing is spent.
   *
   * @throws BudgetError `reservation_closed`
   */
  release(): void {
    this.#end()(undefined);
  }

  #end(): (actual: SpendAmount | undefined) => void {
    const close = this.#close;
    if (close === undefined) {
      throw new BudgetError(
        BudgetErrorCode.RESERVATION_CLOSED,
        'The reservation is closed; expected one settle or release, received another',
      );
    }
    this.#close = undefined;
    return close;
  }
}

function left(limit: SpendLimit | undefined, taken: number): number {
  return limit === undefined ? Infinity : Math.max(0, limit.amount - taken);
}

function isPassed({ amount }: SpendLimit, requested: number, spent: number, reserved: number): boolean {
  return spent >= amount || spent + reserved + requested > amount;
}
