import { describe, expect, it } from 'vitest';
import type { BalanceStanding, BalanceUnit } from '../../src/index.ts';
import { newTenant, withStores, type Stores } from './stores.ts';

interface Account {
  readonly tenant: string;
  readonly account: string;
  readonly unit: BalanceUnit;
  readonly by: string;
  readonly nowMs: number;
}

function newAccount(): Account {
  return { tenant: newTenant(), account: 'trial', unit: 'tokens', by: 'ada', nowMs: 1000 };
}

export function describeBalances(stores: Stores): void {
  describe('balances', () => {
    it('are granted, reserved, settled by what was used, and what is left is free again', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 100n, idempotencyKey: 'g', note: 'trial' });
        const { entry } = await balances.reserve({ ...account, amount: 60n, idempotencyKey: 'r' });
        expect(entry).toMatchObject({ sequence: 2, kind: 'reserve', freeAfter: 40n, reservedAfter: 60n });
        await balances.settle({ ...account, amount: 25n, reservation: 2, idempotencyKey: 's' });
        expect(await balances.find(account)).toMatchObject({ free: 75n, reserved: 0n, spent: 25n, granted: 100n });
      }));

    it('are exact above what a JavaScript number holds', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        const amount = 2n ** 63n - 2n;
        await balances.grant({ ...account, amount, idempotencyKey: 'g', expiresAtMs: 5000 });
        await balances.deduct({ ...account, amount: 2n ** 53n + 1n, idempotencyKey: 'd' });
        const balance = await balances.find(account);
        expect(balance).toMatchObject({ free: amount - 2n ** 53n - 1n, spent: 9_007_199_254_740_993n });
        const tooMuch = balances.grant({ ...account, amount: 2n, idempotencyKey: 'g2' });
        await expect(tooMuch).rejects.toMatchObject({ code: 'limit_reached', field: 'amount' });
      }));

    it('take above a reservation from what is free, and tell what nothing is left for', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'g' });
        await balances.reserve({ ...account, amount: 6n, idempotencyKey: 'r' });
        const { entry } = await balances.settle({ ...account, amount: 13n, reservation: 2, idempotencyKey: 's' });
        expect(entry).toMatchObject({ amount: 13n, uncovered: 3n, freeAfter: 0n, spentAfter: 10n });
      }));

    it('are not spent or reserved beyond what is free', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'g' });
        for (const operation of ['deduct', 'reserve'] as const) {
          const asking = balances[operation]({ ...account, amount: 11n, idempotencyKey: operation });
          await expect(asking).rejects.toMatchObject({ code: 'insufficient_balance' });
          // A refusal is not remembered: the key may be used when there is enough.
          await balances[operation]({ ...account, amount: 5n, idempotencyKey: operation });
        }
        expect(await balances.find(account)).toMatchObject({ free: 0n, reserved: 5n, spent: 5n });
      }));

    it('tell what was spent by day, refunds being no less of it', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        const at = (day: number): typeof account => ({ ...account, nowMs: day * 86_400_000 + 5000 });
        await balances.grant({ ...at(10), amount: 100n, idempotencyKey: 'g' });
        await balances.deduct({ ...at(10), amount: 1n, idempotencyKey: 'before' });
        await balances.reserve({ ...at(11), amount: 60n, idempotencyKey: 'r' });
        await balances.settle({ ...at(11), amount: 25n, reservation: 3, idempotencyKey: 's' });
        await balances.deduct({ ...at(11), amount: 5n, idempotencyKey: 'd' });
        await balances.refund({ ...at(12), amount: 5n, spending: 5, idempotencyKey: 'back' });
        await balances.reserve({ ...at(14), amount: 70n, idempotencyKey: 'r2' });
        await balances.settle({ ...at(14), amount: 90n, reservation: 7, idempotencyKey: 's2' });
        // Of the last 90 there were 74 to spend: 100 - 1 - 25 - 5 + 5.
        expect(await balances.spentByDay({ ...account, fromDay: 11 })).toEqual([
          { day: 11, spent: 30n },
          { day: 14, spent: 74n },
        ]);
        expect(await balances.spentByDay({ ...account, account: 'another', fromDay: 0 })).toEqual([]);
      }));

    it('spend what expires first, and lose what nobody spent', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'never' });
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'late', expiresAtMs: 3000 });
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'soon', expiresAtMs: 2000 });
        await balances.deduct({ ...account, amount: 4n, idempotencyKey: 'd' });
        expect(await balances.find({ ...account, nowMs: 1999 })).toMatchObject({
          free: 26n,
          expiring: [
            { expiresAtMs: 2000, amount: 6n },
            { expiresAtMs: 3000, amount: 10n },
          ],
        });
        // Also before it is written down.
        expect(await balances.find({ ...account, nowMs: 2000 })).toMatchObject({ free: 20n, expired: 6n });
        expect(await balances.expireDue(3000)).toBeGreaterThanOrEqual(2);
        const [newest] = await balances.entries(account);
        expect(newest).toMatchObject({ kind: 'expire', amount: 10n, expiresAtMs: 3000, by: null, freeAfter: 10n });
      }));

    it('free what a reservation holds when nobody ends it in time, and settle it late from what is free', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'g' });
        await balances.reserve({ ...account, amount: 8n, idempotencyKey: 'r', expiresAtMs: 2000 });
        const later = { ...account, nowMs: 2000 };
        expect(await balances.find(later)).toMatchObject({ free: 10n, reserved: 0n, reservations: 0 });
        const releasing = balances.release({ ...later, reservation: 2, idempotencyKey: 'x' });
        await expect(releasing).rejects.toMatchObject({ code: 'reservation_closed' });
        await balances.settle({ ...later, amount: 7n, reservation: 2, idempotencyKey: 's' });
        expect(await balances.find(later)).toMatchObject({ free: 3n, spent: 7n });
        const again = balances.settle({ ...later, amount: 1n, reservation: 2, idempotencyKey: 's2' });
        await expect(again).rejects.toMatchObject({ code: 'reservation_closed' });
      }));

    it('give back at most what was spent, as a grant of its own', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        await balances.grant({ ...account, amount: 10n, idempotencyKey: 'g', expiresAtMs: 2000 });
        await balances.deduct({ ...account, amount: 6n, idempotencyKey: 'd' });
        await balances.refund({ ...account, amount: 4n, spending: 2, idempotencyKey: 'f1' });
        const tooHigh = balances.refund({ ...account, amount: 3n, spending: 2, idempotencyKey: 'f2' });
        await expect(tooHigh).rejects.toMatchObject({ code: 'refund_too_high' });
        const ofGrant = balances.refund({ ...account, amount: 1n, spending: 1, idempotencyKey: 'f3' });
        await expect(ofGrant).rejects.toMatchObject({ code: 'not_found', field: 'spending' });
        expect(await balances.find({ ...account, nowMs: 2000 })).toMatchObject({ free: 4n, expired: 4n, refunded: 4n });
      }));

    it('answer a repeated request the same, and refuse another with its key', () =>
      withStores(stores, 2, async (first, second = first) => {
        const account = newAccount();
        const grant = { ...account, amount: 10n, idempotencyKey: 'g' };
        const answer = await first.balances.grant(grant);
        expect(await second.balances.grant({ ...grant, by: 'bob', nowMs: 9000 })).toEqual({
          ...answer,
          isRepeated: true,
        });
        for (const other of [
          { ...grant, amount: 11n },
          { ...grant, account: 'other' },
          { ...grant, expiresAtMs: 7000 },
        ]) {
          await expect(second.balances.grant(other)).rejects.toMatchObject({ code: 'idempotency_conflict' });
        }
        const otherKind = second.balances.deduct(grant);
        await expect(otherKind).rejects.toMatchObject({ code: 'idempotency_conflict' });
        expect(await first.balances.list({ tenant: account.tenant, nowMs: 1000 })).toHaveLength(1);
      }));

    it('settle a reservation once when it is settled by several at once', () =>
      withStores(stores, 2, async (first, second = first) => {
        const account = newAccount();
        await first.balances.grant({ ...account, amount: 10n, idempotencyKey: 'g' });
        await first.balances.reserve({ ...account, amount: 10n, idempotencyKey: 'r' });
        const settling = await Promise.allSettled(
          [first, second, first, second].map(({ balances }, at) =>
            balances.settle({ ...account, amount: 3n, reservation: 2, idempotencyKey: `s${at}` }),
          ),
        );
        expect(settling.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(await first.balances.find(account)).toMatchObject({ free: 7n, spent: 3n });
      }));

    it('are told of all tenants at once, as of now, page by page', () =>
      withStores(stores, 1, async ({ balances }) => {
        // Other tests have left accounts of their own.
        const first = { ...newAccount(), account: 'a', by: 'ada' };
        const second = { ...newAccount(), account: 'b', by: 'ada' };
        await balances.grant({ ...first, amount: 10n, idempotencyKey: 'g', expiresAtMs: 2000 });
        await balances.grant({ ...first, amount: 5n, idempotencyKey: 'g2' });
        await balances.reserve({ ...first, amount: 4n, idempotencyKey: 'r', expiresAtMs: 3000 });
        await balances.grant({ ...second, unit: 'nano_usd', amount: 7n, idempotencyKey: 'g' });
        const all: BalanceStanding[] = [];
        for (let more = true; more;) {
          const page = await balances.standings({ nowMs: 4000, after: all.at(-1), limit: 3 });
          all.push(...page);
          more = page.length === 3;
        }
        const of = ({ tenant }: Account): readonly BalanceStanding[] => all.filter((one) => one.tenant === tenant);
        // What was reserved lapsed, and 10 have expired by then.
        expect(of(first)).toMatchObject([{ account: 'a', unit: 'tokens', free: 5n, reserved: 0n, expired: 10n }]);
        expect(of(second)).toMatchObject([{ account: 'b', unit: 'nano_usd', free: 7n, spent: 0n }]);
        const names = all.map(({ tenant, account, unit }) => `${tenant} ${account} ${unit}`);
        expect(new Set(names).size).toBe(names.length);
      }));

    it('are listed by name, with units apart, page by page', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        for (const [name, unit] of [
          ['b', 'tokens'],
          ['a', 'tokens'],
          ['Z', 'tokens'],
          ['a', 'nano_usd'],
        ] as const) {
          await balances.grant({ ...account, account: name, unit, amount: 1n, idempotencyKey: `${name}${unit}` });
        }
        const { tenant, nowMs } = account;
        const all = await balances.list({ tenant, nowMs });
        const names = all.map(({ account: name, unit }) => `${name} ${unit}`);
        expect(names).toEqual(['Z tokens', 'a nano_usd', 'a tokens', 'b tokens']);
        const [, after] = all;
        expect(await balances.list({ tenant, nowMs, after, limit: 1 })).toEqual([all[2]]);
        expect(await balances.find({ ...account, account: 'nobody' })).toBeUndefined();
      }));

    it('refuse what cannot be, by the name of the field', () =>
      withStores(stores, 1, async ({ balances }) => {
        const account = newAccount();
        const grant = { ...account, amount: 1n, idempotencyKey: 'g' };
        await balances.grant(grant);
        const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
          [() => balances.grant({ ...grant, amount: 0n, idempotencyKey: 'a' }), 'invalid', 'amount'],
          [() => balances.grant({ ...grant, amount: -1n, idempotencyKey: 'a' }), 'invalid', 'amount'],
          [() => balances.grant({ ...grant, amount: 2n ** 63n, idempotencyKey: 'a' }), 'invalid', 'amount'],
          [() => balances.grant({ ...grant, expiresAtMs: 1000, idempotencyKey: 'a' }), 'invalid', 'expiresAtMs'],
          [() => balances.grant({ ...grant, idempotencyKey: '' }), 'invalid', 'idempotencyKey'],
          [() => balances.grant({ ...grant, account: 'a\0b', idempotencyKey: 'a' }), 'invalid', 'account'],
          [() => balances.grant({ ...grant, unit: 'usd' as 'tokens', idempotencyKey: 'a' }), 'invalid', 'unit'],
          [() => balances.deduct({ ...grant, account: 'nobody', idempotencyKey: 'a' }), 'not_found', 'account'],
          [() => balances.settle({ ...grant, reservation: 1, idempotencyKey: 'a' }), 'not_found', 'reservation'],
          [() => balances.release({ ...grant, reservation: 99, idempotencyKey: 'a' }), 'not_found', 'reservation'],
        ];
        for (const [asking, code, field] of cases) await expect(asking()).rejects.toMatchObject({ code, field });
        expect(await balances.find(account)).toMatchObject({ sequence: 1 });
      }));
  });
}
