import type { GuardAction } from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';
import { GuardActions } from '../../src/control/guard-actions.ts';
import { PrometheusTelemetry } from '../../src/telemetry.ts';

function action(session: string, second: number, workflow: string | null = 'w'): GuardAction {
  const at = new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();
  return { session_id: session, workflow, action: 'notify', reason: 'shares.warning', at };
}

async function countsOf(telemetry: PrometheusTelemetry): Promise<readonly string[]> {
  const text = await telemetry.registry.getSingleMetricAsString('turnmeter_guard_actions_total');
  return text.split('\n').filter((line) => line.startsWith('turnmeter_guard_actions_total{'));
}

describe('GuardActions', () => {
  it('counts what a guard tells twice once', async () => {
    const telemetry = new PrometheusTelemetry();
    const actions = new GuardActions(telemetry);
    expect(actions.add('acme', [action('s', 1), action('s', 2)])).toHaveLength(2);
    expect(actions.add('acme', [action('s', 2), action('s', 3)])).toEqual([action('s', 3)]);
    expect(actions.of('acme', 's')).toEqual([action('s', 1), action('s', 2), action('s', 3)]);
    expect(actions.of('globex', 's')).toEqual([]);
    expect(await countsOf(telemetry)).toEqual([
      'turnmeter_guard_actions_total{tenant="acme",workflow="w",action="notify"} 3',
    ]);
  });

  it('keeps the latest of a session', () => {
    const actions = new GuardActions(new PrometheusTelemetry());
    for (let second = 0; second < 59; second++) actions.add('acme', [action('s', second)]);
    expect(actions.of('acme', 's')).toHaveLength(50);
    expect(actions.of('acme', 's').at(-1)).toEqual(action('s', 58));
  });

  it('has so many series, whatever workflows are called', async () => {
    const telemetry = new PrometheusTelemetry();
    const actions = new GuardActions(telemetry);
    for (let at = 0; at < 1500; at++) actions.add('acme', [action(`s${at}`, 1, `made-up-${at}`)]);
    const counts = await countsOf(telemetry);
    expect(counts).toHaveLength(1001);
    expect(counts.at(-1)).toBe('turnmeter_guard_actions_total{tenant="_other",workflow="_other",action="notify"} 500');
  });
});
