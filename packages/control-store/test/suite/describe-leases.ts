import { describe, expect, it } from 'vitest';
import type { SyncLease } from '../../src/index.ts';
import { newTenant, withStores, type Stores } from './stores.ts';

function guardOf(tenant: string, guard: string): SyncLease {
  return {
    tenant,
    session: 's1',
    guard,
    sequence: 1,
    spentNanoUsd: 0,
    spentTokens: 0,
    reservedNanoUsd: 0,
    reservedTokens: 0,
    limitNanoUsd: 1000,
    limitTokens: null,
    ttlMs: 5000,
    nowMs: 10_000,
  };
}

export function describeLeases(stores: Stores): void {
  describe('leases', () => {
    it('give a guard that is alone half of what is left, each of n the (n + 1)th part, and nothing where there is no limit', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        // 1000 / 2.
        expect(await leases.sync(guardOf(tenant, 'a'))).toEqual({
          leasedNanoUsd: 500,
          leasedTokens: null,
          elsewhereNanoUsd: 0,
          elsewhereTokens: 0,
          elsewhereReservedNanoUsd: 0,
          elsewhereReservedTokens: 0,
          expiresAtMs: 15_000,
          isStale: false,
        });
        // 1000 / 3.
        expect(await leases.sync(guardOf(tenant, 'b'))).toMatchObject({ leasedNanoUsd: 333 });
        // (1000 - 100) / 3 after what it has spent.
        const again = { ...guardOf(tenant, 'a'), sequence: 2, spentNanoUsd: 100, heldNanoUsd: 500 };
        expect(await leases.sync(again)).toMatchObject({ leasedNanoUsd: 400 });
        const other = { ...guardOf(tenant, 'b'), sequence: 2, reservedNanoUsd: 50, heldNanoUsd: 333 };
        expect(await leases.sync(other)).toMatchObject({ elsewhereNanoUsd: 100, elsewhereReservedNanoUsd: 0 });
        const next = { ...again, sequence: 3 };
        expect(await leases.sync(next)).toMatchObject({ elsewhereNanoUsd: 50, elsewhereReservedNanoUsd: 50 });
      }));

    it('keep what a guard may believe it has until it is known to obey less', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        await leases.sync(guardOf(tenant, 'a'));
        await leases.sync(guardOf(tenant, 'b'));
        const told = { ...guardOf(tenant, 'a'), sequence: 2, heldNanoUsd: 500 };
        expect(await leases.sync(told)).toMatchObject({ leasedNanoUsd: 333 });
        expect(await leases.list(tenant, 's1')).toMatchObject([{ guard: 'a', committedNanoUsd: 500 }, {}]);
        await leases.sync({ ...told, sequence: 3, heldNanoUsd: 333 });
        expect(await leases.list(tenant, 's1')).toMatchObject([{ guard: 'a', committedNanoUsd: 333 }, {}]);
      }));

    it('give a call that waits all that nobody else holds', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        expect(await leases.sync({ ...guardOf(tenant, 'a'), wantNanoUsd: 900 })).toMatchObject({ leasedNanoUsd: 900 });
        expect(await leases.sync({ ...guardOf(tenant, 'b'), wantNanoUsd: 900 })).toMatchObject({ leasedNanoUsd: 100 });
        expect(await leases.sync({ ...guardOf(tenant, 'c'), wantNanoUsd: 1 })).toMatchObject({ leasedNanoUsd: 0 });
      }));

    it('take back what a silent guard has not spent, after a while also what it had reserved, and never what it spent', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        const silent = { ...guardOf(tenant, 'a'), spentNanoUsd: 100, reservedNanoUsd: 200, wantNanoUsd: 900 };
        expect(await leases.sync(silent)).toMatchObject({ leasedNanoUsd: 1000 });
        const asking = { ...guardOf(tenant, 'b'), wantNanoUsd: 1000 };
        expect(await leases.sync({ ...asking, nowMs: 14_999 })).toMatchObject({ leasedNanoUsd: 0 });
        expect(await leases.sync({ ...asking, sequence: 2, nowMs: 15_000 })).toMatchObject({ leasedNanoUsd: 700 });
        const later = 15_000 + 15 * 60_000;
        expect(await leases.sync({ ...asking, sequence: 3, nowMs: later })).toMatchObject({ leasedNanoUsd: 900 });
        // It comes back, and may not go on with what it had.
        const back = { ...silent, sequence: 2, heldNanoUsd: 1000, reservedNanoUsd: 0, nowMs: later };
        expect(await leases.sync(back)).toMatchObject({ leasedNanoUsd: 100 });
      }));

    it('do not change by a request that is not newer than one before', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        const answer = await leases.sync({ ...guardOf(tenant, 'a'), sequence: 5, spentNanoUsd: 300 });
        const before = await leases.list(tenant, 's1');
        for (const sequence of [5, 4]) {
          const late = { ...guardOf(tenant, 'a'), sequence, spentNanoUsd: 900 };
          expect(await leases.sync(late)).toEqual({ ...answer, isStale: true });
        }
        expect(await leases.list(tenant, 's1')).toEqual(before);
      }));

    it('are given back when the session is over in a process', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        await leases.sync({ ...guardOf(tenant, 'a'), wantNanoUsd: 1000 });
        const over = { ...guardOf(tenant, 'a'), sequence: 2, spentNanoUsd: 40, isOver: true };
        expect(await leases.sync(over)).toMatchObject({ leasedNanoUsd: 40, expiresAtMs: null });
        const next = { ...guardOf(tenant, 'b'), wantNanoUsd: 1000 };
        expect(await leases.sync(next)).toMatchObject({ leasedNanoUsd: 960, elsewhereNanoUsd: 40 });
      }));

    it('leave out what telemetry has counted above what guards tell', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        const counted = { ...guardOf(tenant, 'a'), countedNanoUsd: 600, spentNanoUsd: 100, wantNanoUsd: 1000 };
        expect(await leases.sync(counted)).toMatchObject({ leasedNanoUsd: 500 });
      }));

    it('are refused by the name of the field', () =>
      withStores(stores, 1, async ({ leases }) => {
        const guard = guardOf(newTenant(), 'a');
        for (const [field, value] of [
          ['guard', ''],
          ['spentNanoUsd', -1],
          ['limitTokens', Number.NaN],
          ['ttlMs', 0],
          ['sequence', 1.5],
        ] as const) {
          const asking = leases.sync({ ...guard, [field]: value });
          await expect(asking).rejects.toMatchObject({ code: 'invalid', field });
        }
      }));

    it('are forgotten when all guards of the session have been silent for long', () =>
      withStores(stores, 1, async ({ leases }) => {
        const tenant = newTenant();
        await leases.sync({ ...guardOf(tenant, 'a'), nowMs: 10 });
        await leases.sync({ ...guardOf(tenant, 'a'), session: 's2', nowMs: 20 });
        expect(await leases.prune(20)).toBe(1);
        expect(await leases.list(tenant, 's1')).toEqual([]);
        expect(await leases.list(tenant, 's2')).toHaveLength(1);
      }));
  });
}
