import { BudgetStatus, Reservations, type PolicyScope, type SpendLimit, type Threshold } from '@turnmeter/budget';
import { BudgetLevel } from '@turnmeter/semconv';
import { BudgetEventAction, type BudgetFigures } from './budget-figures.ts';
import { LEVEL_RANK, type AccountLimits } from './limits.ts';

/** Money and tokens. */
export interface Amount {
  readonly nanoUsd: number;
  readonly tokens: number;
}

/** Whose account it is. */
export interface AccountOwner extends PolicyScope {
  readonly session: string | undefined;
  readonly version?: string | undefined;
}

/** Why an account lets no call through, beside what was spent. */
export interface Stop {
  readonly reason: string;
  readonly detail?: string | undefined;
  /** By the aggregator, which may take it back. */
  readonly isTold?: boolean | undefined;
}

/** A call that may be broken off. */
export interface StoppableCall {
  stop(error: Error): void;
}

/** What the aggregator knows of a session beside what this process does: spent and reserved, which leaves the less. */
export interface Elsewhere extends Amount {
  /** Of that, what is gone: a reservation is given back in part, and is no reason to say that so much was spent. */
  readonly spent: Amount;
  /** What this process may spend in all by its lease. */
  readonly leased: { readonly nanoUsd?: number | undefined; readonly tokens?: number | undefined };
}

/** What a session, or a part of it, has spent and reserved, where its limits are, and what was said of that already. */
export class Account {
  owner: AccountOwner;
  /** What this process spends of it. */
  readonly budget: Reservations = new Reservations();
  /** Of which version of the policies the limits are. */
  limitsVersion = -1;
  /** Somebody wants it to stop. */
  stopped: Stop | undefined;
  /** Up to here somebody has decided to go on. */
  approvedNanoUsd = 0;
  /** The highest level that was told of. */
  toldLevel: BudgetLevel = BudgetLevel.OK;
  /** What was told of already, once each. */
  readonly told: Set<BudgetEventAction> = new Set();
  /** When a call of it was made last, on the clock that does not jump. */
  usedAtMs: number = performance.now();
  /** What the aggregator has counted of it beyond what had been spent here by then, at the most. */
  countedElsewhere: Amount = { nanoUsd: 0, tokens: 0 };
  /** What a call waits for beyond its lease. */
  wanted: Amount = { nanoUsd: 0, tokens: 0 };
  /** Its calls that are under way. */
  readonly underWay: Set<StoppableCall> = new Set();
  /** Who waits for room, in the order in which they came. */
  readonly waiting: Set<() => void> = new Set();
  /** How many tokens more a prompt had than its bytes say: an API may hold a part of the conversation itself. */
  promptExtraTokens = 0;
  /** Of all answers so far. */
  longestAnswerTokens = 0;
  #limits: AccountLimits;
  #raisedNanoUsd = 0;
  #elsewhere: Elsewhere = { nanoUsd: 0, tokens: 0, spent: { nanoUsd: 0, tokens: 0 }, leased: {} };

  constructor(owner: AccountOwner, limits: AccountLimits) {
    this.owner = owner;
    this.#limits = limits;
    this.#bound();
  }

  get limits(): AccountLimits {
    return this.#limits;
  }

  set limits(limits: AccountLimits) {
    this.#limits = limits;
    this.#bound();
  }

  get elsewhere(): Elsewhere {
    return this.#elsewhere;
  }

  /** What others spend of it, and what this process may. */
  set elsewhere(elsewhere: Elsewhere) {
    this.#elsewhere = elsewhere;
    this.#bound();
    this.wake();
  }

  /** Of all processes, as far as this one knows. */
  get spentNanoUsd(): number {
    return this.budget.spent.nanoUsd + this.#elsewhere.spent.nanoUsd;
  }

  get spentTokens(): number {
    return this.budget.spent.tokens + this.#elsewhere.spent.tokens;
  }

