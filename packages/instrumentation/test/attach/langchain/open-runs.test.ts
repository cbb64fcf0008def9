import { describe, expect, it } from 'vitest';
import { ChainLevel } from '../../../src/attach/langchain/level.ts';
import { OpenRuns } from '../../../src/attach/langchain/open-runs.ts';
import { rootScope } from '../../../src/session/scope.ts';

class Counted extends ChainLevel {
  abandoned = 0;

  override abandon(): void {
    this.abandoned++;
  }
}

describe('open runs', () => {
  it('are forgotten, the oldest first, where too many never end', () => {
    const runs = new OpenRuns(100);
    const levels = Array.from({ length: 1000 }, (_, index) => new Counted(`run-${index}`, rootScope()));
    for (const level of levels) runs.add(level.runId, level);
    expect(runs.size).toBe(100);
    expect(runs.get('run-899')).toBeUndefined();
    expect(runs.get('run-900')).toBe(levels[900]);
    expect(levels.map(({ abandoned }) => abandoned)).toEqual(levels.map((_, index) => (index < 900 ? 1 : 0)));
  });

  it('that are part of another one end without ending it', () => {
    const runs = new OpenRuns();
    const level = new Counted('outer', rootScope());
    runs.add('outer', level);
    runs.add('inner', level);
    expect(runs.remove('inner')).toBeUndefined();
    expect(runs.get('outer')).toBe(level);
    expect(runs.remove('outer')).toBe(level);
    expect(runs.size).toBe(0);
  });
});
