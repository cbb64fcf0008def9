import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlStore, LeaseAnswer, SyncLease } from '../../src/index.ts';
import { newTenant, withStores, type Stores } from './stores.ts';

const LIMIT = 1000;
const TTL_MS = 100;

/** A process that keeps to its lease, but whose requests and answers get lost or late, and whose calls take their time. */
class SimulatedGuard {
  readonly #share: Pick<SyncLease, 'tenant' | 'session' | 'guard'>;
  readonly #calls: number[] = [];
  #sequence = 0;
  #lease = 0;
  #expiresAtMs = 0;
  #answered = 0;
  /** What the store heard last, and until when it waits for more. */
  #told = 0;
  #awaitedUntilMs = Number.POSITIVE_INFINITY;
  /** Spent or reserved in silence: the store could not know when it took the lease back. */
  untold = 0;
  spent = 0;

  constructor(share: Pick<SyncLease, 'tenant' | 'session' | 'guard'>) {
    this.#share = share;
  }

  get #reserved(): number {
    return this.#calls.reduce((sum, call) => sum + call, 0);
  }

  /** A call is made only within the lease, and while it holds. */
  begin(worst: number, nowMs: number): void {
    if (nowMs < this.#expiresAtMs && this.spent + this.#reserved + worst <= this.#lease) this.#calls.push(worst);
  }

  /** It may have been under way when the lease ran out, and costs at most what was reserved. */
  end(share: number): void {
    const worst = this.#calls.shift();
    if (worst !== undefined) this.spent += Math.floor(worst * share);
  }

  pass(nowMs: number): void {
    if (nowMs < this.#awaitedUntilMs) return;
    this.untold += Math.max(0, this.spent + this.#reserved - this.#told);
    this.#awaitedUntilMs = Number.POSITIVE_INFINITY;
  }

  arrive({ spentTokens, reservedTokens, nowMs }: SyncLease): void {
    this.#told = spentTokens + reservedTokens;
    this.#awaitedUntilMs = nowMs + TTL_MS;
  }

  ask(want: number, nowMs: number): SyncLease {
    this.#sequence += 1;
    return {
      ...this.#share,
      sequence: this.#sequence,
      spentNanoUsd: 0,
      reservedNanoUsd: 0,
      limitNanoUsd: null,
      spentTokens: this.spent,
      reservedTokens: this.#reserved,
      heldTokens: nowMs < this.#expiresAtMs ? this.#lease : this.spent + this.#reserved,
      wantTokens: want,
      limitTokens: LIMIT,
      ttlMs: TTL_MS,
      nowMs,
    };
  }

  /** A late answer to an older request is not obeyed. */
  hear(request: SyncLease, { leasedTokens, expiresAtMs, isStale }: LeaseAnswer): void {
    if (request.sequence <= this.#answered || isStale) return;
    this.#answered = request.sequence;
    this.#lease = leasedTokens ?? 0;
    this.#expiresAtMs = expiresAtMs ?? 0;
  }
}

const guard = fc.integer({ min: 0, max: 3 });
const step = fc.oneof(
  fc.record({ do: fc.constant('begin'), guard, amount: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ do: fc.constant('end'), guard, share: fc.double({ min: 0.5, max: 1, noNaN: true }) }),
  fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 1, max: 40 }) }),
  // Some at once; of each whether the request, or the answer, gets lost.
  fc.record({
    do: fc.constant('sync'),
    asks: fc.array(
      fc.record({
        guard,
        want: fc.integer({ min: 0, max: 500 }),
        fate: fc.constantFrom('heard', 'heard', 'heard', 'lost', 'unheard', 'repeated'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

export function describeLeaseProperties(stores: Stores, runs: number): void {
  describe('leases, whatever gets lost', () => {
    it('never let guards spend or hold more than the limit together, but for what one spent in silence until its lease ran out', () =>
      withStores(stores, 2, async (...opened) => {
        const spent: number[] = [];
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80 }), async (steps) => {
            spent.push(await play(opened, steps));
          }),
          { numRuns: runs },
        );
        // The limit is approached, or the property would say nothing.
        expect(Math.max(...spent)).toBeGreaterThan(LIMIT / 2);
      }));
  });
}

async function play(stores: readonly ControlStore[], steps: readonly Step[]): Promise<number> {
  const session = { tenant: newTenant(), session: 's1' };
  const guards = Array.from({ length: 4 }, (_, at) => new SimulatedGuard({ ...session, guard: `g${at}` }));
  let nowMs = 1000;
  for (const now of steps) {
    if (now.do === 'pass') {
      nowMs += now.ms;
      for (const one of guards) one.pass(nowMs);
    } else if (now.do === 'begin') guards[now.guard]?.begin(now.amount, nowMs);
    else if (now.do === 'end') guards[now.guard]?.end(now.share);
    else await syncAtOnce(stores, guards, now.asks, nowMs);
    const spent = guards.reduce((sum, one) => sum + one.spent, 0);
    const bound = LIMIT + guards.reduce((sum, one) => sum + one.untold, 0);
    expect(spent).toBeLessThanOrEqual(bound);
    const shares = (await stores[0]?.leases.list(session.tenant, session.session)) ?? [];
    const held = shares.reduce((sum, share) => sum + Math.max(share.spentTokens, share.committedTokens), 0);
    expect(held).toBeLessThanOrEqual(bound);
  }
  return guards.reduce((sum, one) => sum + one.spent, 0);
}

async function syncAtOnce(
  stores: readonly ControlStore[],
  guards: readonly SimulatedGuard[],
  asks: readonly { readonly guard: number; readonly want: number; readonly fate: string }[],
  nowMs: number,
): Promise<void> {
  await Promise.all(
    asks.map(async ({ guard: which, want, fate }, at) => {
      const one = guards[which];
      const store = stores[at % stores.length];
      if (one === undefined || store === undefined) return;
      const request = one.ask(want, nowMs);
      if (fate === 'lost') return;
      one.arrive(request);
      const answer = await store.leases.sync(request);
      if (fate === 'repeated') await store.leases.sync(request);
      if (fate !== 'unheard') one.hear(request, answer);
    }),
  );
}
