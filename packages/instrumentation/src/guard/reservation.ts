import type { Reservation as Hold } from '@turnmeter/budget';
import type { TokenUsage } from '@turnmeter/pricing';
import type { Account, Amount } from './account.ts';
import type { GuardedCall, Reservation } from './guarded-call.ts';

/** What a reservation is made of. */
export interface ReservationParts {
  /** What is held in all of the accounts. */
  readonly hold: Hold;
  /** The session's first. */
  readonly accounts: readonly Account[];
  readonly call: GuardedCall;
  /** The prompt as it was estimated. */
  readonly inputTokens: number;
}

/** What is set aside for one call, in each of its accounts. */
export class HeldReservation implements Reservation {
  readonly accounts: readonly Account[];
  readonly inputTokens: number;
  readonly #hold: Hold;
  readonly #call: GuardedCall;
  #listener: (() => void) | undefined;
  #stopError: Error | undefined;

  constructor({ hold, accounts, call, inputTokens }: ReservationParts) {
    this.#hold = hold;
    this.accounts = accounts;
    this.#call = call;
    this.inputTokens = inputTokens;
    accounts[0]?.underWay.add(this);
  }

  get isClosed(): boolean {
    return !this.#hold.isOpen;
  }

  get stopError(): Error | undefined {
    return this.#stopError;
  }

  onStop(listener: () => void): void {
    this.#listener = listener;
  }

  /** Somebody has stopped the session. */
  stop(error: Error): void {
    if (this.isClosed || this.#listener === undefined) return;
    this.#stopError = error;
    this.#listener();
  }

  get amount(): Amount {
    return this.#hold.amount;
  }

  release(): void {
    if (this.isClosed) return;
    this.#hold.release();
    this.#wake();
  }

  settle(actual: Amount): void {
    this.#hold.settle(actual);
    this.#wake();
  }

  /** What prompts and answers of the session are like; the next ones are taken for as large. */
  learnFrom({ input, output }: TokenUsage): void {
    const [session] = this.accounts;
    if (session === undefined) return;
    session.promptExtraTokens = Math.max(session.promptExtraTokens, (input ?? 0) - this.#call.size.tokens);
    const answer = (output ?? 0) / Math.max(1, this.#call.choices ?? 1);
    session.longestAnswerTokens = Math.max(session.longestAnswerTokens, Math.ceil(answer));
  }

  #wake(): void {
    this.accounts[0]?.underWay.delete(this);
    for (const account of this.accounts) account.wake();
  }
}
