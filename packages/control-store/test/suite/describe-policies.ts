import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChangeTopic } from '../../src/index.ts';
import { newTenant, withStores, type Stores } from './stores.ts';

const BY = { by: 'ada', atMs: 1000 } as const;

export function describePolicies(stores: Stores): void {
  describe('policies', () => {
    it('are version 0 and empty before somebody writes', () =>
      withStores(stores, 1, async ({ policies }) => {
        const tenant = newTenant();
        expect(await policies.list(tenant)).toEqual({ tenant, version: 0, documents: [], by: null, atMs: null });
      }));

    it('are replaced as a whole, and old versions kept with who and when', () =>
      withStores(stores, 1, async ({ policies }) => {
        const tenant = newTenant();
        await policies.put({ tenant, documents: [{ usd: { stop: 5 } }], ...BY });
        const second = await policies.put({
          tenant,
          documents: [{ text: 'ü\u0000\ud800' }, {}],
          by: 'bob',
          atMs: 2000,
        });
        expect(second).toMatchObject({ version: 2, by: 'bob', atMs: 2000 });
        expect(await policies.list(tenant)).toEqual(second);
        expect(await policies.history(tenant)).toEqual([
          second,
          { tenant, version: 1, documents: [{ usd: { stop: 5 } }], ...BY },
        ]);
        expect(await policies.history(tenant, { before: 2, limit: 5 })).toHaveLength(1);
      }));

    it('are not written over a version that the writer has not seen', () =>
      withStores(stores, 1, async ({ policies }) => {
        const tenant = newTenant();
        await policies.put({ tenant, documents: [], ...BY, expectedVersion: 0 });
        await expect(policies.put({ tenant, documents: [{}], ...BY, expectedVersion: 0 })).rejects.toMatchObject({
          code: 'version_conflict',
        });
        expect((await policies.list(tenant)).version).toBe(1);
      }));

    it('get one version each when several aggregators write at once', () =>
      withStores(stores, 2, async (first, second = first) => {
        const tenant = newTenant();
        const written = await Promise.all(
          Array.from({ length: 20 }, (_, at) =>
            (at % 2 === 0 ? first : second).policies.put({ tenant, documents: [{ at }], ...BY }),
          ),
        );
        const versions = written.map(({ version }) => version).toSorted((a, b) => a - b);
        expect(versions).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
        expect(await first.policies.history(tenant)).toHaveLength(20);
      }));

    it('are refused by the name of the field', () =>
      withStores(stores, 1, async ({ policies }) => {
        const put = { tenant: newTenant(), documents: [], ...BY };
        for (const [field, value] of [
          ['tenant', ''],
          ['by', 'a\nb'],
          ['atMs', 1.5],
          ['expectedVersion', -1],
        ] as const) {
          await expect(policies.put({ ...put, [field]: value })).rejects.toMatchObject({
            code: 'invalid',
            field,
          });
        }
      }));
  });

  describe('changes', () => {
    it('tell other aggregators what was written, in order, and none is passed by', () =>
      withStores(stores, 2, async (first, second = first) => {
        const tenant = newTenant();
        const start = await first.changes.latestCursor();
        const seen: number[] = [];
        let cursor = start;
        const poll = async (): Promise<void> => {
          for (const change of await second.changes.since(cursor)) {
            cursor = change.cursor;
            if (change.tenant === tenant) seen.push(Number(change.document['version']));
          }
        };
        const writing = Promise.all(
          Array.from({ length: 30 }, (_, at) =>
            (at % 3 === 0 ? second : first).policies.put({ tenant, documents: [], ...BY }),
          ),
        );
        let isWriting = true;
        void writing.finally(() => (isWriting = false));
        while (isWriting) {
          await poll();
          // Others come to their turn.
          await setImmediate();
        }
        await poll();
        expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
        expect(await first.changes.latestCursor()).toBeGreaterThanOrEqual(start + 30);
      }));

    it('are forgotten when they are old', () =>
      withStores(stores, 1, async ({ policies, changes }) => {
        const tenant = newTenant();
        const start = await changes.latestCursor();
        await policies.put({ tenant, documents: [], by: 'ada', atMs: 10 });
        await policies.put({ tenant, documents: [], by: 'ada', atMs: 5000 });
        expect(await changes.prune(11)).toBeGreaterThanOrEqual(1);
        const left = (await changes.since(start)).filter((change) => change.tenant === tenant);
        expect(left).toMatchObject([{ topic: ChangeTopic.POLICIES, document: { version: 2 }, atMs: 5000 }]);
      }));
  });
}
