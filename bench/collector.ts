// What a million spans cost in CPU beside what most people run today: the OpenTelemetry Collector with its ClickHouse exporter. The same
// requests, the same engine, in turn; everything counts from the first request until the last row is in the database, and what the
// database does with them in the seconds after.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { freePort } from '@turnmeter/programs/free-ports';
import { collectorBinary } from '../collector-config/src/collector-binary.ts';
import { openClickHouseDoor } from './collector-exporter/clickhouse-door.ts';
import { format, median, printTable } from './figures.ts';
import { cpuSecondsOf, withDirectory } from './machine.ts';
import { SPANS } from './payload.ts';
import { Senders } from './sending.ts';
import { startService } from './service.ts';

export interface CollectorOptions {
  readonly rounds: number;
  readonly requests: number;
  readonly connections: number;
  readonly encoding: 'gzip' | 'zstd' | 'identity';
}

interface Round {
  /** CPU seconds of what receives. */
  readonly receiver: number;
  readonly engine: number;
  /** Until everything is in the database. */
  readonly seconds: number;
}

const MANIFEST = path.join(import.meta.dirname, 'collector-exporter/builder.yaml');
const CONFIGURATION = path.join(import.meta.dirname, 'collector-exporter/collector.yaml');
/** Requests before those that count, while code is compiled and tables are made. */
const WARM_UPS = 100;
/** Merges of what was written; afterwards neither has much to do. */
const MERGING_MS = 8000;
const LOOK_MS = 100;
const START_MS_MAX = 30_000;

export async function run(options: CollectorOptions): Promise<void> {
  const { rounds, requests, connections, encoding } = options;
  const binary = await collectorBinary({ manifest: MANIFEST, progress: (line) => console.log(line) });
  const senders = await Senders.prepare(WARM_UPS + requests, encoding);
  const ours: Round[] = [];
  const theirs: Round[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      theirs.push(await withDirectory((directory) => measureCollector(binary, senders, { ...options, directory })));
      ours.push(await withDirectory((directory) => measureTurnmeter(senders, { ...options, directory })));
    }
  } finally {
    senders.stop();
  }
  console.log(
    `${format(requests * SPANS)} spans in requests of ${SPANS}, ${encoding}, ${connections} connections; median of ${rounds} rounds`,
  );
  print(requests * SPANS, ours, theirs);
}

function print(spans: number, ours: readonly Round[], theirs: readonly Round[]): void {
  const perMillion = (rounds: readonly Round[], of: (round: Round) => number): number =>
    (median(rounds.map(of)) / spans) * 1e6;
  const all = ({ receiver, engine }: Round): number => receiver + engine;
  const row = (label: string, rounds: readonly Round[]): readonly string[] => [
    label,
    format(
      perMillion(rounds, ({ receiver }) => receiver),
      1,
    ),
    format(
      perMillion(rounds, ({ engine }) => engine),
      1,
    ),
    format(perMillion(rounds, all), 1),
    format(1e6 / perMillion(rounds, all)),
    format(spans / median(rounds.map(({ seconds }) => seconds))),
  ];
  const ratio = (of: (round: Round) => number): string =>
    `${format(perMillion(theirs, of) / perMillion(ours, of), 2)} x`;
  printTable(
    ['CPU seconds a million spans', 'receiver', 'database', 'both', 'spans per CPU s', 'spans/s'],
    [
      row('Collector and clickhouseexporter', theirs),
      row('Turnmeter', ours),
      ['less by', ratio(({ receiver }) => receiver), ratio(({ engine }) => engine), ratio(all), '', ''],
    ],
  );
}

interface RoundOptions extends CollectorOptions {
  readonly directory: string;
}

async function measureTurnmeter(senders: Senders, { requests, connections, directory }: RoundOptions): Promise<Round> {
  const service = await startService(directory);
  try {
    return await measure({
      pids: { receiver: service.pid, engine: service.enginePid },
      send: (first, count) => senders.send({ port: service.otlpPort, first, count, connections }),
      requests,
      whenSaved: async (spans) => {
        await service.flush();
        await service.expectBooked(spans);
      },
    });
  } finally {
    await service.stop();
  }
}

async function measureCollector(
  binary: string,
  senders: Senders,
  { requests, connections, directory }: RoundOptions,
): Promise<Round> {
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(directory, 'data') });
  const client = createClient({ url: engine.url });
  const door = await openClickHouseDoor(engine.url, engine.version);
  const { collector, port } = await startCollector(binary, door.url);
  try {
    return await measure({
      pids: { receiver: collector.pid ?? 0, engine: engine.pid ?? 0 },
      send: (first, count) => senders.send({ port, first, count, connections }),
      requests,
      whenSaved: (spans) => whenCounted(client, spans),
    });
  } finally {
    await stop(collector, engine);
    await door.stop();
    await client.close();
  }
}

interface Measurement {
  readonly pids: { readonly receiver: number; readonly engine: number };
  readonly send: (first: number, count: number) => Promise<unknown>;
  readonly requests: number;
  readonly whenSaved: (spans: number) => Promise<void>;
}

async function measure({ pids, send, requests, whenSaved }: Measurement): Promise<Round> {
  await send(0, WARM_UPS);
  await whenSaved(WARM_UPS * SPANS);
  await sleep(MERGING_MS);
  const before = { receiver: cpuSecondsOf(pids.receiver), engine: cpuSecondsOf(pids.engine) };
  const startedAt = performance.now();
  await send(WARM_UPS, requests);
  await whenSaved((WARM_UPS + requests) * SPANS);
  const seconds = (performance.now() - startedAt) / 1000;
  await sleep(MERGING_MS);
  return {
    receiver: cpuSecondsOf(pids.receiver) - before.receiver,
    engine: cpuSecondsOf(pids.engine) - before.engine,
    seconds,
  };
}

async function startCollector(
  binary: string,
  clickHouseUrl: string,
): Promise<{ readonly collector: ChildProcess; readonly port: number }> {
  const port = await freePort();
  const collector = spawn(binary, ['--config', CONFIGURATION], {
    env: { ...process.env, OTLP_ENDPOINT: `127.0.0.1:${port}`, CLICKHOUSE_ENDPOINT: clickHouseUrl },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const givingUpAt = performance.now() + START_MS_MAX;
  while (!(await isListening(port))) {
    if (collector.exitCode !== null) throw new Error(`the Collector ended with exit code ${collector.exitCode}`);
    if (performance.now() > givingUpAt) throw new Error(`the Collector does not listen after ${START_MS_MAX / 1000} s`);
    await sleep(LOOK_MS);
  }
  return { collector, port };
}

async function isListening(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

/** All of it, and no more: retries of the exporter may insert twice. */
async function whenCounted(client: ClickHouseClient, spans: number): Promise<void> {
  for (;;) {
    const answer = await client.query({
      query: 'SELECT count() AS count FROM otel.otel_traces',
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ count: string }>();
    const count = Number(row?.count);
    if (count > spans) throw new Error(`${count} spans were saved, expected ${spans}`);
    if (count === spans) return;
    await sleep(LOOK_MS);
  }
}

async function stop(collector: ChildProcess, engine: EmbeddedClickHouse): Promise<void> {
  collector.kill('SIGTERM');
  if (collector.exitCode === null) await once(collector, 'exit');
  await engine.stop();
}
