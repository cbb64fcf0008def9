import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessor } from '../../src/assess/assessor.ts';
import { sumOfAll } from '../../src/query/lines.ts';
import type { Session, SessionsQuery } from '../../src/query/list-sessions.ts';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import type { SessionFilter, SessionOrder } from '../../src/query/session-filter.ts';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, entry, type EntryRow, NOON_US, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
const SESSIONS = 45;
const WORKFLOWS = ['research', 'support', 'triage'];

let assessor: Assessor;
beforeAll(async () => {
  assessor = toldAssessor(ledger.client);
  await ledger.book(Array.from({ length: SESSIONS }, (_, at) => bookingsOf(at)).flat());
  await ledger.book([
    call([1, 2], { session_id: '', workflow: 'research' }),
    call([3, 4], { session_id: '', workflow: 'lonely', agent: '', model: 'o3' }),
    call([5, 6], { session_id: 'theirs', tenant: 'other' }),
    call([5, 6], { session_id: '', tenant: 'other' }),
  ]);
  // Every third session is finalized; of those every second has had news since.
  for (let at = 0; at < SESSIONS; at += 3) await assessor.finalize('acme', idOf(at));
  await ledger.book(
    Array.from({ length: SESSIONS }, (_, at) => at)
      .filter((at) => at % 6 === 0)
      .map((at) => call([at + 6, at + 7], { session_id: idOf(at), workflow: workflowOf(at), input_tokens: 5000 })),
  );
});
afterAll(async () => {
  await assessor.stop();
});

function idOf(at: number): string {
  return `${at % 2 === 0 ? 'even' : 'odd'}-${at}`;
}

function workflowOf(at: number): string {
  return WORKFLOWS[at % 3] ?? '';
}

/** A session that begins at its second, lasts ten, and costs what its number squared makes modulo 17: some cost the same. */
function bookingsOf(at: number): readonly EntryRow[] {
  const version = at % 7 === 0 ? '' : `v${at % 2}`;
  const session = {
    session_id: idOf(at),
    workflow: workflowOf(at),
    workflow_version: version,
    user_id: `user-${at % 4}`,
  };
  const agent = at % 5 === 0 ? 'critic' : 'writer';
  return [
    turn(agent, [at, at + 10], session),
    call([at + 1, at + 2], {
      ...session,
      agent,
      model: at % 2 === 0 ? 'gpt-5' : 'o3',
      input_tokens: ((at * at) % 17) * 100,
    }),
  ];
}

/** A page after page, to the end. */
async function walk(query: Omit<SessionsQuery, 'cursor'>, from: Queries = queries): Promise<readonly Session[]> {
  const found: Session[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 100; page++) {
    const { sessions, nextCursor } = await from.sessions('acme', { ...query, cursor });
    expect(sessions.length).toBeLessThanOrEqual(query.limit);
    found.push(...sessions);
    cursor = nextCursor;
    if (cursor === undefined) return found;
  }
  throw new Error('the list does not end');
}

function namesOf(sessions: readonly Session[]): readonly string[] {
  return sessions.map(({ figures }) => (figures.sessionId === '' ? `(${figures.workflow})` : figures.sessionId));
}

/** Workflows of calls of no session. */
async function unattributed(filter: SessionFilter): Promise<readonly string[]> {
  return namesOf(await walk({ filter, limit: 1000 })).filter((name) => name.startsWith('('));
}

function measureOf({ figures }: Session, order: SessionOrder): number {
  const sums = sumOfAll(figures.lines);
  const measures = {
    start: figures.beganUs,
    cost: Number(sums.cost_nano_usd),
    tokens: sums.input_tokens + sums.output_tokens,
    duration: figures.endedUs - figures.beganUs,
  };
  return measures[order];
}

