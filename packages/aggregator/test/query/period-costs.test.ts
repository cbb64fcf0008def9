import { beforeEach, describe, expect, it } from 'vitest';
import type { Queries } from '../../src/query/queries.ts';
import { call, dayOf, type LedgerDatabase, NOON_US, timeOf } from './ledger.ts';
import { freshLedgers } from './opened-ledger.ts';

const openFresh = await freshLedgers();
let ledger: LedgerDatabase;
let queries: Queries;
beforeEach(async () => {
  ({ ledger, queries } = await openFresh());
});

const DAY_S = 86_400;
/** 21 November 2026. */
const NOVEMBER = {
  day: '2026-11-21',
  monthFirst: '2026-11-01',
  monthLast: '2026-11-30',
  arrivedFrom: '2026-10-31',
  workflowsMax: 100,
  kept: [],
};

describe('periodCosts', () => {
  it('adds up a day and its month, UTC, and nothing of the months beside it', async () => {
    const of = (input: number, second: number): object =>
      call([second - 1, second], { input_tokens: input, output_tokens: 0 });
    await ledger.book([
      of(1, 0),
      of(20, -20 * DAY_S),
      // 1 November at 0:00:00 counts, the second before does not; 30 November counts to its end.
      of(300, -20.5 * DAY_S),
      of(4000, -20.5 * DAY_S - 1),
      of(50_000, 9.5 * DAY_S - 1),
      of(600_000, 9.5 * DAY_S),
    ] as never);
    expect(await queries.periodCosts(NOVEMBER)).toEqual([
      { tenant: 'acme', workflow: 'research', isRest: false, dayNanoUsd: 1n, monthNanoUsd: 50_321n },
    ]);
  });

  it('takes back what was taken back', async () => {
    const taken = call([0, 1]);
    await ledger.book([taken, call([0, 1])]);
    await ledger.takeBack([taken]);
    const [cost] = await queries.periodCosts(NOVEMBER);
    expect(cost?.monthNanoUsd).toBe(110n);
  });

  it('adds up all but the dearest of each tenant, and tells those it is asked for', async () => {
    const of = (tenant: string, workflow: string, input: number): ReturnType<typeof call> =>
      call([0, 1], { tenant, workflow, input_tokens: input, output_tokens: 0 });
    await ledger.book([
      of('acme', 'a', 1000),
      of('acme', 'b', 5),
      of('acme', 'c', 7),
      of('globex', 'd', 3),
      of('globex', 'e', 4),
    ]);
    const found = await queries.periodCosts({
      ...NOVEMBER,
      workflowsMax: 1,
      kept: [{ tenant: 'globex', workflow: 'd' }],
    });
    const rows = found.map(({ tenant, workflow, isRest, monthNanoUsd }) => [tenant, workflow, isRest, monthNanoUsd]);
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['acme', 'a', false, 1000n],
        ['acme', '', true, 12n],
        ['globex', 'd', false, 3n],
        ['globex', '', true, 4n],
      ]),
    );
  });

  it('opens nothing that arrived before', async () => {
    await ledger.book([{ ...call([0, 1]), ingest_day: '2026-09-01', ingest_time: timeOf(NOON_US - 80 * DAY_S * 1e6) }]);
    expect(await queries.periodCosts(NOVEMBER)).toEqual([]);
    expect(dayOf(NOON_US)).toBe(NOVEMBER.day);
  });
});

describe('activeSessions', () => {
  it('counts sessions that something was booked to, the dearest first', async () => {
    await ledger.book([
      call([0, 1], { session_id: 's1' }),
      call([0, 1], { session_id: 's2', input_tokens: 990 }),
      call([0, 1], { session_id: 's3', workflow: 'review' }),
      call([0, 1], { session_id: '' }),
    ]);
    expect(await queries.activeSessions(0, 10)).toEqual([
      { tenant: 'acme', workflow: 'research', sessions: 2, dearest: [1000, 110] },
      { tenant: 'acme', workflow: 'review', sessions: 1, dearest: [110] },
    ]);
    expect(await queries.activeSessions(Date.now() * 1000 + 60e6, 10)).toEqual([]);
  });

  it('counts a session once whose workflow became known late', async () => {
    const early = call([0, 1], { workflow: 'unknown' });
    await ledger.book([early]);
    await ledger.takeBack([early]);
    await ledger.book([call([0, 1])]);
    const found = await queries.activeSessions(0, 10);
    expect(found.map(({ workflow, sessions }) => [workflow, sessions])).toEqual([['research', 1]]);
  });
});
