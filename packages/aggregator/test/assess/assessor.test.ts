import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Assessment, type Assessor, startAssessor } from '../../src/assess/assessor.ts';
import { sumOfAll } from '../../src/query/lines.ts';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { NO_TELEMETRY } from '../../src/telemetry.ts';
import { call, entry, type LedgerDatabase, NOON_US, openLedger, turn } from '../query/ledger.ts';
import { runEngine, type RunningEngine, until } from '../save/running-engine.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let queries: Queries;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  queries = createQueries(ledger.client);
});
afterAll(async () => {
  await ledger.close();
  await engine.stop();
});

interface Clock {
  ms: number;
}

const IDLE_MINUTES = 15;
const CALM_SECONDS = 10;

/** An assessor that only looks through sessions when it is told to. */
async function withAssessor<Result>(use: (assessor: Assessor, clock: Clock) => Promise<Result>): Promise<Result> {
  const clock = { ms: Date.now() };
  const assessor = startAssessor({
    client: ledger.client,
    sessionIdleMinutes: IDLE_MINUTES,
    calmSeconds: CALM_SECONDS,
    everySeconds: 3600,
    telemetry: NO_TELEMETRY,
    logger: { warn: (_details, message) => expect.fail(message) },
    now: () => clock.ms,
  });
  try {
    return await use(assessor, clock);
  } finally {
    await assessor.stop();
  }
}

async function finalize(assessor: Assessor, sessionId: string, tenant = 'acme'): Promise<Assessment> {
  const assessment = await assessor.finalize(tenant, sessionId);
  if (assessment === undefined) throw new Error(`nothing stands for ${sessionId}`);
  return assessment;
}

/** Rows that stand in the table, of a session. */
function summariesOf(sessionId: string): Promise<readonly Record<string, unknown>[]> {
  return ledger.rows(
    `SELECT workflow, day, amendments, tokens, finalized_because FROM session_summaries FINAL WHERE session_id = {id:String}`,
    { id: sessionId },
  );
}

/** Sessions of a workflow with so many tokens each. */
async function book(workflow: string, tokens: Readonly<Record<string, number>>): Promise<void> {
  await ledger.book(
    Object.entries(tokens).flatMap(([session_id, input_tokens]) => [
      turn('writer', [0, 10], { session_id, workflow }),
      call([1, 2], { session_id, workflow, input_tokens, output_tokens: 0 }),
    ]),
  );
}

/** Finalizes sessions of a workflow with these tokens, and then one more. */
async function compareWith(workflow: string, values: readonly number[], value: number): Promise<Assessment> {
  const ids = values.map((_, at) => `${workflow}-${at}`);
  await book(workflow, Object.fromEntries(ids.map((id, at) => [id, values[at] ?? 0])));
  await book(workflow, { [`${workflow}-one`]: value });
  return withAssessor(async (assessor) => {
    for (const id of ids) await finalize(assessor, id);
    return finalize(assessor, `${workflow}-one`);
  });
}

/** All sessions of a ledger of its own, so that passes look at nothing else. */
async function withLedger(
  use: (own: LedgerDatabase, assessor: Assessor, clock: Clock) => Promise<void>,
): Promise<void> {
  const own = await openLedger(engine.url);
  const clock = { ms: Date.now() };
  const assessor = startAssessor({
    client: own.client,
    sessionIdleMinutes: IDLE_MINUTES,
    calmSeconds: CALM_SECONDS,
    everySeconds: 3600,
    telemetry: NO_TELEMETRY,
    logger: { warn() {} },
    now: () => clock.ms,
  });
  await use(own, assessor, clock);
  await assessor.stop();
  await own.close();
}

interface SummaryRow {
  readonly tenant: string;
  readonly session_id: string;
  readonly amendments: number;
  readonly finalized_because: string;
}

/** Summaries that stand in a ledger. */
function summaries(own: LedgerDatabase): Promise<SummaryRow[]> {
  return own.rows(
    `SELECT tenant, session_id, amendments, finalized_because FROM session_summaries FINAL ORDER BY tenant, session_id`,
  );
}