describe('a list of sessions', () => {
  it('has every session once, and what belongs to none once for each workflow', async () => {
    const names = namesOf(await walk({ filter: {}, limit: 1000 }));
    expect(names.toSorted()).toEqual(
      [...Array.from({ length: SESSIONS }, (_, at) => idOf(at)), '(research)', '(lonely)'].toSorted(),
    );
  });

  it.for(['start', 'cost', 'tokens', 'duration'] as const)('by %s is the same in pages of any size', async (order) => {
    const whole = await walk({ filter: {}, order, limit: 1000 });
    for (const limit of [8, 46]) expect(namesOf(await walk({ filter: {}, order, limit }))).toEqual(namesOf(whole));
  });

  it.for(['start', 'cost', 'tokens', 'duration'] as const)('by %s has the highest first', async (order) => {
    const running = await walk({ filter: { state: 'running' }, order, limit: 10 });
    expect(running).toHaveLength(30);
    const measures = running.map((session) => measureOf(session, order));
    expect(measures).toEqual(measures.toSorted((a, b) => b - a));
  });

  it('has finalized sessions with their news, and in the place they were finalized in', async () => {
    const finalized = await walk({ filter: { state: 'finalized' }, limit: 1000 });
    expect(finalized).toHaveLength(15);
    for (const { figures, finalization } of finalized) {
      const at = Number(figures.sessionId.split('-')[1]);
      // 100 tokens of a hundred squares, 10 answered; news are 5010 more.
      const tokens = ((at * at) % 17) * 100 + 10 + (at % 6 === 0 ? 5010 : 0);
      expect([figures.sessionId, measureOf({ figures, finalization }, 'tokens')]).toEqual([idOf(at), tokens]);
      expect(finalization).toMatchObject({ because: 'request', amendments: 0 });
    }
  });

  it('is the same where all is known to be finalized up to a time', async () => {
    const settled = createQueries(ledger.client, { settledUs: () => NOON_US });
    expect(namesOf(await walk({ filter: {}, limit: 9 }, settled))).toEqual(
      namesOf(await walk({ filter: {}, limit: 1000 })),
    );
    // Nothing was booked after this: all that is not finalized is taken for gone, and nothing is lost of what is.
    const allSettled = createQueries(ledger.client, { settledUs: () => Date.now() * 1000 + 1e9 });
    expect(await walk({ filter: { state: 'finalized' }, limit: 4 }, allSettled)).toHaveLength(15);
  });

  it('of another tenant is another', async () => {
    const { sessions } = await queries.sessions('other', { filter: {}, limit: 1000 });
    expect(namesOf(sessions).toSorted()).toEqual(['(research)', 'theirs']);
    expect((await queries.sessions('nobody', { filter: {}, limit: 10 })).sessions).toEqual([]);
  });

  it('has as many as it may and no more', async () => {
    for (const limit of [0, -5])
      expect((await queries.sessions('acme', { filter: {}, limit })).sessions).toHaveLength(1);
    expect((await queries.sessions('acme', { filter: {}, limit: 1e9 })).sessions).toHaveLength(47);
  });

  it('does not go on with the cursor of a list in another order', async () => {
    const { nextCursor } = await queries.sessions('acme', { filter: {}, order: 'cost', limit: 3 });
    await expect(queries.sessions('acme', { filter: {}, limit: 3, cursor: nextCursor })).rejects.toMatchObject({
      code: 'cursor_invalid',
    });
  });

  it('goes on where it was when sessions came and went meanwhile', async () => {
    const before = await queries.sessions('acme', { filter: { state: 'running' }, limit: 10 });
    const newest = call([500, 501], { session_id: 'newest' });
    await ledger.book([newest]);
    const after = await queries.sessions('acme', {
      filter: { state: 'running' },
      limit: 1000,
      cursor: before.nextCursor,
    });
    await ledger.takeBack([newest]);
    expect(after.sessions).toHaveLength(20);
    expect(namesOf(after.sessions)).not.toContain('newest');
    expect((await queries.sessions('acme', { filter: { idPrefix: 'newest' }, limit: 1 })).sessions).toEqual([]);
  });
});

