import { describe, expect, it } from 'vitest';
import { runOutText } from '../../../src/cli/balances/run-out-text.ts';
import type { RunOutDocument } from '../../../src/serve/documents/run-out-document.ts';

const RUN_OUT: RunOutDocument = {
  status: 'runs_out',
  low: '2026-11-28T03:00:00.000Z',
  mid: '2026-12-01T12:00:00.000Z',
  high: '2026-12-05T23:00:00.000Z',
  interval_coverage: 0.9,
  horizon_days: 365,
  history_days: 30,
  method: 'simulated_paths',
};

describe('runOutText', () => {
  it.each<[Partial<RunOutDocument>, string]>([
    [{}, 'about 2026-12-01, between 2026-11-28 and 2026-12-05'],
    [{ high: null }, 'about 2026-12-01, not before 2026-11-28'],
    [{ status: 'not_within_horizon', mid: null, high: null }, 'hardly within 365 days, not before 2026-11-28'],
    [{ status: 'not_within_horizon', low: null, mid: null, high: null }, 'not within 365 days'],
    [{ status: 'not_enough_history', history_days: 1 }, 'unknown, after 1 whole day of spending'],
    [{ status: 'used_up' }, ''],
  ])('of %o is %s', (part, text) => {
    expect(runOutText({ ...RUN_OUT, ...part })).toBe(text);
  });
});
