// SIGHUP at a service that runs: keys, prices and budgets of the file are in force, and what is wrong in it changes nothing.

import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, newTraceId, tracesOf } from './doctor/otlp-spans.ts';
import { startTurnmeter, type StartedCommand } from './running-service.ts';
import { temporaryFolders } from './temporary-folders.ts';

const newFolder = temporaryFolders();
const folder = newFolder();
const file = path.join(folder, 'turnmeter.yaml');

function keyNamed(name: string): object {
  return { name, sha256: createHash('sha256').update(name).digest('hex'), tenants: '*', scope: 'all' };
}

function priceOf(usd: number): object {
  return { name: 'house', model: 'house-model', rates: { input: usd, output: usd } };
}

function write(settings: object): void {
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(settings));
}

const FIRST = {
  keys: [keyNamed('first')],
  prices: [priceOf(1)],
  budgets: [{ tenant: 'acme', period: 'month', usd: 100 }],
};
const SECOND = {
  keys: [keyNamed('second')],
  prices: [priceOf(2)],
  budgets: [{ tenant: 'acme', period: 'month', usd: 250 }],
};

let up: StartedCommand;
let url: string;
let otlpUrl: string;
beforeAll(async () => {
  write(FIRST);
  const free = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0'];
  up = startTurnmeter(['up', '--json', '--config', file, '--data-dir', path.join(folder, 'data'), ...free]);
  const ports = JSON.parse(await up.output((text) => text.includes('\n'))) as { http_port: number; otlp_port: number };
  url = `http://127.0.0.1:${ports.http_port}`;
  otlpUrl = `http://127.0.0.1:${ports.otlp_port}`;
});
afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
});

async function ask(target: string, key: string): Promise<Response> {
  return fetch(`${url}${target}`, { headers: { authorization: `Bearer ${key}`, 'x-scope-orgid': 'acme' } });
}

async function statusOf(key: string): Promise<number> {
  return (await ask('/api/v1/sessions', key)).status;
}

/** Value of a metric, by how its line begins. */
async function metric(beginning: string, key: string): Promise<number | undefined> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  const line = (await answer.text()).split('\n').find((one) => one.startsWith(beginning));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

async function hangUp(said: string): Promise<void> {
  const before = up.stderr().length;
  up.process.kill('SIGHUP');
  await expect.poll(() => up.stderr().slice(before), { timeout: 20_000 }).toContain(said);
}

async function priceBook(key: string): Promise<string> {
  const { book_version: version } = (await (await ask('/api/v1/prices/house-model', key)).json()) as {
    book_version: string;
  };
  return version;
}

/** What a session of one call costs that is sent and counted now, US dollars. */
async function costOfCall(session: string, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'x-scope-orgid': 'acme', 'content-type': 'application/json' };
  const attributes = chat({ 'session.id': session, ...MODEL });
  const body = JSON.stringify(tracesOf([{ traceId: newTraceId(), attributes }]));
  expect((await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
  await fetch(`${url}/api/v1/flush`, { method: 'POST', headers, body: '{}' });
  return ((await (await ask(`/api/v1/sessions/${session}`, key)).json()) as { cost: { usd: number } }).cost.usd;
}

const MODEL = { 'gen_ai.request.model': 'house-model', 'gen_ai.response.model': 'house-model' };

describe('at SIGHUP a service', () => {
  it('takes keys, prices and budgets of its file, and names settings that take a restart', async () => {
    expect([await statusOf('first'), await statusOf('second')]).toEqual([200, 401]);
    const book = await priceBook('first');
    expect(await metric('turnmeter_budget_usd{', 'first')).toBe(100);
    const cost = await costOfCall('before', 'first');
    expect(cost).toBeGreaterThan(0);

    const headers = { authorization: 'Bearer first', 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'made', tenants: '*', scope: 'read' });
    const made = await fetch(`${url}/api/v1/keys`, {
      method: 'POST',
      headers: { ...headers, 'x-scope-orgid': '*' },
      body,
    });
    const { key } = (await made.json()) as { key: string };

    write({ ...SECOND, session_idle_minutes: 7 });
    await hangUp('the configuration was read anew');
    // Keys that were made while it ran are in no file.
    expect([await statusOf('first'), await statusOf('second'), await statusOf(key)]).toEqual([401, 200, 200]);
    expect(await priceBook('second')).not.toBe(book);
    expect(await costOfCall('after', 'second')).toBeCloseTo(2 * cost, 12);
    expect(await metric('turnmeter_budget_usd{', 'second')).toBe(250);
    expect(await metric('turnmeter_config_reloads_total{outcome="ok"}', 'second')).toBe(1);
    await expect.poll(() => up.stderr()).toContain('"settings":["session_idle_minutes"]');
  });

  it.each([
    ['no YAML', () => writeFileSync(file, 'keys: ['), 'is not YAML'],
    ['a setting of another name', () => write({ ...FIRST, budgetz: [] }), 'budgetz is not a setting'],
    [
      'prices that contradict each other',
      () => write({ ...FIRST, prices: [priceOf(1), priceOf(3)] }),
      '"problems":["prices: ',
    ],
    ['no file', () => rmSync(file), 'cannot be read'],
  ])('goes on as before with %s, and says what is wrong', async (_what, spoil, said) => {
    const book = await priceBook('second');
    const failed = (await metric('turnmeter_config_reloads_total{outcome="failed"}', 'second')) ?? 0;
    spoil();
    await hangUp(said);
    expect(up.stderr()).toContain('the configuration was not read anew: what was in force stays');
    expect([await statusOf('first'), await statusOf('second')]).toEqual([401, 200]);
    expect(await priceBook('second')).toBe(book);
    expect(await metric('turnmeter_budget_usd{', 'second')).toBe(250);
    expect(await metric('turnmeter_config_reloads_total{outcome="failed"}', 'second')).toBe(failed + 1);
  });
});
