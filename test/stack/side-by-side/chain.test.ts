// The whole chain with real programs: chats by the Collector to the aggregator, its metrics by Prometheus through the rules to Alertmanager, and from there to
// whoever is on call. Sums are the same at both ends.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeSettings } from '@turnmeter/stack/arrange-files';
import { sendRecordings, waitUntilVisible } from '@turnmeter/stack/send-recordings';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../repository.ts';
import { chat } from '../collector/numbered-chat.ts';
import {
  ask,
  heard,
  query,
  send,
  SETTLED_WITHIN,
  STARTED_WITHIN_MS,
  type StartedStack,
  startStack,
  valueOf,
} from './started-stack.ts';

const TENANT = 'acme';
const RULES = path.join(ROOT, 'prometheus/rules');
/** A millionth of a dollar is used up by any chat. */
const TIGHT = { metrics: { refresh_seconds: 1 }, budgets: [{ tenant: TENANT, period: 'month', usd: 1e-6 }] };
const WIDE = { metrics: { refresh_seconds: 1 }, budgets: [{ tenant: TENANT, period: 'month', usd: 1e6 }] };

let started: StartedStack;
beforeAll(async () => {
  started = await startStack({ settings: TIGHT, tenants: [TENANT, 'globex'] });
}, STARTED_WITHIN_MS);
afterAll(() => started[Symbol.asyncDispose]());

describe('the chain', () => {
  it('counts the same in the ledger and in Prometheus', { timeout: 240_000 }, async () => {
    const { stack } = started;
    await sendRecordings(stack, TENANT);
    const seen = await waitUntilVisible(stack, TENANT, () => undefined);
    expect(seen.ledgerUsd).toBeGreaterThan(0);
    // Calls 0 to 199 have 1 + 2 + … + 200 = 20100 tokens in.
    for (let at = 0; at < 20; at++) expect(await send(stack, 'globex', chat('numbered', at * 10, 10))).toBe(200);
    const tokens = 'sum(turnmeter_tokens_total{tenant="globex", direction="input"})';
    await vi.waitFor(async () => expect(await valueOf(stack, tokens)).toBe(20_100), SETTLED_WITHIN);
    const { usd } = await vi.waitFor(async () => {
      const { total } = (await ask(stack, 'globex', 'totals')) as {
        readonly total: { readonly tokens: { readonly input: number }; readonly cost: { readonly usd: number } };
      };
      // What is counted is stored a moment later.
      expect(total.tokens.input).toBe(20_100);
      return total.cost;
    }, SETTLED_WITHIN);
    // Prometheus reads it as risen from nothing, whether it saw it rise in one scrape or in several.
    const risen =
      'sum(max_over_time(turnmeter_cost_usd_total{tenant="globex"}[5m]) - min_over_time(turnmeter_cost_usd_total{tenant="globex"}[5m]))';
    expect(await valueOf(stack, risen)).toBeCloseTo(usd, 9);
    const month = 'sum(turnmeter_period_cost_usd{tenant="globex", period="month"})';
    await vi.waitFor(async () => expect(await valueOf(stack, month)).toBeCloseTo(usd, 9), SETTLED_WITHIN);
  });

  it('has every metric that a rule names', async () => {
    const { data } = (await (await fetch(`${started.stack.url('prometheus')}/api/v1/metadata`)).json()) as {
      data: object;
    };
    const emitted = new Set(Object.keys(data));
    const missing = (await namesInRules()).filter(
      (name) =>
        !emitted.has(name.replace(/_(?:bucket|sum|count)$/, '')) &&
        !emitted.has(name) &&
        !emitted.has(name.replace(/_total$/, '')),
    );
    expect(missing).toEqual([]);
  });

  it('evaluates every rule without an error', async () => {
    const rules = async (): Promise<readonly { readonly health: string }[]> => {
      const { data } = (await (await fetch(`${started.stack.url('prometheus')}/api/v1/rules`)).json()) as {
        data: { groups: readonly { rules: readonly { name: string; health: string; lastError?: string }[] }[] };
      };
      return data.groups.flatMap((group) => group.rules);
    };
    expect((await rules()).length).toBeGreaterThan(80);
    // `unknown` is one that was not evaluated yet.
    await expect.poll(async () => (await rules()).filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('tells of a budget that is used up, whoever is to hear of it, until it is not', { timeout: 240_000 }, async () => {
    const { stack, messages } = started;
    await heard(started, { status: 'firing', alertname: 'TurnmeterBudgetExceeded' });
    await vi.waitFor(() => {
      const receivers = messages.received.map(({ receiver }) => receiver);
      expect(receivers).toContain('/tenants/acme');
      expect(receivers).toContain('/on-call');
    }, SETTLED_WITHIN);
    const before = messages.received.length;
    await stack.program('turnmeter').stop();
    await writeSettings(stack.directory, WIDE);
    await stack.start('turnmeter');
    await heard(started, { status: 'resolved', alertname: 'TurnmeterBudgetExceeded', since: before });
    expect(await query(stack, 'ALERTS{alertname="TurnmeterBudgetExceeded"}')).toEqual([]);
  });
});

async function namesInRules(): Promise<readonly string[]> {
  const files = await readdir(RULES);
  const texts = await Promise.all(files.map((file) => readFile(path.join(RULES, file), 'utf8')));
  return [...new Set(texts.flatMap((text) => text.match(/(?<![:\w])turnmeter_[a-z0-9_]+(?=\{)/g) ?? []))];
}
