import { describe, expect, it } from 'vitest';
import type { PlainPoint } from '@turnmeter/accounting';
import { account, T0 } from '../account.ts';

function point(type: string, value: number, rest: Partial<PlainPoint> = {}): PlainPoint {
  return {
    id: `${type}/${rest.startMs ?? T0}`,
    resource: { 'service.name': 'continue-cli' },
    metric: 'continue_cli_token_usage',
    unit: 'tokens',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 1000,
    value,
    attributes: { model: 'gpt-5', type },
    ...rest,
  };
}

describe('continue-cli', () => {
  it('counts its one metric, cached tokens as part of the input', () => {
    const { totals, entries } = account({
      points: [point('input', 800), point('output', 90), point('cacheRead', 512)],
    });
    expect(totals).toMatchObject({ input: 800, output: 90, cacheRead: 512, inferences: 0 });
    expect(entries[0]).toMatchObject({ session: '', model: 'gpt-5', profile: 'continue-cli' });
  });

  it('counts two terminals with the same attributes each, because they started at different times', () => {
    const { totals } = account({
      points: [
        point('output', 90),
        point('output', 40, { startMs: T0 + 500 }),
        point('output', 120, { timeMs: T0 + 9000 }),
        point('output', 70, { startMs: T0 + 500, timeMs: T0 + 9500 }),
      ],
    });
    expect(totals.output).toBe(190);
  });

  it('takes a value that falls within a series for a fault of the producer', () => {
    const { totals } = account({ points: [point('output', 90), point('output', 30, { timeMs: T0 + 9000 })] });
    expect(totals.output).toBe(90);
  });

  it('lets money be', () => {
    const cost = point('usd', 0.5, { metric: 'continue_cli_cost_usage', unit: 'USD' });
    expect(account({ points: [cost] }).entries).toEqual([]);
  });
});
