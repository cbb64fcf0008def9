import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FinishedSession,
  type Projection,
  prepareHistory,
  projectEndCost,
  type RunningSession,
  SESSIONS_NEEDED,
} from '../../src/index.ts';
import { evenSessions, session } from './histories.ts';

const cost = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e12 }));
const turnCosts = fc.array(cost, { minLength: 1, maxLength: 12 });
const traits = fc.record(
  {
    version: fc.constantFrom('1', '2'),
    entryAgent: fc.constantFrom('planner', 'coder'),
    firstPromptTokens: fc.integer({ min: 0, max: 1e6 }),
  },
  { requiredKeys: [] },
);
const histories = fc
  .array(fc.tuple(turnCosts, traits), { maxLength: 60 })
  .map((all) => all.map(([costs, of], place) => session(place, costs, of)));
const runnings = fc
  .record({ turns: fc.option(fc.nat({ max: 14 }), { nil: undefined }), costNanoUsd: cost, of: traits })
  .map(({ of, ...running }): RunningSession => ({ ...running, ...of }));

function projectionOf(sessions: readonly FinishedSession[], running: RunningSession): Projection {
  const projected = projectEndCost(prepareHistory(sessions), running);
  if (projected.status !== 'projected') throw new Error(`expected a projection, received ${projected.status}`);
  return projected;
}

