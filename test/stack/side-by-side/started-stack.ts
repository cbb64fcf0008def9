// The stack as `npm run stack` starts it, on free ports and in a hurry. What differs from the files as they are: how often is scraped, evaluated and told,
// and the port of the receiver that alertmanager.yml names.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { anyPorts } from '@turnmeter/stack/addresses';
import { Messages } from '@turnmeter/stack/messages';
import { Stack, type StackOptions } from '@turnmeter/stack/stack';
import { expect, vi } from 'vitest';

/** Programs are built where they are not kept. */
export const STARTED_WITHIN_MS = 1_500_000;
/** Of all that is waited for. */
export const SETTLED_WITHIN: { readonly timeout: number; readonly interval: number } = {
  timeout: 90_000,
  interval: 250,
};

export interface StartedStack extends AsyncDisposable {
  readonly stack: Stack;
  readonly messages: Messages;
}

export async function startStack(options: Pick<StackOptions, 'settings' | 'env' | 'tenants'>): Promise<StartedStack> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-stack-'));
  const ports = await anyPorts();
  const edit = (file: string, text: string): string => quicken(file, text, ports.messages);
  const stack = await Stack.prepare({
    directory,
    ports,
    edit,
    ...options,
    settings: { metrics: { refresh_seconds: 1 }, ...options.settings },
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  const messages = await Messages.listen(ports.messages);
  await stack.startAll();
  return {
    stack,
    messages,
    [Symbol.asyncDispose]: async () => {
      await stack.stop();
      await messages.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function quicken(file: string, text: string, messagesPort: number): string {
  if (file.endsWith('alertmanager.yml')) {
    return text
      .replaceAll('127.0.0.1:9099', `127.0.0.1:${messagesPort}`)
      .replaceAll(/group_wait: \d+s/g, 'group_wait: 1s')
      .replaceAll('group_interval: 5m', 'group_interval: 1s');
  }
  return text
    .replaceAll(/\b(scrape_interval|scrape_timeout|evaluation_interval): \d+[sm]/g, '$1: 1s')
    .replaceAll(/\binterval: \d+m/g, 'interval: 1s')
    .replaceAll(/\bfor: \d+[smh]/g, 'for: 1s');
}

/** Sends OTLP's JSON to the Collector as a tenant; the status it answers. */
export async function send(stack: Stack, tenant: string, body: object): Promise<number> {
  const headers = await stack.otlpHeaders(tenant);
  const response = await fetch(`${stack.url('otlpHttp')}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: headers.replace(/^authorization=/, '') },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** What Turnmeter's API answers of a tenant. */
export async function ask(stack: Stack, tenant: string, route: string): Promise<unknown> {
  const response = await fetch(`${stack.url('turnmeter')}/api/v1/${route}`, {
    headers: { authorization: `Bearer ${await stack.readKey()}`, 'x-scope-orgid': tenant },
  });
  if (!response.ok) throw new Error(`${route} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus answers. */
export async function query(stack: Stack, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${stack.url('prometheus')}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await response.json()) as {
    readonly data: { readonly result: readonly { metric: Sample['metric']; value: readonly [number, string] }[] };
  };
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** The one value of a query; undefined where there is none. */
export async function valueOf(stack: Stack, expression: string): Promise<number | undefined> {
  return (await query(stack, expression))[0]?.value;
}

/** Waits until a receiver has heard of an alert's begin or end, since a message of before. */
export async function heard(
  { messages }: StartedStack,
  what: { readonly status: 'firing' | 'resolved'; readonly alertname: string; readonly since?: number },
): Promise<void> {
  const { status, alertname, since = 0 } = what;
  const isHeard = (): boolean =>
    messages.received
      .slice(since)
      .some(({ alerts }) => alerts.some((alert) => alert.status === status && alert.labels['alertname'] === alertname));
  await vi.waitFor(() => expect(isHeard(), `${status} ${alertname}`).toBe(true), SETTLED_WITHIN);
}

/** The process that Turnmeter's embedded engine runs in. */
export async function enginePid(stack: Stack): Promise<number> {
  const parent = stack.program('turnmeter').pid;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status)) return Number(pid);
  }
  throw new Error(`process ${parent} has no child`);
}
