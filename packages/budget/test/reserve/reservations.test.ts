import {
  BudgetError,
  type Refusal,
  type Reservation,
  Reservations,
  type SpendAmount,
  type SpendLimits,
} from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function usd(amount: number): SpendLimits {
  return { nanoUsd: { name: 'usd.stop', amount } };
}

function money(nanoUsd: number, tokens = 0): SpendAmount {
  return { nanoUsd, tokens };
}

function granted(outcome: Reservation | Refusal): Reservation {
  if (!outcome.isGranted) throw new Error(`refused by ${outcome.limit.name}`);
  return outcome;
}

describe('a reservation', () => {
  it('is what others cannot reserve until it is settled or released', () => {
    const budget = new Reservations({ limits: usd(100) });
    const first = granted(budget.reserve(money(70)));
    expect(budget.reserve(money(31))).toMatchObject({
      isGranted: false,
      limit: { name: 'usd.stop', amount: 100 },
      unit: 'nanoUsd',
      requested: 31,
      available: 30,
    });
    first.settle(money(20));
    const second = granted(budget.reserve(money(80)));
    second.release();
    expect([budget.spent, budget.reserved, budget.open]).toEqual([money(20), money(0), 0]);
  });

  it('may reach a limit exactly; from there on, nothing is granted, however little', () => {
    const budget = new Reservations({ limits: usd(100) });
    granted(budget.reserve(money(100))).settle(money(100));
    expect(budget.reserve(money(0)).isGranted).toBe(false);
  });

  it('is bound by tokens, too', () => {
    const budget = new Reservations({ limits: { tokens: { name: 'tokens.stop', amount: 10 } } });
    expect(budget.reserve(money(1e9, 11))).toMatchObject({ isGranted: false, unit: 'tokens', available: 10 });
    expect(budget.reserve(money(1e9, 10)).isGranted).toBe(true);
  });

  it('without any limit is granted', () => {
    const budget = new Reservations();
    expect(budget.reserve(money(1e15, 1e9)).isGranted).toBe(true);
    expect(budget.available).toEqual(money(Infinity, Infinity));
  });

  it('is closed once', () => {
    const budget = new Reservations({ limits: usd(100) });
    const settled = granted(budget.reserve(money(10)));
    settled.settle(money(9));
    expect(settled.isOpen).toBe(false);
    expect(() => settled.settle(money(9))).toThrow(BudgetError);
    expect(() => settled.release()).toThrow('expected one settle or release');
    const released = granted(budget.reserve(money(10)));
    released.release();
    expect(() => released.release()).toThrow(BudgetError);
    expect(() => released.settle(money(1))).toThrow(BudgetError);
    expect([budget.spent, budget.reserved]).toEqual([money(9), money(0)]);
  });

  it('that costs more than was reserved is spent in full and counted', () => {
    const budget = new Reservations({ limits: usd(100) });
    granted(budget.reserve(money(60, 5))).settle(money(130, 9));
    expect(budget.spent).toEqual(money(130, 9));
    expect(budget.overrun).toEqual({ nanoUsd: 70, tokens: 4, calls: 1 });
    expect(budget.available.nanoUsd).toBe(0);
    expect(budget.reserve(money(0)).isGranted).toBe(false);
  });

  it.each([Number.NaN, -1, 1.5, Infinity])('of %s is refused, and settling with it leaves it open', (wrong) => {
    const budget = new Reservations({ limits: usd(100) });
    expect(() => budget.reserve(money(wrong))).toThrow(BudgetError);
    expect(() => budget.reserve(money(1, wrong))).toThrow(BudgetError);
    expect(() => budget.add(money(wrong))).toThrow(BudgetError);
    const reservation = granted(budget.reserve(money(10)));
    expect(() => reservation.settle(money(wrong))).toThrow('expected nanoUsd');
    expect(reservation.isOpen).toBe(true);
    reservation.settle(money(4));
    expect(budget.spent).toEqual(money(4));
  });

  it('stays when limits are lowered, and nothing more is granted', () => {
    const budget = new Reservations({ limits: usd(100) });
    const held = granted(budget.reserve(money(80)));
    budget.setLimits(usd(50));
    expect(budget.reserve(money(1)).isGranted).toBe(false);
    expect(budget.available.nanoUsd).toBe(0);
    held.settle(money(30));
    expect(budget.reserve(money(20)).isGranted).toBe(true);
  });

  it('can be forced by somebody who may, and counts', () => {
    const budget = new Reservations({ limits: usd(100) });
    budget.force(money(150)).settle(money(120));
    expect(budget.spent.nanoUsd).toBe(120);
    expect(budget.overrun.calls).toBe(0);
  });
});

