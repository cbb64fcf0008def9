// Trends and forecasts as they are asked for over HTTP, held against the OpenAPI document.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type EntryRow, turn } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

const DAY = 86_400;
/** Weeks of use in the tests' past; the day that runs is the last. */
const DAYS = 56;

const { ledger } = await openedLedger();
let api: RunningApi;
let documentation: Documentation;
beforeAll(async () => {
  api = await runApi(ledger, { keys: [keyNamed('of-acme', ['acme']), keyNamed('of-globex', ['globex'])] });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  await ledger.book(Array.from({ length: DAYS + 1 }, (_, at) => useOf(at - DAYS)).flat());
  await ledger.book([call([0, 1], { tenant: 'globex', workflow: 'theirs', input_tokens: 7 })]);
});
afterAll(() => api.stop());

/** A dollar on working days and a fifth of one on weekends; the 21st, day 0, is a Saturday. */
function useOf(day: number): readonly EntryRow[] {
  const isWeekend = ((day % 7) + 7) % 7 < 2;
  const columns = { workflow: 'research', session_id: `s${day}` };
  const time = [day * DAY, day * DAY + 2] as const;
  return [
    turn('writer', time, columns),
    call(time, { ...columns, input_tokens: 90, output_tokens: 10, cost_nano_usd: isWeekend ? 2e8 : 1e9 }),
  ];
}

async function ask(path: string, key = 'of-acme'): Promise<Answer> {
  const answer = await api.get(`/api/v1/${path}`, { authorization: `Bearer ${key}` });
  const [route = ''] = path.split('?');
  expect(documentation.faultsOf('GET', `/api/v1/${route}`, answer)).toEqual([]);
  return answer;
}

describe('GET /trends', () => {
  it('has 30 days up to today, the last of them partial', async () => {
    const { status, body } = await ask('trends');
    expect(status).toBe(200);
    expect([body.from, body.to, body.step, body.timezone]).toEqual(['2026-10-23', '2026-11-21', 'day', 'UTC']);
    const { points } = body.series[0];
    expect(points).toHaveLength(30);
    expect(points[0]).toMatchObject({ time: '2026-10-23', is_partial: false, sessions: 1, cost: { usd: 1 } });
    expect(points.at(-1)).toMatchObject({
      time: '2026-11-21',
      is_partial: true,
      cost: { usd: 0.2, nano_usd: '200000000' },
      tokens: { input: 90, output: 10 },
      avg_response_time_ms: 2000,
      tokens_per_message: 100,
    });
  });

  it('has series by agent and by model', async () => {
    const { body } = await ask('trends?by=model&from=2026-11-20');
    // Turns are of no model.
    expect(body.series.map(({ name }: { name: string }) => name)).toEqual(['gpt-5', '']);
    expect(body.series[0].points[0]).toMatchObject({ time: '2026-11-20', sessions: null, inferences: 1, turns: 0 });
    const agents = await ask('trends?by=agent&from=2026-11-20');
    expect(agents.body.series[0].points[0]).toMatchObject({ turns: 1, timed_turns: 1, avg_response_time_ms: 2000 });
  });

  it('has response times of those turns alone that somebody saw begin', async () => {
    const unseen = { workflow: 'half-seen', notes: ['untimed_turn'], response_time_us: 0 };
    await ledger.book([turn('writer', [0, 3], { workflow: 'half-seen' }), turn('writer', [4, 4], unseen)]);
    const { body } = await ask('trends?workflow=half-seen');
    expect(body.series[0].points).toMatchObject([{ turns: 2, timed_turns: 1, avg_response_time_ms: 3000 }]);
  });

  it('has hours of a time zone', async () => {
    const { body } = await ask(
      'trends?step=hour&timezone=europe/berlin&workflow=research&from=2026-11-20&to=2026-11-20',
    );
    expect(body.timezone).toBe('Europe/Berlin');
    // There was use before, so the day begins with zeros; noon in UTC is the thirteenth hour there, and nothing is known afterwards of that day.
    const { points } = body.series[0];
    expect(points[0].time).toBe('2026-11-19T23:00:00.000Z');
    expect(points).toHaveLength(14);
    expect(points.at(-1)).toMatchObject({ time: '2026-11-20T12:00:00.000Z', cost: { usd: 1 } });
  });

  it('shows nothing of other tenants', async () => {
    const { body } = await ask('trends', 'of-globex');
    expect(body.series[0].points).toHaveLength(1);
    expect(body.series[0].points[0].tokens.input).toBe(7);
    expect((await ask('trends?workflow=theirs')).body.series[0].points).toEqual([]);
  });

  it.each([
    ['timezone=Mars/Olympus', 'timezone'],
    ['timezone=%2B01:00', 'timezone'],
    ['step=week', 'step'],
    ['by=user', 'by'],
    ['from=yesterday', 'from'],
    ['form=2026-11-01', 'form'],
    ['from=2026-11-21&to=2026-11-01', 'days apart'],
    ['step=hour&from=2026-01-01&to=2026-11-01', 'days apart'],
  ])('refuses %s', async (query, said) => {
    const { status, body } = await ask(`trends?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(said);
  });
});

describe('GET /forecast', () => {
  it('goes on with the week, from the day that runs, and tells how well that worked', async () => {
    const { status, body } = await ask('forecast?workflow=research&days=14');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      measure: 'cost',
      unit: 'usd',
      status: 'ok',
      interval_coverage: 0.9,
      history: { from: '2026-09-26', days: DAYS, days_needed: null },
      method: { name: 'mixture', use: 'steady' },
    });
    expect(body.points).toHaveLength(14);
    expect(body.points[0]).toMatchObject({ time: '2026-11-21', is_partial: true, used_so_far: 0.2 });
    // Saturday and Sunday a fifth, from Monday on a dollar; each week was exactly alike.
    for (const [at, { low, mid, high }] of body.points.entries()) {
      const usual = at % 7 < 2 ? 0.2 : 1;
      expect(mid / usual).toBeGreaterThan(0.9);
      expect(mid / usual).toBeLessThan(1.1);
      expect(low).toBeLessThanOrEqual(mid);
      expect(high).toBeGreaterThanOrEqual(mid);
    }
    // Two weeks: ten dollars and four fifths.
    expect(body.total.low).toBeLessThan(10.8);
    expect(body.total.high).toBeGreaterThan(10.8);
    expect(body.backtest.origins).toBeGreaterThan(5);
    expect(body.backtest.smape).toBeLessThan(body.backtest.naive.smape);
    const parts = Object.values<number>(body.method.weights);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 9);
  });

  it('is of tokens or sessions too', async () => {
    const tokens = await ask('forecast?measure=tokens');
    expect(tokens.body).toMatchObject({ measure: 'tokens', unit: 'tokens', points: { length: 30 } });
    expect(tokens.body.points[3].mid).toBeCloseTo(100, -1);
    const sessions = await ask('forecast?measure=sessions');
    expect(sessions.body.points[3].mid).toBeCloseTo(1, 1);
  });

  it('says when there is too little history', async () => {
    const { status, body } = await ask('forecast', 'of-globex');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'not_enough_history',
      history: { from: null, days: 0, days_needed: 4 },
      points: [],
      total: null,
      backtest: null,
    });
  });

  it.each(['days=0', 'days=91', 'days=ten', 'measure=money', 'timezone=nowhere'])('refuses %s', async (query) => {
    const { status, body } = await ask(`forecast?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(query.split('=')[0]);
  });
});
