// What Prometheus shows while something is away or comes back, and what it does not show: counters never fall, nothing is counted twice, a page without a
// database says so, and whoever was not told is told later.

import { setTimeout as sleep } from 'node:timers/promises';
import { ATTR_GEN_AI_WORKFLOW_NAME } from '@turnmeter/semconv';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chat, text } from '../collector/numbered-chat.ts';
import {
  ask,
  enginePid,
  heard,
  query,
  send,
  SETTLED_WITHIN,
  STARTED_WITHIN_MS,
  type StartedStack,
  startStack,
  valueOf,
} from './started-stack.ts';

const BUDGETS = [
  { tenant: 'acme', period: 'month', usd: 1e-9 },
  { tenant: 'ghost', period: 'month', usd: 100 },
];

let started: StartedStack;
beforeAll(async () => {
  started = await startStack({ settings: { budgets: BUDGETS }, tenants: ['acme', 'globex'] });
}, STARTED_WITHIN_MS);
afterAll(() => started[Symbol.asyncDispose]());

async function tokensIn(tenant: string): Promise<number> {
  return (await valueOf(started.stack, `sum(turnmeter_tokens_total{tenant="${tenant}", direction="input"})`)) ?? 0;
}

async function delivered(tenant: string, session: string, from: number): Promise<void> {
  expect(await send(started.stack, tenant, chat(session, from, 10))).toBe(200);
}

/** 1 + 2 + … + n: tokens in of the first n calls. */
function upTo(calls: number): number {
  return (calls * (calls + 1)) / 2;
}

describe('names', () => {
  it('may hold anything, and are shown as they are, or in short', { timeout: 120_000 }, async () => {
    const names = ['say "hi"', 'two\nlines', 'back\\slash', '工作流 🚀', 'x'.repeat(10_000), '{job="other"}', ' '];
    for (const [at, name] of names.entries()) {
      const named = [text(ATTR_GEN_AI_WORKFLOW_NAME, name)];
      expect(await send(started.stack, 'globex', chat(`named ${at}`, 0, 1, named))).toBe(200);
    }
    const shown = 'count by (workflow) (turnmeter_tokens_total{tenant="globex", direction="input"} > 0)';
    await vi.waitFor(async () => {
      const workflows = (await query(started.stack, shown)).map(({ metric }) => metric['workflow'] ?? '');
      expect(workflows).toHaveLength(names.length);
      for (const name of names.slice(0, 4)) expect(workflows).toContain(name);
      expect(Math.max(...workflows.map((name) => name.length))).toBeLessThan(128);
    }, SETTLED_WITHIN);
    expect(await valueOf(started.stack, 'up{job="turnmeter"}')).toBe(1);
  });
});

describe('a tenant that never was', () => {
  it('has nothing in the API, and no series but those of its budget, at 0', async () => {
    expect(await ask(started.stack, 'ghost', 'sessions')).toMatchObject({ sessions: [] });
    expect(await ask(started.stack, 'ghost', 'totals')).toMatchObject({ total: { cost: { usd: 0 } } });
    const series = await query(started.stack, '{tenant="ghost", __name__!~".*:.*"}');
    const values = Object.fromEntries(series.map(({ metric, value }) => [metric['__name__'], value]));
    expect(values).toEqual({ turnmeter_budget_usd: 100, turnmeter_budget_spent_usd: 0 });
  });
});

describe('Alertmanager', () => {
  it('is told, when it comes back, of an alert that began while it was away', { timeout: 240_000 }, async () => {
    const { stack, messages } = started;
    await stack.program('alertmanager').kill();
    await delivered('acme', 'unheard', 0);
    const firing = 'ALERTS{alertname="TurnmeterBudgetExceeded", tenant="acme", alertstate="firing"}';
    await vi.waitFor(async () => expect(await valueOf(stack, firing)).toBe(1), SETTLED_WITHIN);
    const told = messages.received.flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname']));
    expect(told).not.toContain('TurnmeterBudgetExceeded');
    await stack.start('alertmanager');
    await heard(started, { status: 'firing', alertname: 'TurnmeterBudgetExceeded' });
  });
});

