// The first promise: whatever real producers send, in whatever order and however often, each token is counted once. Real requests go into
// the real service, and what it says is compared with what the models really served.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Capture, readCaptures } from './captured/captures.ts';
import { countedOf, expectedOf } from './captured/compare.ts';
import { shuffle } from './captured/shuffle.ts';
import { splitRequest } from './captured/split-request.ts';
import { TurnmeterProcess } from './captured/turnmeter-process.ts';

/** Requests under way at once. */
const SENDERS = 16;
const SETTLED_WITHIN = { timeout: 30_000, interval: 250 };

interface Request {
  readonly signal: 'span' | 'log' | 'metric';
  readonly body: Buffer | object;
}

/** Ways in which the same records may arrive. */
const WAYS: Readonly<Record<string, (capture: Capture) => readonly Request[]>> = {
  'as protobuf': ({ protobuf }) => protobuf,
  'as JSON': ({ json }) => json,
  backwards: ({ protobuf }) => protobuf.toReversed(),
  'in both encodings, twice, in any order': ({ protobuf, json }) =>
    shuffle<Request>([...protobuf, ...json, ...protobuf, ...json], 7),
  'record by record, children before their parents': ({ json }) =>
    json.flatMap(({ signal, body }) => splitRequest(signal, body).map((one) => ({ signal, body: one }))).toReversed(),
  'record by record, in any order': ({ json }) =>
    shuffle(
      json.flatMap(({ signal, body }) => splitRequest(signal, body).map((one) => ({ signal, body: one }))),
      11,
    ),
};

const captures = readCaptures();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-captures-'));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

async function sendAll(turnmeter: TurnmeterProcess, tenant: string, requests: readonly Request[]): Promise<void> {
  const left = requests.values();
  const sender = async (): Promise<void> => {
    for (const { signal, body } of left) await turnmeter.send(tenant, signal, body);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function half(requests: readonly Request[]): readonly Request[] {
  return requests.slice(0, Math.ceil(requests.length / 2));
}

/** Each capture has a tenant of its own for each way. */
function tenantOf({ name }: Capture, way: number): string {
  return `${name}-${way}`;
}

describe('captures of real producers', () => {
  let turnmeter: TurnmeterProcess;
  beforeAll(async () => {
    turnmeter = await TurnmeterProcess.start(path.join(directory, 'ways'));
    for (const capture of captures)
      for (const [at, requestsOf] of Object.values(WAYS).entries())
        await sendAll(turnmeter, tenantOf(capture, at), requestsOf(capture));
  });
  afterAll(() => turnmeter.stop());

  it('are there', () => {
    expect(captures.length).toBeGreaterThan(20);
  });

  for (const [at, way] of Object.keys(WAYS).entries()) {
    it.for(captures)(`that come ${way} count each token once: $name`, async (capture) => {
      await expect
        .poll(async () => countedOf(capture, await turnmeter.sessions(tenantOf(capture, at))), SETTLED_WITHIN)
        .toEqual(expectedOf(capture));
    });
  }

  it('that lost usage say so', async () => {
    const sessions = await turnmeter.sessions('handwritten-traceloop-chat-0');
    const missing = sessions.filter(({ usage_sources }) => (usage_sources['missing'] ?? 0) > 0);
    expect(missing.length).toBeGreaterThan(0);
    for (const { usage_note } of missing) expect(usage_note).toMatch(/\d+ of \d+ calls without usage/);
  });
});

describe('a service that is killed', () => {
  it('counts what it acknowledged, once, after a start and when all is sent again', async () => {
    const dataDir = path.join(directory, 'killed');
    const requestsOf = WAYS['record by record, in any order'] ?? ((): readonly Request[] => []);
    await using first = await TurnmeterProcess.start(dataDir);
    await Promise.all(captures.map((capture) => sendAll(first, capture.name, half(requestsOf(capture)))));
    await first.kill();

    await using second = await TurnmeterProcess.start(dataDir);
    await Promise.all(captures.map((capture) => sendAll(second, capture.name, requestsOf(capture))));
    await second.kill();

    await using third = await TurnmeterProcess.start(dataDir);
    const counted = async (): Promise<unknown> =>
      Object.fromEntries(
        await Promise.all(
          captures.map(async (capture) => [capture.name, countedOf(capture, await third.sessions(capture.name))]),
        ),
      );
    await expect
      .poll(counted, SETTLED_WITHIN)
      .toEqual(Object.fromEntries(captures.map((capture) => [capture.name, expectedOf(capture)])));
    await third.stop();
  }, 180_000);
});