describe('finalizing a session', () => {
  it('gives its summary, and says that there is nothing to compare the first of a workflow with', async () => {
    await book('first', { only: 100 });
    const { summary, comparison, cost } = await withAssessor((assessor) => finalize(assessor, 'only'));
    expect(summary).toMatchObject({
      figures: { sessionId: 'only', workflow: 'first', beganUs: NOON_US, endedUs: NOON_US + 10e6 },
      finalization: { because: 'request', amendments: 0 },
    });
    expect(comparison).toMatchObject({
      n: 0,
      confidence: 'none',
      verdict: 'unknown',
      explanation: 'This is the first finalized session of first: there is nothing to compare it with yet.',
    });
    expect(cost).toMatchObject({ costNanoUsd: 100n, status: 'exact' });
    expect(await queries.session('acme', 'only')).toMatchObject({ finalization: { because: 'request' } });
  });

  it('twice is the same as once', async () => {
    await book('twice', { again: 100 });
    await withAssessor(async (assessor, clock) => {
      const once = await finalize(assessor, 'again');
      clock.ms += 60_000;
      expect(await finalize(assessor, 'again')).toEqual(once);
    });
    // Another process does not know of the first.
    const third = await withAssessor((assessor) => finalize(assessor, 'again'));
    expect(third.summary.finalization.amendments).toBe(0);
    expect(await summariesOf('again')).toMatchObject([{ amendments: 0 }]);
  });

  it('at the same time from many sides writes one summary', async () => {
    await book('many', { sides: 100 });
    await withAssessor(async (assessor) => {
      const all = await Promise.all(Array.from({ length: 8 }, () => finalize(assessor, 'sides')));
      for (const one of all) expect(one).toEqual(all[0]);
    });
    expect(await ledger.rows(`SELECT count() AS n FROM session_summaries WHERE session_id = 'sides'`)).toEqual([
      { n: 1 },
    ]);
  });

  it('again takes in what came since, and says so', async () => {
    await book('amended', { late: 100 });
    await withAssessor(async (assessor, clock) => {
      const first = await finalize(assessor, 'late');
      await ledger.book([
        call([3, 4], { session_id: 'late', workflow: 'amended', input_tokens: 50, output_tokens: 0 }),
      ]);
      clock.ms += 1000;
      const { summary } = await finalize(assessor, 'late');
      expect(sumOfAll(summary.figures.lines).input_tokens).toBe(150);
      expect(summary.finalization).toMatchObject({
        finalizedUs: first.summary.finalization.finalizedUs,
        because: 'request',
        amendments: 1,
      });
    });
    expect(await summariesOf('late')).toMatchObject([{ amendments: 1, tokens: 150 }]);
  });

  it('after something was taken back has less', async () => {
    const copy = call([3, 4], { session_id: 'less', workflow: 'amended', input_tokens: 50, output_tokens: 0 });
    await book('amended', { less: 100 });
    await ledger.book([copy]);
    await withAssessor(async (assessor) => {
      await finalize(assessor, 'less');
      await ledger.takeBack([copy], 'copy');
      expect(sumOfAll((await finalize(assessor, 'less')).summary.figures.lines).input_tokens).toBe(100);
    });
    expect(await summariesOf('less')).toMatchObject([{ amendments: 1, tokens: 100 }]);
  });

  it('of which everything is taken back ends its summary, and it can begin anew', async () => {
    await book('emptied', { stays: 100 });
    const moved = call([1, 2], { session_id: 'leaves', workflow: 'emptied' });
    await ledger.book([moved]);
    await withAssessor(async (assessor) => {
      await finalize(assessor, 'stays');
      await finalize(assessor, 'leaves');
      await ledger.takeBack([moved], 'session_named');
      // Before anybody looks, nobody is shown what no longer is.
      expect(await queries.session('acme', 'leaves')).toBeUndefined();
      expect((await queries.sessions('acme', { filter: { workflow: 'emptied' }, limit: 10 })).sessions).toHaveLength(1);
      expect(await assessor.finalize('acme', 'leaves')).toBeUndefined();
      expect(await summariesOf('leaves')).toEqual([]);
      await ledger.refresh();
      expect(await queries.workflow('acme', 'emptied')).toMatchObject({ sessions: 1 });

      await ledger.book([call([5, 6], { session_id: 'leaves', workflow: 'emptied', input_tokens: 7 })]);
      const { sessions } = await queries.sessions('acme', {
        filter: { workflow: 'emptied', state: 'running' },
        limit: 10,
      });
      expect(sessions.map(({ figures }) => figures.sessionId)).toEqual(['leaves']);
      expect((await queries.session('acme', 'leaves'))?.finalization).toBeUndefined();
      const { summary } = await finalize(assessor, 'leaves');
      expect(summary.finalization.amendments).toBe(0);
      expect(sumOfAll(summary.figures.lines).input_tokens).toBe(7);
    });
  });

  it('that turns out to be of another workflow and day has one summary there', async () => {
    await book('inner', { moves: 100 });
    await withAssessor(async (assessor) => {
      await finalize(assessor, 'moves');
      await ledger.book([entry('run', [-86_400, 20], { session_id: 'moves', workflow: 'outer' })]);
      await finalize(assessor, 'moves');
    });
    expect(await summariesOf('moves')).toMatchObject([{ workflow: 'outer', day: '2026-11-20', amendments: 1 }]);
    await ledger.refresh();
    expect(await queries.workflow('acme', 'inner')).toBeUndefined();
    expect(await queries.workflow('acme', 'outer')).toMatchObject({ sessions: 1 });
  });

  it('that nobody knows, or of which nothing stands any more, gives nothing', async () => {
    const gone = call([1, 2], { session_id: 'gone' });
    await ledger.book([gone]);
    await ledger.takeBack([gone]);
    await withAssessor(async (assessor) => {
      expect(await assessor.finalize('acme', 'never')).toBeUndefined();
      expect(await assessor.finalize('acme', 'gone')).toBeUndefined();
      expect(await assessor.finalize('acme', '')).toBeUndefined();
    });
  });

  it('of one tenant leaves that of another alone', async () => {
    await ledger.book([
      call([1, 2], { session_id: 'shared' }),
      call([1, 2], { session_id: 'shared', tenant: 'other' }),
    ]);
    await withAssessor((assessor) => finalize(assessor, 'shared', 'other'));
    expect((await queries.session('acme', 'shared'))?.finalization).toBeUndefined();
    expect((await queries.session('other', 'shared'))?.finalization).toBeDefined();
  });

  it('keeps its figures when its entries have left by retention', async () => {
    await book('old', { kept: 100 });
    await withAssessor((assessor) => finalize(assessor, 'kept'));
    await ledger.client.command({
      query: `ALTER TABLE entries DELETE WHERE session_id = 'kept' SETTINGS mutations_sync = 1`,
    });
    const kept = await queries.session('acme', 'kept');
    expect(sumOfAll(kept!.figures.lines).input_tokens).toBe(100);
    await withAssessor(async (assessor) => {
      expect(sumOfAll((await finalize(assessor, 'kept')).summary.figures.lines).input_tokens).toBe(100);
    });
  });
});

