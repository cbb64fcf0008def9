import { describe, expect, it } from 'vitest';
import type { NewDelivery } from '../../src/index.ts';
import { newTenant, withStores, type Stores } from './stores.ts';

const BY = { by: 'ada', atMs: 1000 } as const;

export function describeAlerts(stores: Stores): void {
  describe('alert rules', () => {
    it('have a version each, that a writer may insist on', () =>
      withStores(stores, 1, async ({ alertRules }) => {
        const tenant = newTenant();
        const put = { tenant, id: 'r1', document: { when: 'cost > 5' }, ...BY };
        expect(await alertRules.put({ ...put, expectedVersion: 0 })).toMatchObject({ version: 1 });
        await expect(alertRules.put({ ...put, expectedVersion: 0 })).rejects.toMatchObject({
          code: 'version_conflict',
        });
        expect(await alertRules.put({ ...put, document: {}, expectedVersion: 1 })).toMatchObject({ version: 2 });
        expect(await alertRules.list(tenant)).toEqual([{ tenant, id: 'r1', document: {}, version: 2, ...BY }]);
        expect(await alertRules.find(tenant, 'other')).toBeUndefined();
      }));

    it('get one version each when they are written at once', () =>
      withStores(stores, 2, async (first, second = first) => {
        const tenant = newTenant();
        const rules = await Promise.all(
          [first, second, first, second].map(({ alertRules }) =>
            alertRules.put({ tenant, id: 'r1', document: {}, ...BY }),
          ),
        );
        expect(rules.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
      }));

    it('take their states with them', () =>
      withStores(stores, 1, async ({ alertRules, alertStates }) => {
        const tenant = newTenant();
        await alertRules.put({ tenant, id: 'r1', document: {}, ...BY });
        const state = {
          tenant,
          ruleId: 'r1',
          fingerprint: 'f1',
          state: 'pending',
          sinceMs: 5,
          lastDeliveryMs: null,
          document: { value: 7 },
        } as const;
        await alertStates.put([state, { ...state, fingerprint: 'f2' }]);
        await alertStates.put([{ ...state, state: 'firing', lastDeliveryMs: 9 }]);
        expect(await alertStates.list({ tenant })).toEqual([
          { ...state, state: 'firing', lastDeliveryMs: 9 },
          { ...state, fingerprint: 'f2' },
        ]);
        await alertStates.remove([{ tenant, ruleId: 'r1', fingerprint: 'f2' }]);
        expect(await alertStates.list({ tenant, ruleId: 'r1' })).toHaveLength(1);
        expect(await alertRules.remove({ tenant, id: 'r1', ...BY })).toBe(true);
        expect(await alertRules.remove({ tenant, id: 'r1', ...BY })).toBe(false);
        expect(await alertStates.list({ tenant })).toEqual([]);
      }));
  });

  describe('deliveries', () => {
    it('are claimed by one at a time, and by another when the claim ran out', () =>
      withStores(stores, 2, async (first, second = first) => {
        const tenant = newTenant();
        const ids = Array.from({ length: 20 }, (_, at) => `${tenant}-${at}`);
        for (const id of ids) expect(await first.deliveries.enqueue(delivery(tenant, id))).toBe(true);
        expect(await second.deliveries.enqueue(delivery(tenant, ids[0] ?? ''))).toBe(false);
        const claims = await Promise.all(
          [first, second, first, second].map(({ deliveries }) =>
            deliveries.claimDue({ nowMs: 200, claimMs: 50, limit: 9 }),
          ),
        );
        const claimed = claims.flat().filter((one) => one.tenant === tenant);
        expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length);
        expect(claimed.length).toBe(20);
        expect(await first.deliveries.claimDue({ nowMs: 249, claimMs: 50, limit: 100 })).toEqual([]);
        const again = await first.deliveries.claimDue({ nowMs: 250, claimMs: 50, limit: 100 });
        expect(again.filter((one) => one.tenant === tenant).map(({ attempts }) => attempts)).toEqual(ids.map(() => 2));
        for (const { id } of again) await first.deliveries.finish({ id, outcome: 'failed', detail: null, atMs: 260 });
      }));

    it('are tried again when that is said, and end once', () =>
      withStores(stores, 1, async ({ deliveries }) => {
        const tenant = newTenant();
        const id = `${tenant}-only`;
        await deliveries.enqueue(delivery(tenant, id));
        await deliveries.claimDue({ nowMs: 200, claimMs: 50, limit: 10 });
        await deliveries.retry({ id, nextAttemptMs: 900, detail: 'status 500\0\ud800' });
        expect(await deliveries.claimDue({ nowMs: 800, claimMs: 50, limit: 10 })).toEqual([]);
        expect(await deliveries.claimDue({ nowMs: 900, claimMs: 50, limit: 10 })).toMatchObject([{ id, attempts: 2 }]);
        await deliveries.finish({ id, outcome: 'delivered', detail: 'status 200', atMs: 950 });
        await deliveries.finish({ id, outcome: 'failed', detail: 'late', atMs: 960 });
        expect(await deliveries.list({ tenant, outcome: 'delivered' })).toMatchObject([
          { id, outcome: 'delivered', detail: 'status 200', finishedAtMs: 950, body: '{"a":1}', document: { x: 1 } },
        ]);
        expect(await deliveries.claimDue({ nowMs: 9000, claimMs: 50, limit: 10 })).toEqual([]);
        await deliveries.prune(951);
        expect(await deliveries.list({ tenant })).toEqual([]);
      }));
  });
}

function delivery(tenant: string, id: string): NewDelivery {
  return {
    id,
    tenant,
    ruleId: 'r1',
    url: 'http://127.0.0.1:1/hook',
    body: '{"a":1}',
    document: { x: 1 },
    createdAtMs: 100,
    nextAttemptMs: 200,
  };
}
