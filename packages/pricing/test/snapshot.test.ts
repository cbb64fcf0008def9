import { expect, test } from 'vitest';
import { PricingError } from '../src/pricing-error.ts';
import { parseSnapshot } from '../src/snapshot.ts';

function snapshotOf(prices: unknown): unknown {
  return [{ id: 'p', models: [{ id: 'm', match: { equals: 'm' }, prices }] }];
}

test('reads dates and hours, with or without their type', () => {
  const snapshot = parseSnapshot(
    snapshotOf([
      { prices: { input_mtok: 1 } },
      { constraint: { start_date: '2026-08-21' }, prices: { input_mtok: 2 } },
      { constraint: { type: 'time_of_date', start_time: '00:30:00+08:00', end_time: '16:30:00Z' }, prices: {} },
    ]),
    { label: 'test' },
  );
  const periods = snapshot.providers[0]?.models[0]?.periods;
  expect(periods?.[1]?.fromMs).toBe(Date.UTC(2026, 7, 21));
  // Half past midnight in Shanghai is 16:30 UTC of the day before.
  expect(periods?.[2]?.hours).toEqual({ startSecond: 16.5 * 3600, endSecond: 16.5 * 3600 });
});

test('names data by its hash', () => {
  const one = parseSnapshot(snapshotOf({ input_mtok: 1 }), { label: 'test' });
  const other = parseSnapshot(snapshotOf({ input_mtok: 2 }), { label: 'test' });
  expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(one.sha256).not.toBe(other.sha256);
});

test.each([
  ['nothing', null],
  ['no providers', []],
  ['a provider without id', [{ models: [] }]],
  ['a model without match', [{ id: 'p', models: [{ id: 'm', prices: {} }] }]],
  ['a negative price', snapshotOf({ input_mtok: -1 })],
  ['a price that is no number', snapshotOf({ input_mtok: '1' })],
  ['a price that is not a number', snapshotOf({ input_mtok: Number.NaN })],
  ['a day that does not exist', snapshotOf([{ constraint: { start_date: '2026-02-30' }, prices: {} }])],
  ['an hour that is none', snapshotOf([{ constraint: { start_time: 'noon', end_time: '16:00:00Z' }, prices: {} }])],
  ['prices that are none', snapshotOf('free')],
])('refuses %s as a whole', (_what, data) => {
  expect(() => parseSnapshot(data, { label: 'test' })).toThrow(PricingError);
});