describe('the engine', () => {
  it(
    'may be away: the page says so and shows what was read last, and what was sent is there afterwards',
    { timeout: 240_000 },
    async () => {
      const { stack } = started;
      await vi.waitFor(async () => expect(await tokensIn('acme')).toBe(upTo(10)), SETTLED_WITHIN);
      const spent = await valueOf(stack, 'turnmeter_budget_spent_usd{tenant="acme"}');
      expect(spent).toBeGreaterThan(0);
      const pid = await enginePid(stack);
      process.kill(pid, 'SIGSTOP');
      try {
        await vi.waitFor(
          async () => expect(await valueOf(stack, 'turnmeter_up{part="clickhouse"}')).toBe(0),
          SETTLED_WITHIN,
        );
        await delivered('acme', 'while away', 10);
        expect(await valueOf(stack, 'up{job="turnmeter"}')).toBe(1);
        expect(await valueOf(stack, 'turnmeter_budget_spent_usd{tenant="acme"}')).toBe(spent);
        // Figures tell how old they are, and TurnmeterFiguresStale looks at it.
        const first = await valueOf(stack, 'turnmeter_figures_timestamp_seconds');
        await sleep(2000);
        expect(await valueOf(stack, 'turnmeter_figures_timestamp_seconds')).toBe(first);
        await vi.waitFor(async () => expect(await alerting()).toContain('TurnmeterPartDown'), SETTLED_WITHIN);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await vi.waitFor(async () => expect(await tokensIn('acme')).toBe(upTo(20)), SETTLED_WITHIN);
      await vi.waitFor(async () => expect(await alerting()).not.toContain('TurnmeterPartDown'), SETTLED_WITHIN);
      expect(await fell('turnmeter_tokens_total')).toEqual([]);
    },
  );
});

describe('Prometheus', () => {
  it('may be away: counters go on, and what was spent meanwhile counts once', { timeout: 240_000 }, async () => {
    const { stack } = started;
    await stack.program('prometheus').kill();
    await delivered('acme', 'unseen', 20);
    await stack.start('prometheus');
    await vi.waitFor(async () => expect(await tokensIn('acme')).toBe(upTo(30)), SETTLED_WITHIN);
    expect(await risen()).toBeCloseTo(upTo(30), 6);
    expect(await fell('turnmeter_tokens_total')).toEqual([]);
  });
});

describe('the aggregator', () => {
  it(
    'may be killed while it is scraped: counters begin again, rises are counted once, sums of the month stay',
    { timeout: 240_000 },
    async () => {
      const { stack } = started;
      const spent = 'sum(turnmeter_period_cost_usd{tenant="acme", period="month"})';
      const before = await vi.waitFor(async () => {
        const usd = ((await ask(stack, 'acme', 'totals')) as { total: { cost: { usd: number } } }).total.cost.usd;
        expect(await valueOf(stack, spent)).toBeCloseTo(usd, 9);
        return usd;
      }, SETTLED_WITHIN);
      await stack.program('turnmeter').kill();
      await vi.waitFor(async () => expect(await valueOf(stack, 'up{job="turnmeter"}')).toBe(0), SETTLED_WITHIN);
      // Nobody is asked for what is not there: series end, alerts of them too, and TurnmeterDown says why.
      await vi.waitFor(async () => expect(await query(stack, spent)).toEqual([]), SETTLED_WITHIN);
      await vi.waitFor(async () => expect(await alerting()).toContain('TurnmeterDown'), SETTLED_WITHIN);
      await delivered('acme', 'kept by the Collector', 30);
      await stack.start('turnmeter');
      await vi.waitFor(async () => expect(await risen()).toBeCloseTo(upTo(40), 6), SETTLED_WITHIN);
      await vi.waitFor(async () => expect(await valueOf(stack, spent)).toBeGreaterThan(before), SETTLED_WITHIN);
      const { total } = (await ask(stack, 'acme', 'totals')) as { total: { tokens: { input: number } } };
      expect(total.tokens.input).toBe(upTo(40));
    },
  );
});

/** How much acme's tokens in have risen in all: what a counter shows, and the most that it showed before it began again. */
async function risen(): Promise<number> {
  const samples = await valuesOf('turnmeter_tokens_total{tenant="acme", direction="input"}');
  return samples.reduce(
    (sum, values) =>
      sum +
      values.reduce(
        (all, value, at) => all + (value < (values[at - 1] ?? 0) ? value : value - (values[at - 1] ?? 0)),
        0,
      ),
    0,
  );
}

/** Series of a counter that fell. */
async function fell(counter: string): Promise<readonly Readonly<Record<string, string>>[]> {
  return (await query(started.stack, `resets(${counter}[15m]) > 0`)).map(({ metric }) => metric);
}

/** Every sample of the last quarter of an hour, a list for each series. */
async function valuesOf(selector: string): Promise<readonly (readonly number[])[]> {
  const asked = encodeURIComponent(`${selector}[15m]`);
  const response = await fetch(`${started.stack.url('prometheus')}/api/v1/query?query=${asked}`);
  const { data } = (await response.json()) as {
    readonly data: { readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[] };
  };
  return data.result.map(({ values }) => values.map(([, value]) => Number(value)));
}

async function alerting(): Promise<readonly string[]> {
  const firing = await query(started.stack, 'ALERTS{alertstate="firing"}');
  return firing.map(({ metric }) => metric['alertname'] ?? '');
}
