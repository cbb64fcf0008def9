// What a balance has to be, worked out in another way: every token is a thing of its own, with a time at which it is gone.

interface Token {
  readonly expiresAtMs: number;
  state: 'free' | 'reserved' | 'spent' | 'expired';
  reservation: number;
}

/** What was asked; times are of one account. */
export type Asked =
  | { readonly kind: 'grant' | 'reserve'; readonly amount: number; readonly expiresInMs: number | null }
  | { readonly kind: 'deduct'; readonly amount: number }
  | { readonly kind: 'settle' | 'refund'; readonly refersTo: number; readonly amount: number }
  | { readonly kind: 'release'; readonly refersTo: number };

interface OpenReservation {
  readonly expiresAtMs: number;
  isLapsed: boolean;
  isClosed: boolean;
}

export class TokenOracle {
  readonly #tokens: Token[] = [];
  readonly #reservations = new Map<number, OpenReservation>();
  readonly #spendings = new Map<number, number>();
  uncovered = 0;

  count(state: Token['state']): number {
    return this.#tokens.filter((token) => token.state === state).length;
  }

  /** Undefined, or the code of the refusal. `id` is the number that the entry got, if there is one. */
  ask(asked: Asked, nowMs: number, id: number | undefined): string | undefined {
    this.pass(nowMs);
    const own = id ?? Number.NaN;
    switch (asked.kind) {
      case 'grant':
        return this.#give(
          asked.amount,
          asked.expiresInMs === null ? Number.POSITIVE_INFINITY : nowMs + asked.expiresInMs,
        );
      case 'reserve':
        if (this.count('free') < asked.amount) return 'insufficient_balance';
        for (const token of this.#earliest(asked.amount)) Object.assign(token, { state: 'reserved', reservation: own });
        this.#reservations.set(own, {
          expiresAtMs: asked.expiresInMs === null ? Number.POSITIVE_INFINITY : nowMs + asked.expiresInMs,
          isLapsed: false,
          isClosed: false,
        });
        return undefined;
      case 'deduct':
        if (this.count('free') < asked.amount) return 'insufficient_balance';
        for (const token of this.#earliest(asked.amount)) token.state = 'spent';
        this.#spendings.set(own, asked.amount);
        return undefined;
      case 'settle':
        return this.#settle(asked.refersTo, asked.amount, own, nowMs);
      case 'release': {
        const open = this.#reservations.get(asked.refersTo);
        if (open === undefined) return 'not_found';
        if (open.isClosed || open.isLapsed) return 'reservation_closed';
        open.isClosed = true;
        this.#free(asked.refersTo, nowMs);
        return undefined;
      }
      case 'refund': {
        const left = this.#spendings.get(asked.refersTo);
        if (left === undefined) return 'not_found';
        if (asked.amount > left) return 'refund_too_high';
        this.#spendings.set(asked.refersTo, left - asked.amount);
        return this.#give(asked.amount, Number.POSITIVE_INFINITY);
      }
    }
  }

  /** What has come to its time. */
  pass(nowMs: number): void {
    for (const [id, open] of this.#reservations) {
      if (open.isClosed || open.isLapsed || open.expiresAtMs > nowMs) continue;
      open.isLapsed = true;
      this.#free(id, nowMs);
    }
    for (const token of this.#tokens) if (token.state === 'free' && token.expiresAtMs <= nowMs) token.state = 'expired';
  }

  #give(amount: number, expiresAtMs: number): undefined {
    for (let at = 0; at < amount; at++) this.#tokens.push({ expiresAtMs, state: 'free', reservation: 0 });
    return undefined;
  }

  #settle(reservation: number, amount: number, own: number, nowMs: number): string | undefined {
    const open = this.#reservations.get(reservation);
    if (open === undefined) return 'not_found';
    if (open.isClosed) return 'reservation_closed';
    open.isClosed = true;
    const held = this.#tokens
      .filter((token) => token.state === 'reserved' && token.reservation === reservation)
      .toSorted((a, b) => a.expiresAtMs - b.expiresAtMs);
    const more = Math.max(0, amount - held.length);
    const covered = Math.min(more, this.count('free'));
    for (const token of [...held.slice(0, amount), ...this.#earliest(covered)]) token.state = 'spent';
    this.uncovered += more - covered;
    this.#spendings.set(own, amount - (more - covered));
    this.#free(reservation, nowMs);
    return undefined;
  }

  #free(reservation: number, nowMs: number): void {
    for (const token of this.#tokens) {
      if (token.state !== 'reserved' || token.reservation !== reservation) continue;
      token.state = token.expiresAtMs <= nowMs ? 'expired' : 'free';
    }
  }

  #earliest(amount: number): readonly Token[] {
    return this.#tokens
      .filter(({ state }) => state === 'free')
      .toSorted((a, b) => a.expiresAtMs - b.expiresAtMs)
      .slice(0, amount);
  }
}