  /** The highest level that what was spent has come to, and the limit that says so. */
  passed(): Threshold | undefined {
    let highest: Threshold | undefined;
    const spent = { nanoUsd: this.spentNanoUsd, tokens: this.spentTokens };
    for (const threshold of this.#limits.thresholds) {
      if (spent[threshold.unit] < this.#amountOf(threshold)) continue;
      if (rankOf(threshold) > rankOf(highest)) highest = threshold;
    }
    return highest;
  }

  get level(): BudgetLevel {
    return this.stopped !== undefined ? BudgetLevel.STOP : (this.passed()?.level ?? BudgetLevel.OK);
  }

  /** Whether a call was refused. */
  get isRefused(): boolean {
    return this.told.has(BudgetEventAction.STOP);
  }

  /** Whether its calls are to be made cheaper. */
  get isDegraded(): boolean {
    return LEVEL_RANK[this.level] >= LEVEL_RANK[this.#limits.degradeAt];
  }

  /** The limit that an amount would pass, if it were reserved too. */
  bindingFor({ nanoUsd, tokens }: Amount): string | undefined {
    const available = this.budget.available;
    if (nanoUsd > available.nanoUsd) return this.budget.limits.nanoUsd?.name;
    return tokens > available.tokens ? this.budget.limits.tokens?.name : undefined;
  }

  /** Whether nobody has spent or reserved what is left of its limits: what this process lacks, others only hold by their leases. */
  hasRoomFor(amount: Amount): boolean {
    return (['nanoUsd', 'tokens'] as const).every((unit) => {
      const stop = this.#lowestStop(unit);
      const used = this.#elsewhere[unit] + this.budget.spent[unit] + this.budget.reserved[unit];
      return stop === undefined || used + amount[unit] <= this.#amountOf(stop);
    });
  }

  /** Lets it cost so much more. */
  raise(nanoUsd: number): void {
    this.#raisedNanoUsd += nanoUsd;
    this.approvedNanoUsd = this.spentNanoUsd + nanoUsd;
    this.#bound();
    this.told.delete(BudgetEventAction.STOP);
    this.toldLevel = this.level;
    this.wake();
  }

  /** It was stopped, and may go on. */
  letGo(): void {
    this.stopped = undefined;
    this.told.delete(BudgetEventAction.STOP);
    this.wake();
  }

  /** Something was given back, or a limit has changed: whoever waits looks again. */
  wake(): void {
    if (this.waiting.size > 0) for (const look of this.waiting) look();
  }

  figures(): BudgetFigures {
    const { session, workflow, tenant, agent, model } = this.owner;
    const { expectedNanoUsd } = this.#limits;
    const { level, spentNanoUsd, spentTokens } = this;
    const { nanoUsd: reservedNanoUsd, tokens: reservedTokens } = this.budget.reserved;
    const money = this.#lowestStop('nanoUsd');
    const tokens = this.#lowestStop('tokens');
    const limitNanoUsd = money === undefined ? undefined : this.#amountOf(money);
    return {
      session,
      workflow,
      tenant,
      agent,
      model,
      level,
      status: STATUS[level],
      spentUsd: spentNanoUsd / 1e9,
      spentNanoUsd,
      spentTokens,
      reservedUsd: reservedNanoUsd / 1e9,
      reservedNanoUsd,
      reservedTokens,
      bindingLimit: this.stopped?.reason ?? (this.passed() ?? money ?? tokens)?.name,
      limitUsd: limitNanoUsd === undefined ? undefined : limitNanoUsd / 1e9,
      limitNanoUsd,
      limitTokens: tokens?.amount,
      expectedUsd: expectedNanoUsd === undefined ? undefined : expectedNanoUsd / 1e9,
      percentOfExpected: expectedNanoUsd === undefined ? undefined : (spentNanoUsd / expectedNanoUsd) * 100,
    };
  }

  #lowestStop(unit: Threshold['unit']): Threshold | undefined {
    let lowest: Threshold | undefined;
    for (const threshold of this.#limits.thresholds) {
      if (threshold.unit !== unit || threshold.level !== BudgetLevel.STOP) continue;
      if (lowest === undefined || threshold.amount < lowest.amount) lowest = threshold;
    }
    return lowest;
  }

  #amountOf({ unit, level, amount }: Threshold): number {
    return unit === 'nanoUsd' && level === BudgetLevel.STOP ? amount + this.#raisedNanoUsd : amount;
  }

  /** What this process may spend: what others leave of the lowest stop, and no more than its lease. */
  #bound(): void {
    this.budget.setLimits({ nanoUsd: this.#boundOf('nanoUsd'), tokens: this.#boundOf('tokens') });
  }

  #boundOf(unit: Threshold['unit']): SpendLimit | undefined {
    const stop = this.#lowestStop(unit);
    const left = stop === undefined ? Infinity : Math.max(0, this.#amountOf(stop) - this.#elsewhere[unit]);
    const leased = this.#elsewhere.leased[unit] ?? Infinity;
    if (leased < left) return { name: LEASE, amount: leased };
    return stop === undefined ? undefined : { name: stop.name, amount: left };
  }
}

/** The name of the bound that a lease is. */
export const LEASE = 'lease';

function rankOf(threshold: Threshold | undefined): number {
  return threshold?.level === undefined ? 0 : LEVEL_RANK[threshold.level];
}

const STATUS: Readonly<Record<BudgetLevel, BudgetStatus>> = {
  [BudgetLevel.OK]: BudgetStatus.WITHIN,
  [BudgetLevel.WARNING]: BudgetStatus.APPROACHING,
  [BudgetLevel.CRITICAL]: BudgetStatus.APPROACHING,
  [BudgetLevel.STOP]: BudgetStatus.EXCEEDED,
};
