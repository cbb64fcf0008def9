// A session's part of a prepaid or trial balance: set aside when it begins, paid with what it used when it ends. The aggregator keeps the
// balance; it is never negative, however many sessions ask at once.

import { ask, type AggregatorAddress, type Answer } from './aggregator-client.ts';
import { ReportReason } from './session-report.ts';

/** Which balance pays for a session. */
export interface PrepaidBalance {
  readonly account: string;
  /** @default tokens */
  readonly unit?: 'tokens' | 'usd' | undefined;
  /** What is set aside for the session, and bounds it; where less is left, that. Tokens, or US dollars. */
  readonly reserve: number;
}

/** What a session may spend of its balance. */
export interface BalanceHeld {
  /** `local` where no aggregator could be asked: nothing is set aside then, and `reason` says why. */
  readonly source: 'aggregator' | 'local';
  readonly reason?: ReportReason | undefined;
  readonly account: string;
  readonly unit: 'tokens' | 'usd';
  /** Set aside for this session. */
  readonly reserved: number;
  /** Left for others. Undefined where nobody said. */
  readonly free: number | undefined;
  /** Whether nothing was left: the session's first model call is refused. */
  readonly isExhausted: boolean;
}

/** What a session has paid. */
export interface BalancePaid {
  /** Whether the balance has it: not where nothing was set aside, or nobody answered. */
  readonly isSettled: boolean;
  readonly spent: number;
  /** Part of it that nothing was left for. */
  readonly uncovered: number;
  readonly free: number | undefined;
}

/** One session's reservation. */
export class SessionReservation {
  readonly #balance: PrepaidBalance;
  readonly #session: string;
  #entry: number | undefined;

  constructor(balance: PrepaidBalance, session: string) {
    this.#balance = balance;
    this.#session = session;
  }

  /** Sets aside what the session may spend. Never throws. */
  async hold(address: AggregatorAddress | undefined, signal: AbortSignal): Promise<BalanceHeld> {
    const { account, unit = 'tokens', reserve } = this.#balance;
    const nothing = { account, unit, reserved: 0, free: undefined };
    if (address === undefined)
      return { source: 'local', reason: ReportReason.NO_AGGREGATOR, ...nothing, isExhausted: false };
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const free = await this.#free(address, signal);
        const amount = Math.min(free, wholeOf(reserve, unit));
        if (amount < 1) return { source: 'aggregator', ...nothing, free: amountOf(free, unit), isExhausted: true };
        const answer = await this.#post(address, signal, 'reserve', { amount, expires_at: inADay() });
        // Somebody else was faster: what is left is looked up anew.
        if (answer.status === TOO_LITTLE) continue;
        const { entry, freeAfter } = readEntry(answer);
        this.#entry = entry;
        return {
          source: 'aggregator',
          account,
          unit,
          reserved: amountOf(amount, unit),
          free: amountOf(freeAfter, unit),
          isExhausted: false,
        };
      }
      return { source: 'aggregator', ...nothing, isExhausted: true };
    } catch (error) {
      return { source: 'local', reason: reasonOf(error, signal), ...nothing, isExhausted: false };
    }
  }

  /** Pays with what was used, tokens or US dollars; the rest of what was set aside is free again. Never throws. */
  async pay(address: AggregatorAddress | undefined, used: number, signal: AbortSignal): Promise<BalancePaid> {
    const { unit = 'tokens' } = this.#balance;
    const unpaid = { isSettled: false, spent: 0, uncovered: 0, free: undefined };
    const entry = this.#entry;
    if (address === undefined || entry === undefined) return unpaid;
    try {
      const body = { reservation: entry, amount: wholeOf(used, unit) };
      const { freeAfter, amount, uncovered } = readEntry(await this.#post(address, signal, 'settle', body));
      this.#entry = undefined;
      return {
        isSettled: true,
        spent: amountOf(amount, unit),
        uncovered: amountOf(uncovered, unit),
        free: amountOf(freeAfter, unit),
      };
    } catch {
      // The reservation lapses by itself.
      return unpaid;
    }
  }

  async #free(address: AggregatorAddress, signal: AbortSignal): Promise<number> {
    const answer = await ask({ ...address, signal }, 'GET', `${this.#path()}?unit=${this.#unit()}&limit=1`);
    // A balance that nobody granted anything has nothing.
    if (answer.status === NOT_FOUND) return 0;
    if (answer.status !== OK) throw new Refusal(answer.status);
    return readWhole(fieldOf(fieldOf(answer.body, 'balance'), 'free'));
  }

  async #post(address: AggregatorAddress, signal: AbortSignal, what: string, body: object): Promise<Answer> {
    const said = { ...body, unit: this.#unit(), note: `session ${this.#session}`.slice(0, NOTE_LENGTH_MAX) };
    const answer = await ask({ ...address, signal }, 'POST', `${this.#path()}/${what}`, said, {
      'idempotency-key':
        what === 'settle' ? `settle ${this.#entry} of ${this.#session}`.slice(0, KEY_MAX) : crypto.randomUUID(),
    });
    if (answer.status !== OK && answer.status !== TOO_LITTLE) throw new Refusal(answer.status);
    return answer;
  }

  #path(): string {
    return `/balances/${encodeURIComponent(this.#balance.account)}`;
  }

  #unit(): string {
    return this.#balance.unit === 'usd' ? 'nano_usd' : 'tokens';
  }
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.name = 'Refusal';
    this.status = status;
  }
}

const OK = 200;
const TOO_LITTLE = 402;
const NOT_FOUND = 404;
const ATTEMPTS = 3;
const NOTE_LENGTH_MAX = 500;
const KEY_MAX = 255;
const DAY_MS = 86_400_000;
const NANO = 1e9;

/** A process that dies gives back what it had set aside by then. */
function inADay(): string {
  return new Date(Date.now() + DAY_MS).toISOString();
}

/** What nobody can pay with is nothing. */
function wholeOf(amount: number, unit: 'tokens' | 'usd'): number {
  const whole = Math.ceil(unit === 'usd' ? amount * NANO : amount);
  return Number.isSafeInteger(whole) && whole > 0 ? whole : 0;
}

function amountOf(whole: number, unit: 'tokens' | 'usd'): number {
  return unit === 'usd' ? whole / NANO : whole;
}

function readEntry({ status, body }: Answer): {
  readonly entry: number;
  readonly amount: number;
  readonly uncovered: number;
  readonly freeAfter: number;
} {
  if (status !== OK) throw new Refusal(status);
  return {
    entry: readWhole(fieldOf(body, 'entry')),
    amount: readWhole(fieldOf(body, 'amount')),
    uncovered: readWhole(fieldOf(body, 'uncovered')),
    freeAfter: readWhole(fieldOf(body, 'free_after')),
  };
}

/** Amounts come as text. */
function readWhole(value: unknown): number {
  const whole = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!(whole >= 0)) throw new Refusal(OK);
  return Math.min(whole, Number.MAX_SAFE_INTEGER);
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function reasonOf(error: unknown, signal: AbortSignal): ReportReason {
  if (error instanceof Refusal) {
    return [400, 401, 403].includes(error.status) ? ReportReason.REFUSED : ReportReason.UNEXPECTED_ANSWER;
  }
  return signal.aborted ? ReportReason.TIMEOUT : ReportReason.UNREACHABLE;
}
