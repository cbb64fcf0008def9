// Use over time, against the rows it is added up from.

import { describe, expect, it } from 'vitest';
import type { TrendsQuery } from '../../src/query/trend-rows.ts';
import type { TrendSeries } from '../../src/query/trends.ts';
import { call, NOON_US, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The tests' noon is on 2026-11-21. */
const DAYS: TrendsQuery = {
  step: 'day',
  timezone: 'UTC',
  firstDay: '2026-11-01',
  lastDay: '2026-11-30',
  nowUs: NOON_US + 5 * DAY * 1e6,
};

async function seriesOf(tenant: string, query: Partial<TrendsQuery> = {}): Promise<TrendSeries> {
  const { series } = await queries.trends(tenant, { ...DAYS, ...query });
  const [only] = series;
  if (only === undefined || series.length > 1) throw new Error(`expected one series, got ${series.length}`);
  return only;
}

function costs({ points }: TrendSeries): unknown {
  return points.map(({ step, costNanoUsd }) => [step, Number(costNanoUsd)]);
}

describe('trends', () => {
  it('have a point for each day, with zeros where nothing was used, and nothing before the first and after the last', async () => {
    const tenant = 'gaps';
    const late = call([3 * DAY, 3 * DAY + 1], { tenant, session_id: 's2' });
    const copy = call([DAY, DAY + 1], { tenant });
    await ledger.book([
      turn('writer', [0, 5], { tenant }),
      call([0, 1], { tenant }),
      call([2, 3], { tenant, input_tokens: 300 }),
      copy,
      late,
    ]);
    await ledger.takeBack([copy]);
    const { points } = await seriesOf(tenant);
    // Costs of tests are a nano-dollar a token: 100 + 10, and 300 + 10.
    expect(
      points.map(({ step, costNanoUsd, inputTokens, sessions }) => [step, Number(costNanoUsd), inputTokens, sessions]),
    ).toEqual([
      ['2026-11-21', 420, 400, 1],
      ['2026-11-22', 0, 0, 0],
      ['2026-11-23', 0, 0, 0],
      ['2026-11-24', 110, 100, 1],
    ]);
    expect(points[0]).toMatchObject({ turns: 1, responseTimeUs: 5e6, inferences: 2, isPartial: false });
  });

  it.for([
    {},
    { by: 'agent' },
    { by: 'model' },
    { step: 'hour', by: 'model' },
    { timezone: 'Europe/Berlin', by: 'agent' },
  ] as const)('count turns that nobody saw begin apart, as %j too', async (query) => {
    const tenant = `untimed ${JSON.stringify(query)}`;
    const unseen = turn('writer', [9, 9], { tenant, notes: ['untimed_turn'], response_time_us: 0 });
    const copy = { ...unseen, record_id: 'copy' };
    await ledger.book([turn('writer', [0, 5], { tenant }), unseen, copy]);
    await ledger.takeBack([copy]);
    const { points } = await seriesOf(tenant, query);
    expect(points).toMatchObject([{ turns: 2, timedTurns: 1, responseTimeUs: 5e6 }]);
  });

  it('go on with zeros as far as anything of the tenant is known, and begin with them where there was use before', async () => {
    const tenant = 'observed';
    await ledger.book([
      call([0, 1], { tenant, workflow: 'rare' }),
      call([0, 1], { tenant, workflow: 'busy' }),
      call([4 * DAY, 4 * DAY + 1], { tenant, workflow: 'busy' }),
    ]);
    expect(costs(await seriesOf(tenant, { workflow: 'rare', firstDay: '2026-11-20' }))).toEqual([
      ['2026-11-21', 110],
      ['2026-11-22', 0],
      ['2026-11-23', 0],
      ['2026-11-24', 0],
      ['2026-11-25', 0],
    ]);
    expect(costs(await seriesOf(tenant, { workflow: 'rare', firstDay: '2026-11-23' }))).toEqual([
      ['2026-11-23', 0],
      ['2026-11-24', 0],
      ['2026-11-25', 0],
    ]);
    expect(costs(await seriesOf(tenant, { workflow: 'unknown' }))).toEqual([['2026-11-25', 0]].slice(1));
  });

  it('cut days where they are cut in the time zone', async () => {
    const tenant = 'zones';
    // 23:30 UTC is half past midnight in Berlin, and 13 hours after the noon it is 01:00 UTC, but the evening before in New York.
    await ledger.book([
      call([11.5 * HOUR, 11.5 * HOUR + 1], { tenant, input_tokens: 1 }),
      call([13 * HOUR, 13 * HOUR + 1], { tenant, input_tokens: 2 }),
    ]);
    expect(costs(await seriesOf(tenant))).toEqual([
      ['2026-11-21', 11],
      ['2026-11-22', 12],
    ]);
    expect(costs(await seriesOf(tenant, { timezone: 'Europe/Berlin' }))).toEqual([['2026-11-22', 23]]);
    expect(costs(await seriesOf(tenant, { timezone: 'America/New_York' }))).toEqual([['2026-11-21', 23]]);
  });

  it('are hourly too, with the hours of zones that differ by halves of one', async () => {
    const tenant = 'hours';
    await ledger.book([
      call([40 * 60, 40 * 60 + 1], { tenant }),
      call([2 * HOUR + 1, 2 * HOUR + 2], { tenant, input_tokens: 5 }),
    ]);
    expect(costs(await seriesOf(tenant, { step: 'hour' }))).toEqual([
      ['2026-11-21T12:00:00.000Z', 110],
      ['2026-11-21T13:00:00.000Z', 0],
      ['2026-11-21T14:00:00.000Z', 15],
    ]);
    // In Kolkata 12:40 UTC is 18:10, and 14:00 is 19:30.
    expect(costs(await seriesOf(tenant, { step: 'hour', timezone: 'Asia/Kolkata' }))).toEqual([
      ['2026-11-21T12:30:00.000Z', 110],
      ['2026-11-21T13:30:00.000Z', 15],
    ]);
  });

  it('say which step still runs', async () => {
    const tenant = 'partial';
    await ledger.book([call([0, 1], { tenant }), call([DAY, DAY + 1], { tenant })]);
    const partial = async (query: Partial<TrendsQuery>): Promise<readonly string[]> =>
      (await seriesOf(tenant, query)).points.filter(({ isPartial }) => isPartial).map(({ step }) => step);
    expect(await partial({ nowUs: NOON_US + DAY * 1e6 })).toEqual(['2026-11-22']);
    expect(await partial({ nowUs: NOON_US + 2 * DAY * 1e6 })).toEqual([]);
    expect(await partial({ step: 'hour', nowUs: NOON_US + 1800e6 })).toEqual(['2026-11-21T12:00:00.000Z']);
    expect(await partial({ step: 'hour', timezone: 'Asia/Kolkata', nowUs: NOON_US + 60e6 })).toEqual([
      '2026-11-21T11:30:00.000Z',
    ]);
  });

  it.each([
    { by: 'agent', timezone: 'UTC' },
    { by: 'agent', timezone: 'Europe/Berlin' },
    { by: 'model', timezone: 'UTC' },
    { by: 'model', timezone: 'Europe/Berlin' },
  ] as const)('by $by in $timezone are the same from sums and from rows', async ({ by, timezone }) => {
    const tenant = `by-${by}-${timezone}`;
    await ledger.book([
      call([0, 1], { tenant, agent: 'writer', model: 'small' }),
      call([DAY, DAY + 1], { tenant, agent: 'writer', model: 'small', input_tokens: 5 }),
      call([0, 1], { tenant, agent: 'critic', model: 'large', input_tokens: 1000 }),
      turn('critic', [0, 3], { tenant }),
    ]);
    for (const step of ['day', 'hour'] as const) {
      const { series, isTruncated } = await queries.trends(tenant, { ...DAYS, step, by, timezone });
      expect(isTruncated).toBe(false);
      const shown = series.map(({ name, points }) => [
        name,
        points.filter(({ costNanoUsd }) => costNanoUsd > 0n).map(({ costNanoUsd }) => Number(costNanoUsd)),
      ]);
      const [large, small] = by === 'agent' ? ['critic', 'writer'] : ['large', 'small'];
      expect(shown.slice(0, 2)).toEqual([
        [large, [1010]],
        [small, [110, 15]],
      ]);
    }
  });

  it('by workflow add up to all of them, in any time zone', async () => {
    const tenant = 'by-workflow';
    await ledger.book([
      call([0, 1], { tenant, workflow: 'digest' }),
      call([13 * HOUR, 13 * HOUR + 1], { tenant, workflow: 'support', input_tokens: 1000 }),
      call([13 * HOUR, 13 * HOUR + 1], { tenant, workflow: '', session_id: '', input_tokens: 1 }),
    ]);
    const { series } = await queries.trends(tenant, { ...DAYS, by: 'workflow', timezone: 'America/New_York' });
    expect(
      series.map(({ name, points }) => [name, points.map(({ step, costNanoUsd }) => [step, Number(costNanoUsd)])]),
    ).toEqual([
      ['support', [['2026-11-21', 1010]]],
      ['digest', [['2026-11-21', 110]]],
      ['', [['2026-11-21', 11]]],
    ]);
  });

  it('see nothing of other tenants', async () => {
    await ledger.book([call([0, 1], { tenant: 'mine' }), call([DAY, DAY + 1], { tenant: 'theirs' })]);
    expect(costs(await seriesOf('mine'))).toEqual([['2026-11-21', 110]]);
    expect(costs(await seriesOf('nobody'))).toEqual([]);
  });

  it('have all use of a ledger in their sum, however it is cut', async () => {
    const tenant = 'sum';
    const rows = Array.from({ length: 200 }, (_, at) =>
      call([at * 3001, at * 3001 + 2], { tenant, session_id: `s${at % 17}`, input_tokens: at }),
    );
    await ledger.book(rows);
    const total = rows.reduce((sum, row) => sum + Number(row['cost_nano_usd']), 0);
    for (const timezone of ['UTC', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia']) {
      for (const step of ['day', 'hour'] as const) {
        const { points } = await seriesOf(tenant, { step, timezone });
        expect(points.reduce((sum, { costNanoUsd }) => sum + Number(costNanoUsd), 0)).toBe(total);
        expect(points.reduce((sum, { sessions }) => sum + (sessions ?? 0), 0)).toBe(17);
      }
    }
  });
});