describe('a comparison', () => {
  it('with one other session is a hint', async () => {
    const { comparison } = await compareWith('pair', [100], 300);
    expect(comparison).toMatchObject({ n: 1, confidence: 'low', verdict: 'high' });
    expect(comparison.metrics.tokens).toMatchObject({
      average: 100,
      difference: 200,
      differencePercent: 200,
      percentileRank: 100,
      verdict: 'high',
      explanation: 'Token use is high: 300 tokens, 200 % above that of the only other session, 100 tokens.',
    });
    expect(comparison.explanation).toContain('With only 1 other session this is a hint and no more.');
  });

  it('with sessions all alike is normal for one like them, and unusual far from them', async () => {
    const alike = Array.from({ length: 6 }, () => 100);
    const same = await compareWith('same', alike, 100);
    expect(same.comparison).toMatchObject({
      n: 6,
      confidence: 'fair',
      verdict: 'normal',
      explanation: 'A normal session of same.',
    });
    expect(same.comparison.metrics.tokens).toMatchObject({ difference: 0, differencePercent: 0, percentileRank: 50 });
    const far = await compareWith('far', alike, 1000);
    expect(far.comparison.metrics.tokens).toMatchObject({
      verdict: 'unusual',
      differencePercent: 900,
      percentileRank: 100,
    });
    expect(far.comparison.verdict).toBe('unusual');
    // Duration, turns and agents are as always.
    expect(far.comparison.metrics.duration_us.verdict).toBe('normal');
  });

  it('with many sessions has their exact average and rank, without the session itself', async () => {
    // 1..24 times 100: mean 1250; 20 of 24 are below 2100, none equal but... 2100 itself: below 20, equal 1.
    const { comparison } = await compareWith(
      'spread',
      Array.from({ length: 24 }, (_, at) => (at + 1) * 100),
      2100,
    );
    expect(comparison).toMatchObject({ n: 24, confidence: 'good' });
    expect(comparison.metrics.tokens.average).toBe(1250);
    expect(comparison.metrics.tokens.percentileRank).toBeCloseTo(((20 + 0.5) / 24) * 100, 10);
  });

  it('is with the same workflow of the same tenant alone', async () => {
    await ledger.book([call([1, 2], { session_id: 'a', workflow: 'pair', tenant: 'other', input_tokens: 1 })]);
    const { comparison } = await withAssessor((assessor) => finalize(assessor, 'a', 'other'));
    expect(comparison.n).toBe(0);
  });

  it('with sessions that took nothing has words and no percent', async () => {
    await ledger.book(
      ['free-0', 'free-1', 'free'].map((session_id) => turn('writer', [0, 0], { session_id, workflow: 'free' })),
    );
    await ledger.book([call([0, 0], { session_id: 'free', workflow: 'free', input_tokens: 5 })]);
    const { comparison } = await withAssessor(async (assessor) => {
      await finalize(assessor, 'free-0');
      await finalize(assessor, 'free-1');
      return finalize(assessor, 'free');
    });
    expect(comparison.metrics.tokens).toMatchObject({ average: 0, differencePercent: undefined, verdict: 'high' });
    expect(comparison.metrics.tokens.explanation).toBe(
      'Token use is high: 15 tokens, where the average over 2 other sessions is 0 tokens.',
    );
    expect(JSON.stringify(comparison)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('sessions that nobody finalizes', () => {
  it('are finalized when nothing has come for a while, of all tenants, and not before', () =>
    withLedger(async (own, assessor, clock) => {
      await own.book([
        call([1, 2], { session_id: 'quiet' }),
        call([1, 2], { session_id: 'quiet', tenant: 'other' }),
        call([1, 2], { session_id: '' }),
      ]);
      await assessor.lookThrough();
      expect(await summaries(own)).toEqual([]);
      clock.ms += IDLE_MINUTES * 60_000 - 5000;
      await assessor.lookThrough();
      expect(await summaries(own)).toEqual([]);
      clock.ms += 10_000;
      await assessor.lookThrough();
      expect(await summaries(own)).toMatchObject([
        { tenant: 'acme', session_id: 'quiet', finalized_because: 'idle', amendments: 0 },
        { tenant: 'other', session_id: 'quiet' },
      ]);
      expect(assessor.settledUs()).toBe((clock.ms - IDLE_MINUTES * 60_000) * 1000);
    }));

  it('end their summaries when everything of them was taken back', () =>
    withLedger(async (own, assessor, clock) => {
      const guessed = call([1, 2], { session_id: 'guessed' });
      await own.book([guessed]);
      clock.ms += IDLE_MINUTES * 60_000 + 5000;
      await assessor.lookThrough();
      expect(await summaries(own)).toHaveLength(1);
      await own.takeBack([{ ...guessed, ingest_time: (clock.ms / 1000).toFixed(6) }]);
      clock.ms += CALM_SECONDS * 1000 + 1000;
      await assessor.lookThrough();
      expect(await summaries(own)).toEqual([]);
      await assessor.lookThrough();
      expect(await own.rows('SELECT count() AS n FROM session_summaries')).toEqual([{ n: 2 }]);
    }));

  it('are found though their segment was begun before midnight and booked after it', () =>
    withLedger(async (own, assessor, clock) => {
      const midnight = Date.UTC(2026, 10, 24);
      clock.ms = midnight + IDLE_MINUTES * 60_000 + 100;
      await assessor.lookThrough();
      const booked = { ingest_day: '2026-11-23', ingest_time: ((midnight + 200) / 1000).toFixed(6) };
      await own.book([call([1, 2], { session_id: 'midnight', ...booked })]);
      const { sessions } = await createQueries(own.client, { settledUs: () => assessor.settledUs() }).sessions('acme', {
        filter: { state: 'running' },
        limit: 10,
      });
      expect(sessions).toHaveLength(1);
      clock.ms += 1000;
      await assessor.lookThrough();
      expect(await summaries(own)).toMatchObject([{ session_id: 'midnight' }]);
    }));

  it('are not taken for idle by what has not been saved yet', async () => {
    const own = await openLedger(engine.url);
    const clock = { ms: Date.now() };
    let unsavedSinceUs: number | undefined;
    const assessor = startAssessor({
      client: own.client,
      sessionIdleMinutes: IDLE_MINUTES,
      everySeconds: 3600,
      telemetry: NO_TELEMETRY,
      logger: { warn() {} },
      now: () => clock.ms,
      unsavedSinceUs: () => unsavedSinceUs,
    });
    await own.book([call([1, 2], { session_id: 'goes-on' })]);
    // The database took nothing for an hour; what was accepted meanwhile has the times of then.
    unsavedSinceUs = (clock.ms + 60_000) * 1000;
    clock.ms += 3_600_000;
    await assessor.lookThrough();
    expect(await summaries(own)).toEqual([]);
    expect(assessor.settledUs()).toBe(unsavedSinceUs - IDLE_MINUTES * 60e6);
    await own.book([call([1, 2], { session_id: 'later', ingest_time: (unsavedSinceUs / 1e6).toFixed(6) })]);
    unsavedSinceUs = undefined;
    await assessor.lookThrough();
    expect((await summaries(own)).map(({ session_id }) => session_id)).toEqual(['goes-on', 'later']);
    await assessor.stop();
    await own.close();
  });

  it('are amended when late news has calmed down, once', () =>
    withLedger(async (own, assessor, clock) => {
      await own.book([call([1, 2], { session_id: 'late' })]);
      clock.ms += IDLE_MINUTES * 60_000 + 5000;
      await assessor.lookThrough();
      await own.book([call([3, 4], { session_id: 'late', ingest_time: (clock.ms / 1000).toFixed(6) })]);
      clock.ms += 1000;
      await assessor.lookThrough();
      expect(await summaries(own)).toMatchObject([{ amendments: 0 }]);
      clock.ms += CALM_SECONDS * 1000;
      await assessor.lookThrough();
      await assessor.lookThrough();
      expect(await summaries(own)).toMatchObject([{ session_id: 'late', amendments: 1 }]);
    }));

  it('of many days are found by the first pass, though their number passes what one answer holds', () =>
    withLedger(async (own, assessor, clock) => {
      // 1500 sessions on each of three days, some of them on two.
      await own.client.command({
        query: `
          INSERT INTO entries
            (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, trace_key, record_id, kind, started_at, ended_at,
             inferences, input_tokens)
          SELECT
            number, 'test', toDate(at), at, 1, 'acme', concat('s', toString(number % 4000)), 'w', 'trace', toString(number),
            'inference', at, at, 1, 1
          FROM (SELECT number, toDateTime64('2026-11-18 12:00:00', 6, 'UTC') + toIntervalDay(intDiv(number, 1500)) AS at FROM numbers(4500))`,
      });
      clock.ms = Date.UTC(2026, 10, 25);
      await assessor.lookThrough();
      const found = await own.rows(
        `SELECT count() AS n, sum(tokens) AS tokens, sum(amendments) AS amended FROM session_summaries FINAL`,
      );
      expect(found).toEqual([{ n: 4000, tokens: 4500, amended: 0 }]);
    }));

  it('are finalized by themselves, and no more once it is stopped', async () => {
    const own = await openLedger(engine.url);
    await own.book([call([1, 2], { session_id: 'by-itself' })]);
    const assessor = startAssessor({
      client: own.client,
      sessionIdleMinutes: 0.001,
      everySeconds: 0.02,
      telemetry: NO_TELEMETRY,
      logger: { warn() {} },
    });
    await until(async () => (await summaries(own)).length === 1, 'it is finalized');
    await assessor.stop();
    await own.book([call([1, 2], { session_id: 'too-late' })]);
    expect(await summaries(own)).toHaveLength(1);
    await own.close();
  });

  it('wait while the database is away, and are finalized when it is back', async () => {
    const own = await openLedger(engine.url);
    await own.book([call([1, 2], { session_id: 'waits' })]);
    const warnings: string[] = [];
    const assessor = startAssessor({
      client: own.client,
      sessionIdleMinutes: 0.001,
      everySeconds: 0.02,
      telemetry: NO_TELEMETRY,
      logger: { warn: (_details, message) => warnings.push(message) },
    });
    await own.client.command({ query: `RENAME TABLE session_summaries TO elsewhere` });
    await until(() => warnings.length > 1, 'it notices');
    await own.client.command({ query: `RENAME TABLE elsewhere TO session_summaries` });
    await until(async () => (await summaries(own)).length === 1, 'it is finalized');
    expect(new Set(warnings)).toEqual(new Set(['Idle sessions could not be finalized; trying again']));
    await assessor.stop();
    await own.close();
  });
});
