import { describe, expect, it } from 'vitest';
import { ACTS_MAX } from '../../src/query/acts.ts';
import { Facet, linesBy, sumOfAll } from '../../src/query/lines.ts';
import { agentsOf, costStatusOf, type SessionFigures } from '../../src/query/session-figures.ts';
import { call, entry, NOON_US, timeOf, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
async function read(sessionId: string, tenant = 'acme'): Promise<SessionFigures> {
  const session = await queries.session(tenant, sessionId);
  if (session === undefined) throw new Error(`nothing stands for ${sessionId}`);
  expect(session.finalization).toBeUndefined();
  return session.figures;
}

describe('a session', () => {
  it('is what stands in the ledger', async () => {
    const session_id = 'stands';
    const copy = call([1, 2], { session_id, input_tokens: 100 });
    await ledger.book([turn('writer', [0, 5], { session_id }), copy, call([3, 4], { session_id, input_tokens: 50 })]);
    await ledger.takeBack([copy], 'copy');
    const figures = await read(session_id);
    expect(figures).toMatchObject({
      tenant: 'acme',
      sessionId: session_id,
      workflow: 'research',
      beganUs: NOON_US,
      endedUs: NOON_US + 5e6,
      activeUs: 5e6,
      isTruncated: false,
    });
    // 50 + 10 tokens at a nano-dollar each.
    expect(sumOfAll(figures.lines)).toMatchObject({
      records: 2,
      inferences: 1,
      input_tokens: 50,
      output_tokens: 10,
      cost_nano_usd: 60n,
    });
    expect(figures.turns).toMatchObject([{ speaker: 'writer', inferences: 1, inputTokens: 50, costNanoUsd: 60 }]);
  });

  it('that was booked to one session and belongs to another is in that one alone', async () => {
    const early = call([1, 2], { session_id: 'guessed' });
    await ledger.book([early]);
    expect((await read('guessed')).turns).toHaveLength(1);
    await ledger.takeBack([early], 'session_named');
    await ledger.book([{ ...early, session_id: 'named' }]);
    expect(await queries.session('acme', 'guessed')).toBeUndefined();
    expect(sumOfAll((await read('named')).lines)).toMatchObject({ records: 1, input_tokens: 100 });
  });

  it('that nobody booked to is none, and neither is what has no id', async () => {
    await ledger.book([call([1, 2], { session_id: '' })]);
    expect(await queries.session('acme', 'unheard-of')).toBeUndefined();
  });

  it('of another tenant is another, of the same name too', async () => {
    await ledger.book([
      call([1, 2], { session_id: 'both' }),
      call([1, 2], { session_id: 'both', tenant: 'other', input_tokens: 7 }),
    ]);
    expect(sumOfAll((await read('both')).lines).input_tokens).toBe(100);
    expect(sumOfAll((await read('both', 'other')).lines).input_tokens).toBe(7);
    expect(await queries.session('third', 'both')).toBeUndefined();
  });

  it('has sums by agent, model and tool that add up to the whole', async () => {
    const session_id = 'parts';
    await ledger.book([
      turn('writer', [0, 10], { session_id }),
      call([1, 2], { session_id, input_tokens: 100, cache_read_tokens: 40, reasoning_tokens: 3 }),
      call([2, 3], { session_id, model: 'o3', input_tokens: 200, cost_status: 'estimated' }),
      call([11, 12], { session_id, agent: 'critic', model: 'gpt-5', provider: 'azure', input_tokens: 400, errors: 1 }),
      call([13, 14], {
        session_id,
        agent: '',
        model: '',
        provider: '',
        input_tokens: 1,
        cost_nano_usd: 0,
        cost_status: 'unpriced',
        unpriced_tokens: 11,
      }),
      entry('tool', [4, 6], {
        session_id,
        agent: 'writer',
        tool: 'search',
        cost_nano_usd: 1000,
        other_cost_nano_usd: 1000,
        cost_status: 'exact',
      }),
    ]);
    const { lines, ...figures } = await read(session_id);
    const by = (facet: Facet): unknown =>
      linesBy(lines, facet).map(({ name, detail, sums }) => [name, detail, sums.input_tokens, sums.cost_nano_usd]);
    expect(by(Facet.AGENT)).toEqual([
      ['writer', '', 300, 1320n],
      ['critic', '', 400, 410n],
      ['', '', 1, 0n],
    ]);
    expect(by(Facet.MODEL)).toEqual([
      ['gpt-5', 'azure', 400, 410n],
      ['o3', 'openai', 200, 210n],
      ['gpt-5', 'openai', 100, 110n],
      ['', '', 1, 0n],
    ]);
    expect(by(Facet.TOOL)).toEqual([['search', '', 0, 1000n]]);
    const all = sumOfAll(lines);
    expect(all).toMatchObject({
      inferences: 4,
      tool_calls: 1,
      errors: 1,
      input_tokens: 701,
      output_tokens: 40,
      cache_read_tokens: 40,
      reasoning_tokens: 3,
      cost_nano_usd: 1730n,
      other_cost_nano_usd: 1000n,
      unpriced_tokens: 11,
    });
    const summed = (facet: Facet): bigint =>
      linesBy(lines, facet).reduce((sum, line) => sum + line.sums.cost_nano_usd, 0n);
    expect([summed(Facet.AGENT), summed(Facet.COST_STATUS)]).toEqual([all.cost_nano_usd, all.cost_nano_usd]);
    expect(costStatusOf(lines)).toBe('partial');
    expect(agentsOf({ lines, turns: figures.turns })).toEqual(['critic', 'writer']);
  });

  it('keeps what is excluded beside its figures', async () => {
    const session_id = 'witnessed';
    await ledger.book([
      call([1, 2], { session_id }),
      entry('excluded', [1, 2], {
        session_id,
        reason: 'witness',
        signal: 'metric',
        profile: 'claude-code',
        excluded_input_tokens: 150,
        excluded_output_tokens: 10,
        notes: ['time_repaired'],
      }),
    ]);
    const { lines, turns } = await read(session_id);
    expect(sumOfAll(lines)).toMatchObject({ input_tokens: 100, excluded_input_tokens: 150, inferences: 1 });
    expect(linesBy(lines, Facet.EXCLUSION)).toMatchObject([
      { name: 'witness', detail: 'metric/claude-code', sums: { records: 1, excluded_input_tokens: 150 } },
    ]);
    expect(linesBy(lines, Facet.NOTE)).toMatchObject([{ name: 'time_repaired', sums: { records: 1 } }]);
    expect(turns).toHaveLength(1);
  });

  it('has money to the last digit beyond what a number holds', async () => {
    const session_id = 'rich';
    const nano = 9_007_199_254_740_991;
    await ledger.book(Array.from({ length: 3 }, () => call([1, 2], { session_id, cost_nano_usd: nano })));
    const { lines } = await read(session_id);
    expect(sumOfAll(lines).cost_nano_usd).toBe(27_021_597_764_222_973n);
  });

  it('of more records than are looked at one by one has all its sums, and says that its turns are not known', async () => {
    const session_id = 'long';
    await ledger.client.command({
      query: `
        INSERT INTO entries
          (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, trace_key, record_id, kind, started_at,
           ended_at, inferences, input_tokens, usage_source)
        SELECT
          900, 'test', '2026-11-22', now64(6), 1, 'acme', '${session_id}', 'research', 'trace', toString(number), 'inference',
          fromUnixTimestamp64Micro(${NOON_US} + number), fromUnixTimestamp64Micro(${NOON_US} + number + 1), 1, 2, 'provider'
        FROM numbers(${ACTS_MAX + 1})`,
    });
    const figures = await read(session_id);
    expect(figures).toMatchObject({ isTruncated: true, turns: [], beganUs: NOON_US, endedUs: NOON_US + ACTS_MAX + 1 });
    expect(sumOfAll(figures.lines)).toMatchObject({ inferences: ACTS_MAX + 1, input_tokens: 2 * (ACTS_MAX + 1) });
  });

  it('keeps its times to the microsecond', async () => {
    const session_id = 'precise';
    await ledger.book([
      call([0, 0], { session_id, started_at: timeOf(NOON_US + 1), ended_at: timeOf(NOON_US + 999_999) }),
    ]);
    expect(await read(session_id)).toMatchObject({ beganUs: NOON_US + 1, endedUs: NOON_US + 999_999 });
  });
});

describe('names that somebody sent to do harm', () => {
  const names = [
    "'; DROP TABLE entries; --",
    '{tenant:String}',
    'line\nbreak\ttab\0nul',
    '"quoted" \\backslash',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '🦜 émigré',
    'x'.repeat(1024 * 1024),
  ];

  it.for(names.map((name) => [name.slice(0, 30), name] as const))('are only names: %j', async ([, name]) => {
    const hostile = { session_id: name, workflow: name, user_id: name };
    await ledger.book([
      turn(name, [0, 5], hostile),
      call([1, 2], { ...hostile, agent: name, model: name, provider: name }),
      entry('tool', [2, 3], { ...hostile, agent: name, tool: name }),
    ]);
    const figures = await read(name);
    expect(figures).toMatchObject({ sessionId: name, workflow: name, userId: name });
    expect(agentsOf(figures)).toEqual([name]);
    expect(linesBy(figures.lines, Facet.TOOL).map((line) => line.name)).toEqual([name]);
    const { sessions } = await queries.sessions('acme', {
      filter: { workflow: name, agent: name, model: name, user: name, idPrefix: name },
      limit: 10,
    });
    expect(sessions.map((session) => session.figures.sessionId)).toEqual([name]);
    expect(await queries.session(name.slice(0, 100), name)).toBeUndefined();
  });

  it('have left every table as it was', async () => {
    expect(await ledger.rows<{ n: string }>('SELECT count() AS n FROM entries')).not.toEqual([{ n: '0' }]);
  });
});