describe('a nested budget', () => {
  it('spends from all above it', () => {
    const session = new Reservations({ name: 'session', limits: usd(100) });
    const nested = new Reservations({ name: 'nested', limits: usd(50), parent: session });
    const deepest = new Reservations({ name: 'deepest', parent: nested });
    granted(deepest.reserve(money(30))).settle(money(20));
    deepest.add(money(5));
    expect([session, nested, deepest].map(({ spent }) => spent.nanoUsd)).toEqual([25, 25, 25]);
    const outcome = deepest.reserve(money(26));
    expect(outcome.isGranted || outcome.of).toBe(nested);
  });

  it('takes from all or from none', () => {
    const session = new Reservations({ limits: usd(10) });
    const nested = new Reservations({ limits: usd(50), parent: session });
    const outcome = nested.reserve(money(20));
    expect(outcome.isGranted || outcome.of).toBe(session);
    expect([session.reserved, nested.reserved]).toEqual([money(0), money(0)]);
  });

  it('leaves what siblings took to them alone', () => {
    const session = new Reservations({ limits: usd(100) });
    const one = new Reservations({ limits: usd(80), parent: session });
    const other = new Reservations({ limits: usd(80), parent: session });
    granted(one.reserve(money(60)));
    expect(other.reserve(money(50)).isGranted).toBe(false);
    expect(other.reserve(money(40)).isGranted).toBe(true);
  });
});

describe('parts of a session', () => {
  it('are bound beside it, all or none, each once', () => {
    const session = new Reservations({ name: 'session', limits: usd(100) });
    const writer = new Reservations({ name: 'writer', limits: usd(30) });
    const big = new Reservations({ name: 'big', limits: usd(50), parent: session });
    granted(session.reserve(money(20), [writer, big])).settle(money(15));
    expect([session, writer, big].map(({ spent }) => spent.nanoUsd)).toEqual([15, 15, 15]);
    const outcome = session.reserve(money(20), [writer, big]);
    expect(outcome.isGranted || outcome.of).toBe(writer);
    expect([session, writer, big].map(({ reserved }) => reserved.nanoUsd)).toEqual([0, 0, 0]);
    expect(session.reserve(money(20), [big]).isGranted).toBe(true);
  });
});

describe('whatever calls do, in whatever order', () => {
  const call = fc.record({
    budget: fc.nat(3),
    nanoUsd: fc.nat(100),
    tokens: fc.nat(100),
    // Never above what was reserved: how much of it is used.
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    end: fc.constantFrom('settle', 'release', 'never'),
    part: fc.boolean(),
  });
  const steps = fc.array(fc.oneof(call, fc.record({ close: fc.nat(50) })), { maxLength: 120 });

  it('no limit is passed, and all sums are those of the calls', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 5, maxLength: 5 }), (list, limits) => {
        const [a = 1, b = 1, c = 1, d = 1, e = 1] = limits;
        const root = new Reservations({ limits: { ...usd(a), tokens: { name: 'tokens.stop', amount: e } } });
        const left = new Reservations({ limits: usd(b), parent: root });
        const right = new Reservations({ limits: usd(c), parent: root });
        const deep = new Reservations({ limits: usd(d), parent: left });
        const part = new Reservations({ limits: usd(150) });
        const budgets = [root, left, right, deep];
        const open: { readonly reservation: Reservation; readonly used: number; readonly end: string }[] = [];
        let spent = 0;
        for (const step of list) {
          if ('close' in step) {
            const [under] = open.splice(step.close % Math.max(1, open.length), 1);
            if (under === undefined || under.end === 'never') continue;
            const { nanoUsd, tokens } = under.reservation.amount;
            if (under.end === 'release') under.reservation.release();
            else under.reservation.settle(money(Math.floor(nanoUsd * under.used), Math.floor(tokens * under.used)));
            spent += under.end === 'release' ? 0 : Math.floor(nanoUsd * under.used);
          } else {
            const outcome = (budgets[step.budget] ?? root).reserve(
              money(step.nanoUsd, step.tokens),
              step.part ? [part] : [],
            );
            if (outcome.isGranted) open.push({ reservation: outcome, used: step.used, end: step.end });
          }
          for (const budget of [...budgets, part]) {
            const { nanoUsd = { amount: Infinity }, tokens = { amount: Infinity } } = budget.limits;
            expect(budget.spent.nanoUsd + budget.reserved.nanoUsd).toBeLessThanOrEqual(nanoUsd.amount);
            expect(budget.spent.tokens + budget.reserved.tokens).toBeLessThanOrEqual(tokens.amount);
            expect(Math.min(budget.reserved.nanoUsd, budget.reserved.tokens, budget.open)).toBeGreaterThanOrEqual(0);
          }
        }
        expect(root.spent.nanoUsd).toBe(spent);
        expect(root.spent.nanoUsd).toBeGreaterThanOrEqual(left.spent.nanoUsd + right.spent.nanoUsd);
        expect(left.spent.nanoUsd).toBeGreaterThanOrEqual(deep.spent.nanoUsd);
        expect(root.overrun.calls).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('calls that are made at the same time pass no limit together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 }),
        async (scheduler, costs) => {
          const budget = new Reservations({ limits: usd(100) });
          let most = 0;
          const makeCall = async (cost: number): Promise<void> => {
            await scheduler.schedule(Promise.resolve(), 'begin');
            const outcome = budget.reserve(money(cost));
            if (!outcome.isGranted) return;
            await scheduler.schedule(Promise.resolve(), 'answer');
            outcome.settle(money(cost));
            most = Math.max(most, budget.spent.nanoUsd);
          };
          const calls = Promise.all(costs.map(makeCall));
          await scheduler.waitAll();
          await calls;
          expect(most).toBeLessThanOrEqual(100);
          expect(budget.reserved.nanoUsd).toBe(0);
        },
      ),
    );
  });
});
