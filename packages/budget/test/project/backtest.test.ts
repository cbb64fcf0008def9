import { describe, expect, it } from 'vitest';
import { backtest, backtesting } from '../../src/index.ts';
import { session } from './histories.ts';

describe('backtest', () => {
  it('knows at each moment only what had ended by then: the first nine sessions have no answer', () => {
    const { sessions, looks, unanswered, projection } = backtest(
      Array.from({ length: 30 }, (_, place) => session(place, [1e7, 1e7])),
    );
    // Two looks at each of thirty sessions, one after the other.
    expect({ sessions, looks, unanswered }).toEqual({ sessions: 30, looks: 60, unanswered: 18 });
    expect(projection).toMatchObject({
      sessions: 21,
      forecasts: 42,
      coverage: 1,
      percentageError: 0,
    });
  });

  it('has no answers for sessions that all run at once', () => {
    const atOnce = Array.from({ length: 30 }, (_, place) =>
      session(place, [1e7, 1e7], { endedMs: 1e12, durationsMs: [1e6, 2e6] }),
    );
    const { unanswered, projection } = backtest(atOnce);
    expect(unanswered).toBe(60);
    expect(projection).toMatchObject({ sessions: 0, coverage: undefined, percentageError: undefined });
  });

  it('scores naive forecasts at the same looks', () => {
    // Turns cost the same, sessions are of two lengths in turn: 2 and 6 turns, four on average.
    const sessions = Array.from({ length: 200 }, (_, place) =>
      session(
        place,
        Array.from({ length: place % 2 === 0 ? 2 : 6 }, () => 1e7),
      ),
    );
    const { naive, projection } = backtest(sessions);
    expect(naive.workflow_mean.forecasts).toBe(projection.forecasts);
    expect(naive.linear_in_turns.coverage).toBeUndefined();
    // Looks at a session of 2 say some 4 each time: wrong by 100 %. At one of 6 they say 4, 4, 4, 4, 5 and 6: by 4/3 + 1/6 over 6 looks, 25 %.
    expect(naive.workflow_mean.percentageError).toBeCloseTo((1 + 0.25) / 2, 1);
    expect(projection.percentageError).toBeLessThan(0.5);
  });

  it('tells how far it is', () => {
    const steps = backtesting(Array.from({ length: 100 }, (_, place) => session(place, [1, 2, 3])));
    expect(steps.next().value).toEqual({ done: 0, looks: 300 });
    expect(steps.next().value).toEqual({ done: 64, looks: 300 });
  });

  it('says nothing of nothing', () => {
    expect(backtest([])).toMatchObject({ sessions: 0, looks: 0, unanswered: 0, projection: { coverage: undefined } });
  });
});