describe('calls of no session', () => {
  it('are sums without turns, and are neither running nor finalized', async () => {
    const { sessions } = await queries.sessions('acme', { filter: { workflow: 'lonely' }, limit: 10 });
    expect(sessions).toHaveLength(1);
    const [session] = sessions;
    expect(session?.figures).toMatchObject({
      sessionId: '',
      workflow: 'lonely',
      turns: [],
      isTruncated: false,
      beganUs: NOON_US + 3e6,
    });
    expect(sumOfAll(session?.figures.lines ?? [])).toMatchObject({
      inferences: 1,
      input_tokens: 100,
      cost_nano_usd: 110n,
    });
    expect(session?.finalization).toBeUndefined();
    for (const state of ['running', 'finalized'] as const) {
      expect((await queries.sessions('acme', { filter: { workflow: 'lonely', state }, limit: 10 })).sessions).toEqual(
        [],
      );
    }
  });

  it('are those that ended within the time asked for', async () => {
    expect(await unattributed({ fromUs: NOON_US + 3e6 })).toEqual(['(lonely)']);
    expect(await unattributed({ toUs: NOON_US + 3e6 })).toEqual(['(research)']);
    expect(await unattributed({ fromUs: NOON_US + 100e6 })).toEqual([]);
  });

  it('are none where all that has no session is counted elsewhere', async () => {
    const metric = { session_id: '', workflow: 'measured', kind: 'excluded', reason: 'witness', inferences: 0 };
    await ledger.book([
      call([3, 4], { ...metric, input_tokens: 0, output_tokens: 0, excluded_input_tokens: 500, cost_nano_usd: 0 }),
    ]);
    expect(await unattributed({ workflow: 'measured' })).toEqual([]);
  });

  it('vanish when they find their session', async () => {
    const lone = call([1, 2], { session_id: '', workflow: 'found-later' });
    await ledger.book([lone]);
    expect((await queries.sessions('acme', { filter: { workflow: 'found-later' }, limit: 10 })).sessions).toHaveLength(
      1,
    );
    await ledger.takeBack([lone]);
    expect((await queries.sessions('acme', { filter: { workflow: 'found-later' }, limit: 10 })).sessions).toEqual([]);
  });
});

describe('a filter', () => {
  const filters: readonly (readonly [string, SessionFilter, (at: number) => boolean])[] = [
    ['workflow', { workflow: 'support' }, (at) => at % 3 === 1],
    ['version', { version: 'v1' }, (at) => at % 2 === 1 && at % 7 !== 0],
    ['no version', { version: '' }, (at) => at % 7 === 0],
    ['user', { user: 'user-2' }, (at) => at % 4 === 2],
    ['agent', { agent: 'critic' }, (at) => at % 5 === 0],
    ['model', { model: 'o3' }, (at) => at % 2 === 1],
    ['begin at or after', { fromUs: NOON_US + 20e6 }, (at) => at >= 20],
    ['begin before', { toUs: NOON_US + 20e6 }, (at) => at < 20],
    ['prefix of the id', { idPrefix: 'even-1' }, (at) => idOf(at).startsWith('even-1')],
    [
      'least cost',
      { minCostNanoUsd: 1010n, state: 'running' },
      (at) => at % 3 !== 0 && ((at * at) % 17) * 100 + 10 >= 1010,
    ],
    [
      'several at once',
      { workflow: 'triage', user: 'user-1', agent: 'writer' },
      (at) => at % 3 === 2 && at % 4 === 1 && at % 5 !== 0,
    ],
    ['a name that nobody has', { workflow: "'; DROP TABLE entries; --" }, () => false],
  ];

  it.for(filters)('by %s leaves what it says, in pages too', async ([, filter, isLeft]) => {
    const expected = Array.from({ length: SESSIONS }, (_, at) => at)
      .filter(isLeft)
      .map(idOf);
    for (const limit of [2, 1000]) {
      const names = namesOf(await walk({ filter, limit })).filter((name) => !name.startsWith('('));
      expect(names.toSorted()).toEqual(expected.toSorted());
    }
  });

  it('by workflow has the session there that it is in now', async () => {
    const moving = { session_id: 'moves' };
    const inner = entry('turn', [1, 2], { ...moving, agent: 'writer', workflow: 'inner' });
    await ledger.book([inner]);
    expect(namesOf(await walk({ filter: { workflow: 'inner' }, limit: 10 }))).toEqual(['moves']);
    await ledger.book([entry('run', [0, 3], { ...moving, workflow: 'outer' })]);
    expect(namesOf(await walk({ filter: { workflow: 'inner' }, limit: 10 }))).toEqual([]);
    expect(namesOf(await walk({ filter: { workflow: 'outer' }, limit: 10 }))).toEqual(['moves']);
  });
});
