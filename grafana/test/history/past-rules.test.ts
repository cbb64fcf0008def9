import { expect, it } from 'vitest';
import { ruleLevels } from '../../history/past-rules.ts';

it('asks for what a rule reads before it, also where that has another label', async () => {
  const levels = await ruleLevels();
  const levelOf = (record: string, slo?: string): number =>
    levels.findIndex((rules) => rules.some((rule) => rule.record === record && rule.labels?.['slo'] === slo));
  const events = 'slo:turnmeter_events:rate5m';
  const burn = 'slo:turnmeter_burn:ratio_rate1h';
  expect(levelOf(events, 'session-cost')).toBeLessThan(levelOf('slo:turnmeter_events:rate1h'));
  expect(levelOf('slo:turnmeter_events:rate1h')).toBeLessThan(levelOf(burn, 'failed-sessions'));
  expect(levelOf('slo:turnmeter_errors:rate5m', 'failed-sessions')).toBeLessThan(levelOf(burn, 'failed-sessions'));
});
