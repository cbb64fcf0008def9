// A gateway that has no memory left: it refuses with an error that is sent again, and nothing that it acknowledged is lost.

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { CollectorProcess } from './collector-process.ts';
import { GATEWAY_KEY, startKeyed } from './keyed-turnmeter.ts';
import { chat, text } from './numbered-chat.ts';

const TENANT = 'acme';
const PASSWORD = 'a password of a tenant';
const AUTHORIZATION = `Basic ${Buffer.from(`${TENANT}:${PASSWORD}`).toString('base64')}`;
const REQUESTS = 60;
const CROWDS_MAX = 20;
const CALLS = 100;
/** Of each call: 60 requests of 100 such are 120 MB, with a limit of 100. */
const TEXT = 'x'.repeat(20_000);

let directory: string;
let turnmeter: TurnmeterProcess;
let gateway: CollectorProcess;
beforeAll(async () => {
  await collectorBinary({ progress: (line) => process.stderr.write(`${line}\n`) });
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-memory-'));
  turnmeter = await startKeyed(directory);
  const tenants = path.join(directory, 'tenants.htpasswd');
  await writeFile(tenants, `${TENANT}:{SHA}${createHash('sha1').update(PASSWORD).digest('base64')}\n`);
  gateway = await CollectorProcess.start({
    files: ['gateway.yaml'],
    queue: path.join(directory, 'queue'),
    env: {
      TENANTS_FILE: tenants,
      TURNMETER_ENDPOINT: turnmeter.otlpUrl,
      TURNMETER_INGEST_KEY: GATEWAY_KEY,
      MEMORY_LIMIT_MIB: '100',
      MEMORY_SPIKE_MIB: '40',
    },
  });
}, 1_500_000);
afterAll(async () => {
  await gateway.stop();
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

async function send(request: number): Promise<number> {
  const body = chat('crowded', request * CALLS, CALLS, [text('app.note', TEXT)]);
  const response = await fetch(`${gateway.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: AUTHORIZATION },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** As exporters do: again while the answer says so. */
async function deliver(request: number, refusals: number[]): Promise<void> {
  for (;;) {
    const status = await send(request);
    if (status === 200) return;
    refusals.push(status);
    await sleep(500);
  }
}

it('refuses with 503 while memory is short, and loses nothing that it took', { timeout: 240_000 }, async () => {
  const refusals: number[] = [];
  let sent = 0;
  // Memory is looked at now and then, and soon free again: crowds come until one has met the limit.
  while (refusals.length === 0 && sent < REQUESTS * CROWDS_MAX) {
    const first = sent;
    sent += REQUESTS;
    await Promise.all(Array.from({ length: REQUESTS }, (_, index) => deliver(first + index, refusals)));
  }
  expect(refusals.length).toBeGreaterThan(0);
  expect(new Set(refusals)).toEqual(new Set([503]));
  const calls = sent * CALLS;
  await expect
    .poll(async () => (await turnmeter.sessions(TENANT)).map(({ inferences, tokens }) => [inferences, tokens.input]), {
      timeout: 90_000,
      interval: 500,
    })
    .toEqual([[calls, (calls * (calls + 1)) / 2]]);
});
