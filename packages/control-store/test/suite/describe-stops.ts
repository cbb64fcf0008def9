import { describe, expect, it } from 'vitest';
import { newTenant, withStores, type Stores } from './stores.ts';

export function describeStops(stores: Stores): void {
  describe('stops', () => {
    it('hold until they are released, the first order of a target', () =>
      withStores(stores, 1, async ({ stops }) => {
        const tenant = newTenant();
        const stop = { tenant, kind: 'session', target: 's1', reason: 'too dear', by: 'ada', atMs: 10 } as const;
        expect(await stops.stop(stop)).toEqual(stop);
        expect(await stops.stop({ ...stop, reason: 'again', by: 'bob', atMs: 20 })).toEqual(stop);
        await stops.stop({ ...stop, kind: 'workflow', target: 'billing', atMs: 30 });
        expect((await stops.list({ tenant })).map(({ kind }) => kind)).toEqual(['workflow', 'session']);
        expect(await stops.find(stop)).toEqual(stop);
        expect(await stops.release({ ...stop, by: 'bob', atMs: 40 })).toBe(true);
        expect(await stops.release({ ...stop, by: 'bob', atMs: 50 })).toBe(false);
        expect(await stops.find(stop)).toBeUndefined();
      }));

    it('reach all who poll, with their releases', () =>
      withStores(stores, 2, async (first, second = first) => {
        const tenant = newTenant();
        const cursor = await second.changes.latestCursor();
        const stop = { tenant, kind: 'workflow', target: 'billing', reason: 'r', by: 'ada', atMs: 10 } as const;
        await first.stops.stop(stop);
        await first.stops.release({ ...stop, reason: 'fixed', by: 'bob', atMs: 20 });
        const changes = await second.stops.changesSince(cursor);
        expect(changes.filter((change) => change.tenant === tenant)).toMatchObject([
          { ...stop, isReleased: false },
          { kind: 'workflow', target: 'billing', reason: 'fixed', by: 'bob', atMs: 20, isReleased: true },
        ]);
        expect(await second.stops.changesSince(changes.at(-1)?.cursor ?? 0)).toEqual([]);
      }));
  });

  describe('locks', () => {
    it('are held by one at a time, for as long as they are kept', () =>
      withStores(stores, 2, async (first, second = first) => {
        const name = newTenant();
        const hold = { name, ttlMs: 100 };
        const tries = await Promise.all([
          first.locks.hold({ ...hold, holder: 'a', nowMs: 0 }),
          second.locks.hold({ ...hold, holder: 'b', nowMs: 0 }),
        ]);
        expect(tries.filter(Boolean)).toHaveLength(1);
        const [winner, loser] = tries[0] ? ['a', 'b'] : ['b', 'a'];
        expect(await first.locks.hold({ ...hold, holder: winner ?? '', nowMs: 50 })).toBe(true);
        expect(await second.locks.hold({ ...hold, holder: loser ?? '', nowMs: 149 })).toBe(false);
        expect(await second.locks.hold({ ...hold, holder: loser ?? '', nowMs: 150 })).toBe(true);
        await first.locks.release({ name, holder: winner ?? '' });
        expect(await first.locks.hold({ ...hold, holder: winner ?? '', nowMs: 151 })).toBe(false);
        await second.locks.release({ name, holder: loser ?? '' });
        expect(await first.locks.hold({ ...hold, holder: winner ?? '', nowMs: 151 })).toBe(true);
      }));
  });

  describe('keys', () => {
    it('are found by their hash until they are revoked', () =>
      withStores(stores, 1, async ({ keys }) => {
        const name = newTenant();
        const sha256 = hashLike(name);
        const key = { name, sha256, tenants: ['a', 'b'], scope: 'read', by: 'ada', atMs: 1 } as const;
        const added = await keys.add(key);
        expect(added).toMatchObject({ name, tenants: ['a', 'b'], scope: 'read', createdBy: 'ada', revokedAtMs: null });
        expect(await keys.findByHash(sha256.toUpperCase())).toEqual(added);
        await expect(keys.add({ ...key, sha256: hashLike(`${name}!`) })).rejects.toMatchObject({
          code: 'already_exists',
        });
        await expect(keys.add({ ...key, name: `${name}!` })).rejects.toMatchObject({ code: 'already_exists' });
        expect(await keys.revoke({ name, by: 'bob', atMs: 2 })).toBe(true);
        expect(await keys.revoke({ name, by: 'bob', atMs: 3 })).toBe(false);
        expect(await keys.findByHash(sha256)).toBeUndefined();
        const listed = (await keys.list()).find((one) => one.name === name);
        expect(listed).toMatchObject({ revokedBy: 'bob', revokedAtMs: 2 });
      }));

    it('are refused when the key itself is sent instead of its hash, which is not repeated', () =>
      withStores(stores, 1, async ({ keys }) => {
        const adding = keys.add({
          name: newTenant(),
          sha256: 'tm_secret',
          tenants: '*',
          scope: 'all',
          by: 'a',
          atMs: 1,
        });
        await expect(adding).rejects.toMatchObject({ code: 'invalid', field: 'sha256' });
        await expect(adding).rejects.not.toThrow(/tm_secret/);
      }));
  });
}

function hashLike(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);
}
