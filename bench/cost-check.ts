// How long a cost check takes at a steady rate. Requests leave when their time has come, whether or not earlier ones are answered, and are
// measured from then: a server that falls behind cannot hide it. The baseline is a route of the same server that does nothing, at the same rate.

import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { format, median, printTable, quantile } from './figures.ts';
import { fillLedger, RUNNING_SESSIONS, TENANT, WORKFLOWS } from './ledger.ts';
import { cpuSecondsOf, withDirectory } from './machine.ts';
import { type Service, startService } from './service.ts';

export interface CostCheckOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
}

/** A ledger of 7 days with 20 workflows and 2,000 sessions. */
const SPANS = 100_000;
const ENGINE_MEMORY_BYTES = 2 * 1024 ** 3;
const SOCKETS_MAX = 64;
/** How long a kind of request is sent before it counts: caches fill, and code is compiled. */
const WARM_UP_SECONDS = 12;

interface Kind {
  readonly name: string;
  request(number: number): { readonly method: string; readonly path: string; readonly body?: object };
}

export async function run({ rate, seconds, rounds }: CostCheckOptions): Promise<void> {
  await withDirectory(async (directory) => {
    const { database, sessions, sessionId } = await prepareLedger(directory);
    const service = await startService(directory, { TURNMETER_CLICKHOUSE_DATABASE: database });
    try {
      const running = (number: number): string => sessionId(sessions - 1 - (number % RUNNING_SESSIONS));
      const kinds: readonly Kind[] = [
        { name: 'nothing (GET /healthz)', request: () => ({ method: 'GET', path: '/healthz' }) },
        { name: 'check', request: (number) => check(number) },
        { name: 'check of a session in the ledger', request: (number) => check(number, running(number)) },
      ];
      const rows: string[][] = [];
      for (const kind of kinds) rows.push([kind.name, ...(await measure(service, kind, { rate, seconds, rounds }))]);
      console.log(`${format(rate)} requests a second for ${seconds} s, ${rounds} rounds: ms from when each was due`);
      printTable(['', 'p50', 'p99', 'p99 worst round', 'max', 'answered', 'CPU of the service'], rows);
    } finally {
      await service.stop();
    }
  });
}

async function prepareLedger(
  directory: string,
): Promise<{ readonly database: string; readonly sessions: number; readonly sessionId: (number: number) => string }> {
  const dataDir = path.join(directory, 'clickhouse');
  const engine = await startEmbeddedClickHouse({ dataDir, memoryBytesMax: ENGINE_MEMORY_BYTES });
  try {
    const ledger = await fillLedger(engine.url, SPANS);
    await ledger.close();
    const { sessions } = ledger;
    return { database: `spans_${SPANS}`, sessions, sessionId: (number) => ledger.sessionId(number) };
  } finally {
    await engine.stop();
  }
}

function check(number: number, sessionId?: string): ReturnType<Kind['request']> {
  const body = {
    workflow: `workflow-${number % WORKFLOWS}`,
    current_cost: ((number * 7919) % 1000) / 1e6,
    current_tokens: (number * 104_729) % 200_000,
    turns: number % 9,
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
  };
  return { method: 'POST', path: '/api/v1/cost/check', body };
}

async function measure(service: Service, kind: Kind, { rate, seconds, rounds }: CostCheckOptions): Promise<string[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  try {
    await send(service, kind, { agent, rate, seconds: WARM_UP_SECONDS });
    const measured: Sent[] = [];
    const cpuBefore = cpuSecondsOf(service.pid);
    for (let round = 0; round < rounds; round++) measured.push(await send(service, kind, { agent, rate, seconds }));
    const cpu = (cpuSecondsOf(service.pid) - cpuBefore) / (seconds * rounds);
    const p99s = measured.map(({ times }) => quantile(times, 0.99));
    const all = measured.flatMap(({ times }) => times);
    return [
      format(median(all), 2),
      format(median(p99s), 2),
      format(Math.max(...p99s), 2),
      format(
        all.reduce((most, time) => Math.max(most, time), 0),
        1,
      ),
      `${format((100 * measured.reduce((sum, { answered }) => sum + answered, 0)) / all.length, 2)} %`,
      `${format(100 * cpu)} %`,
    ];
  } finally {
    agent.destroy();
  }
}

interface Sent {
  readonly times: readonly number[];
  /** With 200. */
  readonly answered: number;
}

async function send(
  { httpPort }: Service,
  kind: Kind,
  { agent, rate, seconds }: { readonly agent: http.Agent; readonly rate: number; readonly seconds: number },
): Promise<Sent> {
  const startedAt = performance.now();
  const total = Math.round(rate * seconds);
  const asking: Promise<void>[] = [];
  const times: number[] = [];
  let answered = 0;
  const askAt = async (dueAt: number, number: number): Promise<void> => {
    const status = await ask(httpPort, agent, kind.request(number));
    times.push(performance.now() - dueAt);
    if (status === 200) answered++;
  };
  while (asking.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * rate));
    while (asking.length < due) asking.push(askAt(startedAt + (asking.length / rate) * 1000, asking.length));
    await sleep(1);
  }
  await Promise.all(asking);
  return { times, answered };
}

function ask(
  port: number,
  agent: http.Agent,
  { method, path: target, body }: ReturnType<Kind['request']>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      'x-scope-orgid': TENANT,
      ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length }),
    };
    const request = http.request({ host: '127.0.0.1', port, agent, method, path: target, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    request.once('error', reject);
    request.end(content);
  });
}
