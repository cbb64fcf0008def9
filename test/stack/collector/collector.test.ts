// The Collector in front of Turnmeter, both as they are shipped: figures are the same with it, texts are gone, the tenant is the
// credential's, and what it acknowledged is counted once, whoever is away or dies.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal } from '@turnmeter/accounting';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { isContent } from '@turnmeter/collector-config/keep-keys';
import { type Capture, readCaptures } from '../../captured/captures.ts';
import { countedOf, expectedOf } from '../../captured/compare.ts';
import type { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { CollectorProcess } from './collector-process.ts';
import { GATEWAY_KEY, startKeyed } from './keyed-turnmeter.ts';
import { type RecordingProxy, startProxy } from './recording-proxy.ts';
import { chat, failing, numberOf } from './numbered-chat.ts';
import { withTenant, wordsOf } from './telling-words.ts';

const PATHS = { span: 'traces', log: 'logs', metric: 'metrics' } as const;
const SETTLED_WITHIN = { timeout: 60_000, interval: 250 };
const AGENT = ['agent.yaml', 'redaction.yaml'];
const PASSWORD = 'a password of a tenant';

const captures = readCaptures();
let directory: string;
let turnmeter: TurnmeterProcess;
beforeAll(async () => {
  await collectorBinary({ progress: (line) => process.stderr.write(`${line}\n`) });
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-collector-'));
  turnmeter = await startKeyed(directory);
}, 1_500_000);
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Sends one request; resolves when the Collector has acknowledged it. */
async function send(
  { url }: CollectorProcess,
  signal: Signal,
  body: Buffer | object,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const isBytes = Buffer.isBuffer(body);
  const response = await fetch(`${url}/v1/${PATHS[signal]}`, {
    method: 'POST',
    headers: { 'content-type': isBytes ? 'application/x-protobuf' : 'application/json', ...headers },
    body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}

async function deliver(...request: Parameters<typeof send>): Promise<void> {
  const status = await send(...request);
  if (status !== 200) throw new Error(`the Collector answered ${status}`);
}

function startAgent(name: string, endpoint: string, port?: number): Promise<CollectorProcess> {
  return CollectorProcess.start({
    files: AGENT,
    queue: path.join(directory, name),
    env: { TURNMETER_ENDPOINT: endpoint, TURNMETER_AUTHORIZATION: `Bearer ${GATEWAY_KEY}` },
    ...(port === undefined ? {} : { port }),
  });
}

describe('an agent', () => {
  let proxy: RecordingProxy;
  let agent: CollectorProcess;
  beforeAll(async () => {
    proxy = await startProxy(turnmeter.otlpUrl);
    agent = await startAgent('agent', proxy.url);
    for (const capture of captures)
      for (const { signal, body } of capture.json)
        await deliver(agent, signal, withTenant(body, `agent-${capture.name}`));
  });
  afterAll(async () => {
    await agent.stop();
    await proxy.stop();
  });

  it.for(captures)('counts the same as without it: $name', async (capture) => {
    await expect
      .poll(async () => countedOf(capture, await turnmeter.sessions(`agent-${capture.name}`)), SETTLED_WITHIN)
      .toEqual(expectedOf(capture));
  });

  it('lets no text of a prompt, an answer or a tool through', () => {
    const words = new Set(captures.flatMap(({ json }) => json.flatMap(({ body }) => wordsOf(body, isContent))));
    expect(words.size).toBeGreaterThan(100);
    const passed = Buffer.concat(proxy.bodies);
    expect([...words].filter((word) => passed.includes(word))).toEqual([]);
  });
});

describe('a gateway', () => {
  let gateway: CollectorProcess;
  beforeAll(async () => {
    const queue = path.join(directory, 'gateway');
    const tenants = path.join(directory, 'tenants.htpasswd');
    await mkdir(queue, { recursive: true });
    await writeFile(tenants, [...captures.map(tenantOf), 'acme', 'globex'].map(htpasswdLine).join(''));
    gateway = await CollectorProcess.start({
      files: ['gateway.yaml'],
      queue,
      env: {
        TENANTS_FILE: tenants,
        TURNMETER_ENDPOINT: turnmeter.otlpUrl,
        TURNMETER_INGEST_KEY: GATEWAY_KEY,
      },
    });
    for (const capture of captures)
      for (const { signal, body } of capture.protobuf) await deliver(gateway, signal, body, basic(tenantOf(capture)));
  });
  afterAll(() => gateway.stop());

  it.for(captures)('counts the same as without it: $name', async (capture) => {
    await expect
      .poll(async () => countedOf(capture, await turnmeter.sessions(tenantOf(capture))), SETTLED_WITHIN)
      .toEqual(expectedOf(capture));
  });

  it('takes the tenant from the credential, whatever the payload claims', async () => {
    expect(await send(gateway, 'span', withTenant(chat('claimed', 0, 3), 'acme'), basic('globex'))).toBe(200);
    await expect
      .poll(async () => (await turnmeter.sessions('globex')).map(({ session_id }) => session_id), SETTLED_WITHIN)
      .toEqual(['claimed']);
    expect(await turnmeter.sessions('acme')).toEqual([]);
  });

  it('refuses whoever has no credential, or a wrong one', async () => {
    expect(await send(gateway, 'span', chat('nobody', 0, 1))).toBe(401);
    expect(await send(gateway, 'span', chat('nobody', 0, 1), basic('acme', 'wrong'))).toBe(401);
  });

  it('derives metrics for Prometheus from spans that come side by side, and loses none', async () => {
    // 40 requests of 5 calls; call n has n + 1 tokens in: 1 + 2 + … + 200 = 20100.
    const requests = Array.from({ length: 40 }, (_, at) =>
      send(gateway, 'span', chat('derived', at * 5, 5), basic('acme')),
    );
    expect(new Set(await Promise.all(requests))).toEqual(new Set([200]));
    await expect.poll(() => derivedInput(gateway, 'acme'), SETTLED_WITHIN).toBe(20_100);
  });
});

describe('what an agent has acknowledged', () => {
  it('is counted once when Turnmeter was away and the Collector was killed', async () => {
    const proxy = await startProxy(turnmeter.otlpUrl);
    let agent = await startAgent('killed', proxy.url);
    let sent = 0;
    const offer = async (calls: number): Promise<void> => {
      const status = await send(agent, 'span', withTenant(chat('once', sent, calls), 'killed')).catch(() => 0);
      if (status === 200) sent += calls;
    };
    for (const isAway of [false, true, true, false]) {
      proxy.setAway(isAway);
      for (let request = 0; request < 20; request++) await offer(5);
      const { port } = agent;
      await agent.kill();
      agent = await startAgent('killed', proxy.url, port);
    }
    proxy.setAway(false);
    expect(sent).toBe(400);
    // 1 + 2 + … + 400 tokens in.
    await expect
      .poll(
        async () => (await turnmeter.sessions('killed')).map(({ inferences, tokens }) => [inferences, tokens.input]),
        SETTLED_WITHIN,
      )
      .toEqual([[400, 80_200]]);
    await agent.stop();
    await proxy.stop();
  });
});

describe('a trace store beside Turnmeter', () => {
  it('gets whole traces with errors and no others where it wants no share, while everything is counted', async () => {
    const store = await startProxy(turnmeter.otlpUrl, { isSink: true });
    const tenants = path.join(directory, 'store.htpasswd');
    await writeFile(tenants, htpasswdLine('stored'));
    const gateway = await CollectorProcess.start({
      files: ['gateway.yaml', 'overlays/trace-store.yaml'],
      queue: path.join(directory, 'store'),
      env: {
        TENANTS_FILE: tenants,
        TURNMETER_ENDPOINT: turnmeter.otlpUrl,
        TURNMETER_INGEST_KEY: GATEWAY_KEY,
        TRACE_STORE_ENDPOINT: store.url,
        TRACE_STORE_PERCENT: '0',
        TAIL_DECISION_WAIT: '1s',
      },
    });
    await deliver(gateway, 'span', chat('fine', 0, 4), basic('stored'));
    await deliver(gateway, 'span', failing(chat('broken', 4, 4)), basic('stored'));
    await expect.poll(() => store.bodies.some((body) => body.includes('broken')), SETTLED_WITHIN).toBe(true);
    await expect
      .poll(async () => (await turnmeter.sessions('stored')).map(({ inferences }) => inferences), SETTLED_WITHIN)
      .toEqual([4, 4]);
    expect(store.bodies.some((body) => body.includes('fine'))).toBe(false);
    await gateway.stop();
    await store.stop();
  });
});

describe('two aggregators behind a gateway with shards', () => {
  it('share the traces, and while one is away the other goes on', async () => {
    const [first, second] = [await startProxy(turnmeter.otlpUrl), await startProxy(turnmeter.otlpUrl)];
    const tenants = path.join(directory, 'shards.htpasswd');
    await writeFile(tenants, htpasswdLine('sharded'));
    const gateway = await CollectorProcess.start({
      files: ['gateway.yaml', 'overlays/shards.yaml'],
      queue: path.join(directory, 'shards'),
      env: {
        TENANTS_FILE: tenants,
        TURNMETER_ENDPOINT_0: first.url,
        TURNMETER_ENDPOINT_1: second.url,
        TURNMETER_INGEST_KEY: GATEWAY_KEY,
      },
    });
    second.setAway(true);
    for (let at = 0; at < 20; at++) {
      expect(await send(gateway, 'span', chat(`chat-${at}`, at * 10, 10), basic('sharded'))).toBe(200);
    }
    await expect.poll(() => first.bodies.length, SETTLED_WITHIN).toBeGreaterThan(0);
    await expect.poll(async () => (await turnmeter.sessions('sharded')).length, SETTLED_WITHIN).toBeGreaterThan(0);
    expect((await turnmeter.sessions('sharded')).length).toBeLessThan(20);
    second.setAway(false);
    await expect
      .poll(async () => (await turnmeter.sessions('sharded')).map(({ inferences }) => inferences), SETTLED_WITHIN)
      .toEqual(Array.from({ length: 20 }, () => 10));
    await gateway.stop();
    await first.stop();
    await second.stop();
  });
});

function tenantOf({ name }: Capture): string {
  return `gateway-${name}`;
}

function basic(tenant: string, password: string = PASSWORD): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${tenant}:${password}`).toString('base64')}` };
}

/** SHA-1 is for tests: hundreds of requests need no second each. */
function htpasswdLine(tenant: string): string {
  return `${tenant}:{SHA}${createHash('sha1').update(PASSWORD).digest('base64')}\n`;
}

async function derivedInput({ prometheusPort }: CollectorProcess, tenant: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${prometheusPort}/metrics`)).text();
  return page
    .split('\n')
    .filter((line) => line.startsWith('turnmeter_derived_token_usage_sum{'))
    .filter((line) => line.includes(`"${tenant}"`) && line.includes('gen_ai_token_type="input"'))
    .reduce((sum, line) => sum + numberOf(line), 0);
}