describe('projection of an end cost', () => {
  it('is finite, in order, in whole nano-dollars, and never below what is spent', () => {
    fc.assert(
      fc.property(histories, runnings, (sessions, running) => {
        const projected = projectEndCost(prepareHistory(sessions), running);
        if (projected.status !== 'projected') return;
        const { lowNanoUsd, midNanoUsd, highNanoUsd } = projected;
        expect([lowNanoUsd, midNanoUsd, highNanoUsd].every(Number.isFinite)).toBe(true);
        expect(Number.isInteger(lowNanoUsd) && Number.isInteger(midNanoUsd) && Number.isInteger(highNanoUsd)).toBe(
          true,
        );
        expect(running.costNanoUsd).toBeLessThanOrEqual(lowNanoUsd);
        expect(lowNanoUsd).toBeLessThanOrEqual(midNanoUsd);
        expect(midNanoUsd).toBeLessThanOrEqual(highNanoUsd);
      }),
    );
  });

  it('takes spending within the first turn for no sign of a cheap session', () => {
    // All had four turns of 25 and cost 100; whoever tells no turns may be anywhere in the first.
    const sessions = Array.from({ length: 12 }, (_, place) =>
      session(
        place,
        [25, 25, 25, 25].map((usd) => usd * 1e7),
      ),
    );
    const { midNanoUsd, highNanoUsd } = projectionOf(sessions, { costNanoUsd: 10 * 1e7 });
    expect([midNanoUsd, highNanoUsd]).toEqual([1e9, 1e9]);
  });

  it('does not depend on the order in which sessions are given', () => {
    fc.assert(
      fc.property(histories, runnings, (sessions, running) => {
        expect(projectEndCost(prepareHistory(sessions.toReversed()), running)).toEqual(
          projectEndCost(prepareHistory(sessions), running),
        );
      }),
    );
  });

  it('is made exactly when nine sessions came as far, the fewest of which nine in ten can be said', () => {
    expect(SESSIONS_NEEDED).toBe(9);
    const eight = evenSessions([1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6, 8e6], 3);
    const running = { turns: 3, costNanoUsd: 9e6 };
    const short = session(8, [1e6, 1e6]);
    expect(projectEndCost(prepareHistory([...eight, short]), running)).toEqual({
      status: 'not_enough_history',
      sessions: 9,
      n: 8,
      needed: 9,
    });
    expect(projectionOf([...eight, session(9, [9e6, 9e6, 9e6])], running).n).toBe(9);
  });

  it('says nothing of a workflow without history, or of a session without turns in it', () => {
    const none = { status: 'not_enough_history', sessions: 0, n: 0, needed: 9 };
    expect(projectEndCost(prepareHistory([]), { turns: 1, costNanoUsd: 1 })).toEqual(none);
    const withoutTurns = Array.from({ length: 20 }, (_, place) => session(place, [], { endCostNanoUsd: 5 }));
    expect(projectEndCost(prepareHistory(withoutTurns), { turns: 1, costNanoUsd: 1 })).toEqual(none);
  });

  it('is certain where all sessions go the same way', () => {
    const sessions = evenSessions(
      Array.from({ length: 30 }, () => 1e7),
      5,
    );
    for (const turns of [1, 2, 3, 4, 5]) {
      expect(projectionOf(sessions, { turns, costNanoUsd: turns * 1e7 })).toMatchObject({
        lowNanoUsd: 5e7,
        midNanoUsd: 5e7,
        highNanoUsd: 5e7,
      });
    }
  });

  it('goes by the ratio: a session twice as dear so far ends twice as dear', () => {
    const costs = Array.from({ length: 40 }, (_, at) => 1e6 * (10 + at));
    const sessions = evenSessions(costs, 4);
    // All sessions cost four times what they had cost after one turn.
    for (const spent of [1.5e7, 3e7]) {
      const { midNanoUsd } = projectionOf(sessions, { turns: 1, costNanoUsd: spent });
      expect(midNanoUsd / spent).toBeCloseTo(4, 1);
    }
  });

  it('holds at a session that is over when it is looked at: low is what is spent where many end', () => {
    const sessions = Array.from({ length: 100 }, (_, place) =>
      session(place, place % 2 === 0 ? [1e7, 1e7] : [1e7, 1e7, 1e7, 1e7]),
    );
    expect(projectionOf(sessions, { turns: 2, costNanoUsd: 2e7 })).toMatchObject({ lowNanoUsd: 2e7, highNanoUsd: 4e7 });
    expect(projectionOf(sessions, { turns: 3, costNanoUsd: 3e7 })).toMatchObject({ lowNanoUsd: 4e7, highNanoUsd: 4e7 });
  });

  it('is as wide as few sessions make it, and narrower with more of the same', () => {
    const dearness = (place: number): number => 1e7 * (1 + ((place * 7) % 10));
    const widthOf = (count: number): number => {
      const sessions = Array.from({ length: count }, (_, place) => session(place, [1e7, dearness(place)]));
      const { lowNanoUsd, highNanoUsd } = projectionOf(sessions, { turns: 1, costNanoUsd: 1e7 });
      return highNanoUsd - lowNanoUsd;
    };
    expect(widthOf(10)).toBeGreaterThan(widthOf(400));
  });

  it('listens to sessions of the same version and entry agent first, and to others until there are some', () => {
    const before = Array.from({ length: 100 }, (_, place) =>
      session(place, [1e7, 1e7], { version: '1', entryAgent: 'a' }),
    );
    const after = Array.from({ length: 60 }, (_, at) =>
      session(100 + at, [1e7, 9e7], { version: '2', entryAgent: 'a' }),
    );
    const running = { turns: 1, costNanoUsd: 1e7, entryAgent: 'a' };
    expect(projectionOf(before, { ...running, version: '2' }).midNanoUsd).toBe(2e7);
    const both = [...before, ...after];
    expect(projectionOf(both, { ...running, version: '1' }).midNanoUsd).toBe(2e7);
    expect(projectionOf(both, { ...running, version: '2' }).midNanoUsd).toBe(1e8);
  });

  it('takes no notice of a trait that one of them does not tell', () => {
    const sessions = Array.from({ length: 20 }, (_, place) => session(place, [1e7, 1e6 * (1 + place)]));
    const running = { turns: 1, costNanoUsd: 1e7 };
    expect(projectionOf(sessions, { ...running, version: '2', entryAgent: 'a' })).toEqual(
      projectionOf(sessions, running),
    );
  });

  it('forgets: what sessions cost lately goes before what they did', () => {
    const sessions = Array.from({ length: 800 }, (_, place) => session(place, [1e7, place < 400 ? 1e7 : 9e7]));
    expect(projectionOf(sessions, { turns: 1, costNanoUsd: 1e7 }).midNanoUsd).toBe(1e8);
  });

  it('goes by the spending where nobody counted turns, and says so', () => {
    const sessions = Array.from({ length: 50 }, (_, place) => session(place, [1e7, 1e7, 1e7, 1e7]));
    const projected = projectionOf(sessions, { costNanoUsd: 2e7 });
    expect(projected).toMatchObject({ midNanoUsd: 4e7, method: 'equal_spending' });
    // Ten times as much as any has spent: nothing is known of such a session.
    expect(projectEndCost(prepareHistory(sessions), { costNanoUsd: 4e8 }).status).toBe('not_enough_history');
  });

  it('takes a session that has spent before its first turn was over by its spending', () => {
    const sessions = Array.from({ length: 50 }, (_, place) => session(place, [1e7, 1e7, 1e7, 1e7]));
    expect(projectionOf(sessions, { turns: 0, costNanoUsd: 1e7 })).toMatchObject({
      midNanoUsd: 4e7,
      method: 'equal_spending',
    });
    expect(projectionOf(sessions, { turns: 0, costNanoUsd: 0 })).toMatchObject({
      midNanoUsd: 4e7,
      method: 'equal_turns',
    });
  });

  it('says that what was always free stays free', () => {
    const sessions = Array.from({ length: 20 }, (_, place) => session(place, [0, 0, 0]));
    expect(projectionOf(sessions, { turns: 2, costNanoUsd: 0 })).toMatchObject({
      lowNanoUsd: 0,
      midNanoUsd: 0,
      highNanoUsd: 0,
    });
  });

  it('refuses what is no amount and no count', () => {
    const history = prepareHistory([]);
    for (const costNanoUsd of [-1, Number.NaN, Infinity]) {
      expect(() => projectEndCost(history, { turns: 1, costNanoUsd })).toThrow(/costs 0 or more nano-USD, received/);
    }
    for (const turns of [-1, 1.5, Number.NaN]) {
      expect(() => projectEndCost(history, { turns, costNanoUsd: 1 })).toThrow(/turns are counted, received/);
    }
  });
});

describe('history', () => {
  it('is the same made ready at once and in steps, and keeps what was learned when it goes on', () => {
    const sessions = Array.from({ length: 120 }, (_, place) => session(place, [1e7, 1e6 * ((place * 37) % 50), 5e6]));
    const half = prepareHistory(sessions.slice(0, 60));
    // Fewer than 200 sessions: learned one by one, it is no matter where a pause was made.
    const [inTwo, atOnce] = [prepareHistory(sessions, half).learned, prepareHistory(sessions).learned];
    expect(inTwo.miscoverage).toBeCloseTo(atOnce.miscoverage, 6);
    expect(inTwo.ratioLoss).toBeCloseTo(atOnce.ratioLoss, 6);
    expect(prepareHistory(sessions, prepareHistory(sessions))).toEqual(prepareHistory(sessions));
  });

  it('has the thousand sessions that ended last', () => {
    const sessions = Array.from({ length: 1010 }, (_, place) => session(place, [1e7]));
    const { sessions: kept } = prepareHistory(sessions);
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([1000, 's10', 's1009']);
  });
});
