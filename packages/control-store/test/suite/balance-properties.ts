import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlStoreError, type BalanceAnswer, type ControlStore } from '../../src/index.ts';
import { ACCOUNT, ask } from './ask-balance.ts';
import { newTenant, withStores, type Stores } from './stores.ts';
import { TokenOracle, type Asked } from './token-oracle.ts';

const amount = fc.integer({ min: 1, max: 12 });
const expiresInMs = fc.option(fc.integer({ min: 1, max: 60 }));
/** Which of the entries so far is meant; those that do not fit are refused, which is looked at too. */
const refersTo = fc.integer({ min: 1, max: 12 });
const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ kind: fc.constant('grant'), amount, expiresInMs }),
  fc.record({ kind: fc.constant('reserve'), amount, expiresInMs }),
  fc.record({ kind: fc.constant('deduct'), amount }),
  fc.record({ kind: fc.constant('settle'), refersTo, amount: fc.integer({ min: 0, max: 15 }) }),
  fc.record({ kind: fc.constant('release'), refersTo }),
  fc.record({ kind: fc.constant('refund'), refersTo, amount }),
);

export function describeBalanceProperties(stores: Stores, runs: number): void {
  describe('balances, whatever is asked', () => {
    it('are those of tokens that are counted one by one, and so is what is refused', () => {
      expect.hasAssertions();
      return withStores(stores, 1, (store) =>
        fc.assert(
          fc.asyncProperty(
            fc.array(fc.record({ asked, afterMs: fc.integer({ min: 0, max: 20 }) }), { maxLength: 25 }),
            (steps) => followOracle(store, steps),
          ),
          { numRuns: runs },
        ),
      );
    });

    it('add up, are never negative, and do each request once, when several aggregators ask at once', () => {
      expect.hasAssertions();
      return withStores(stores, 2, (...opened) =>
        fc.assert(
          fc.asyncProperty(
            fc.array(
              fc.record({ asked, key: fc.integer({ min: 0, max: 12 }), copies: fc.integer({ min: 1, max: 3 }) }),
              {
                minLength: 2,
                maxLength: 25,
              },
            ),
            (requests) => askAtOnce(opened, requests),
          ),
          { numRuns: runs },
        ),
      );
    });
  });
}

/** Long enough for reservations to outlive what they hold. */
const FIRST: Asked = { kind: 'grant', amount: 15, expiresInMs: 40 };

async function followOracle(
  store: ControlStore,
  steps: readonly { readonly asked: Asked; readonly afterMs: number }[],
): Promise<void> {
  const tenant = newTenant();
  const oracle = new TokenOracle();
  let nowMs = 1000;
  await ask(store, FIRST, { tenant, nowMs, idempotencyKey: 'first' });
  oracle.ask(FIRST, nowMs, 1);
  for (const [at, step] of steps.entries()) {
    nowMs += step.afterMs;
    const answer = await settled(ask(store, step.asked, { tenant, nowMs, idempotencyKey: `${at}` }));
    const id = typeof answer === 'string' ? undefined : answer.entry.sequence;
    expect(oracle.ask(step.asked, nowMs, id)).toBe(typeof answer === 'string' ? answer : undefined);
    const free = typeof answer === 'string' ? oracle.count('free') : Number(answer.entry.freeAfter);
    expect(free).toBe(oracle.count('free'));
    const balance = await store.balances.find({ tenant, ...ACCOUNT, nowMs });
    expect({
      free: Number(balance?.free),
      reserved: Number(balance?.reserved),
      spent: Number(balance?.spent),
      expired: Number(balance?.expired),
      uncovered: Number(balance?.uncovered),
    }).toEqual({
      free: oracle.count('free'),
      reserved: oracle.count('reserved'),
      spent: oracle.count('spent'),
      expired: oracle.count('expired'),
      uncovered: oracle.uncovered,
    });
  }
  await store.balances.expireDue(nowMs);
  expect((await store.balances.replay({ tenant })).findings).toEqual([]);
}

async function askAtOnce(
  stores: readonly ControlStore[],
  requests: readonly { readonly asked: Asked; readonly key: number; readonly copies: number }[],
): Promise<void> {
  const tenant = newTenant();
  const [first] = stores;
  if (first === undefined) throw new RangeError('expected a store');
  await ask(first, { kind: 'grant', amount: 20, expiresInMs: 50 }, { tenant, nowMs: 1000, idempotencyKey: 'first' });
  const sent = requests.flatMap((request) => Array.from({ length: request.copies }, () => request));
  const answers = await Promise.all(
    sent.map(async ({ asked: request, key }, at) => ({
      key: `${key}`,
      asked: JSON.stringify(request),
      answer: await settled(
        ask(stores[at % stores.length] ?? first, request, {
          tenant,
          nowMs: 1000 + (at % 60),
          idempotencyKey: `${key}`,
        }),
      ),
    })),
  );
  const entries = await first.balances.entries({ tenant, ...ACCOUNT, limit: 1000 });
  for (const { key, asked: request, answer } of answers) {
    const written = entries.filter(({ idempotencyKey }) => idempotencyKey === key);
    expect(written.length).toBeLessThanOrEqual(1);
    if (typeof answer === 'string') continue;
    // What was answered is in the ledger, and is what everybody was answered who asked the same.
    expect(answer.entry).toEqual(written[0]);
    const same = answers.filter(
      (other) => other.key === key && other.asked === request && typeof other.answer !== 'string',
    );
    expect(same.filter((other) => typeof other.answer !== 'string' && !other.answer.isRepeated)).toHaveLength(1);
  }
  expect(
    entries.every(
      ({ freeAfter, reservedAfter, spentAfter }) => freeAfter >= 0n && reservedAfter >= 0n && spentAfter >= 0n,
    ),
  ).toBe(true);
  expect(await first.balances.replay({ tenant })).toEqual({ accounts: 1, entries: entries.length, findings: [] });
}

/** The answer, or the code of the refusal. */
async function settled(asking: Promise<BalanceAnswer>): Promise<BalanceAnswer | string> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ControlStoreError) return error.code;
    throw error;
  }
}
