import { describe, expect, it } from 'vitest';
import { compareAtProgress, prepareHistory, similarSessions } from '../../src/index.ts';
import { session } from './histories.ts';

/** After two turns they had cost 10, 20, … 90 cents; the last five had a third turn. */
const NINE = prepareHistory(
  Array.from({ length: 9 }, (_, at) => session(at, [5e7 * (at + 1), 5e7 * (at + 1), ...(at < 4 ? [] : [1e9])])),
);

describe('comparison at equal progress', () => {
  it('lays a session beside those that came as far, as they were then', () => {
    const { n, costNanoUsd } = compareAtProgress(NINE, { turns: 2, costNanoUsd: 6e8 });
    expect(n).toBe(9);
    // Of nine, five had cost less and one as much: (5 + ½) / 9.
    expect(costNanoUsd).toMatchObject({ median: 5e8, ratio: 1.2, verdict: 'normal' });
    expect(costNanoUsd.percentileRank).toBeCloseTo((5.5 / 9) * 100, 9);
    expect(compareAtProgress(NINE, { turns: 3, costNanoUsd: 6e8 }).n).toBe(5);
  });

  it('says high, low and unusual by how far it is from what sessions vary', () => {
    // The logarithms of 0.1 … 0.9 have their median at ln 0.5, half of them within ln 8/5 = 0.470 of it: a deviation is 0.697.
    const verdictOf = (costNanoUsd: number): string =>
      compareAtProgress(NINE, { turns: 2, costNanoUsd }).costNanoUsd.verdict;
    expect(verdictOf(5e8 * Math.exp(0.697 * 1.4))).toBe('normal');
    expect(verdictOf(5e8 * Math.exp(0.697 * 1.6))).toBe('high');
    expect(verdictOf(5e8 * Math.exp(0.697 * 3.1))).toBe('unusual');
    expect(verdictOf(5e8 * Math.exp(0.697 * -1.6))).toBe('low');
    expect(verdictOf(0)).toBe('unusual');
  });

  it('calls a difference of up to a quarter normal, however alike the others were', () => {
    const alike = prepareHistory(Array.from({ length: 20 }, (_, at) => session(at, [1e8])));
    const verdictOf = (costNanoUsd: number): string =>
      compareAtProgress(alike, { turns: 1, costNanoUsd }).costNanoUsd.verdict;
    expect([1.25e8, 1.3e8, 1.5e8, 2.1e8, 0.7e8].map(verdictOf)).toEqual(['normal', 'normal', 'high', 'unusual', 'low']);
  });

  it('compares tokens and time where they are told, and knows that nothing is known', () => {
    const told = compareAtProgress(NINE, { turns: 2, costNanoUsd: 5e8, tokens: 5e5, durationMs: 8000 });
    expect(told.tokens).toMatchObject({ ratio: 1, verdict: 'normal' });
    expect(told.durationMs).toMatchObject({ median: 2000, ratio: 4, verdict: 'unusual' });
    const none = compareAtProgress(NINE, { turns: 7, costNanoUsd: 5e8 });
    expect(none).toMatchObject({ n: 0, tokens: undefined, costNanoUsd: { median: undefined, verdict: 'unknown' } });
  });
});

describe('similar sessions', () => {
  const history = prepareHistory([
    session(0, [1e7, 1e7], { version: '2', entryAgent: 'a', firstPromptTokens: 1000 }),
    session(1, [1e7, 1e7], { version: '1', entryAgent: 'a', firstPromptTokens: 1000 }),
    session(2, [5e7, 1e7], { version: '2', entryAgent: 'b', firstPromptTokens: 9000 }),
    session(3, [1e7, 2e7], { version: '2', entryAgent: 'a', firstPromptTokens: 1100 }),
  ]);
  const running = { turns: 2, costNanoUsd: 2e7, version: '2', entryAgent: 'a', firstPromptTokens: 1000 };

  it('are the nearest first, each with why it is near and what it cost in the end', () => {
    const found = similarSessions(history, running, 3);
    expect(found.map(({ id }) => id)).toEqual(['s0', 's3', 's1']);
    expect(found[0]).toMatchObject({
      distance: 0,
      because: ['same_version', 'same_entry_agent', 'first_prompt_of_similar_size', 'cost_as_much_by_this_turn'],
      costThenNanoUsd: 2e7,
      endCostNanoUsd: 2e7,
      turns: 2,
    });
    expect(found[1]?.because).toEqual(['same_version', 'same_entry_agent', 'first_prompt_of_similar_size']);
  });

  it('came as far as the running one', () => {
    expect(similarSessions(history, { ...running, turns: 3 })).toEqual([]);
  });
});
