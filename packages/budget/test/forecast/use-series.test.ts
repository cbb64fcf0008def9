import { describe, expect, it } from 'vitest';
import { useSeries } from '../../src/forecast/use-series.ts';

describe('useSeries', () => {
  it('has 0 for steps without use between the first and the last that anybody is known of', () => {
    const series = useSeries({
      byStep: new Map([
        [3, 5],
        [6, 7],
      ]),
      observedTo: 8,
      running: 9,
    });
    expect(series).toEqual({ firstStep: 3, history: [5, 0, 0, 7, 0, 0], usedInRunningStep: 0 });
  });

  it('knows nothing after the last that anybody is known of', () => {
    const series = useSeries({ byStep: new Map([[3, 5]]), observedTo: 4, running: 7 });
    expect(series.history).toEqual([5, 0, undefined, undefined]);
  });

  it('never takes the running step for a whole one', () => {
    const series = useSeries({
      byStep: new Map([
        [3, 5],
        [4, 2],
      ]),
      observedTo: 4,
      running: 4,
    });
    expect(series).toEqual({ firstStep: 3, history: [5], usedInRunningStep: 2 });
  });

  it('is empty where nothing was used before the running step', () => {
    expect(useSeries({ byStep: new Map(), observedTo: 9, running: 9 }).history).toEqual([]);
    expect(useSeries({ byStep: new Map([[9, 4]]), observedTo: 9, running: 9 }).history).toEqual([]);
  });
});
