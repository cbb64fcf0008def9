// How many spans a second are taken over durably: acknowledged only when they are on disk. The service and its engine run in processes of
// their own, senders in another; the baseline is a server that inflates and throws away. What was acknowledged still has to be booked and
// saved: the last column is the rate up to the moment when all of it is in the database.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { format, median, printTable, quantile } from './figures.ts';
import { cpuSecondsOf, withDirectory } from './machine.ts';
import { SPANS } from './payload.ts';
import type { SendReport } from './sender.ts';
import { Senders } from './sending.ts';
import { startService } from './service.ts';

export interface IngestOptions {
  readonly rounds: number;
  readonly requests: number;
  readonly connections: number;
  readonly encoding: 'gzip' | 'zstd' | 'identity';
}

/** Requests before those that count, while code is compiled and connections open. */
const WARM_UPS = 100;

interface Measured extends SendReport {
  /** CPU seconds of the receiver while it took requests. */
  readonly cpuSeconds: number;
}

interface Saved extends Measured {
  /** Until everything is in the database, CPU seconds of both processes included. */
  readonly savedSeconds: number;
  readonly savedCpuSeconds: number;
  readonly engineCpuSeconds: number;
}

export async function run(options: IngestOptions): Promise<void> {
  const { rounds, requests, connections, encoding } = options;
  const senders = await Senders.prepare(WARM_UPS + requests, encoding);
  const bare: Measured[] = [];
  const taken: Saved[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      bare.push(await measureBare(senders, options));
      taken.push(await withDirectory((directory) => measureService(senders, options, directory)));
    }
  } finally {
    senders.stop();
  }
  console.log(
    `${format(requests * SPANS)} spans in requests of ${SPANS}, ${encoding}, ${connections} connections; median of ${rounds} rounds`,
  );
  const perSpan = requests * SPANS;
  const row = (label: string, of: readonly Measured[]): readonly string[] => [
    label,
    format(perSpan / median(of.map(({ seconds }) => seconds))),
    format((median(of.map(({ cpuSeconds }) => cpuSeconds)) / perSpan) * 1e6, 1),
    format(median(of.map(({ latencies }) => median(latencies))), 1),
    format(median(of.map(({ latencies }) => quantile(latencies, 0.99))), 1),
    format(median(of.map(({ refused }) => refused))),
  ];
  printTable(
    ['', 'spans/s', 'cpu us/span', 'p50 ms', 'p99 ms', 'refused'],
    [row('inflated and thrown away', bare), row('acknowledged, on disk', taken)],
  );
  const seconds = median(taken.map(({ savedSeconds }) => savedSeconds));
  const cpu = median(taken.map(({ savedCpuSeconds }) => savedCpuSeconds));
  const engine = median(taken.map(({ engineCpuSeconds }) => engineCpuSeconds));
  console.log(
    `until all is in the database: ${format(perSpan / seconds)} spans/s in ${format(seconds, 1)} s; ` +
      `${format((cpu / perSpan) * 1e6, 1)} us/span in the service, ${format((engine / perSpan) * 1e6, 1)} in the engine; ` +
      `${format(perSpan / (cpu + engine))} spans per CPU second all in`,
  );
}

async function measureBare(senders: Senders, { requests, connections }: IngestOptions): Promise<Measured> {
  const receiver = fork(path.join(import.meta.dirname, 'null-receiver.ts'));
  try {
    const [port] = (await once(receiver, 'message')) as [number];
    await senders.send({ port, first: 0, count: WARM_UPS, connections });
    const before = cpuSecondsOf(receiver.pid ?? 0);
    const report = await senders.send({ port, first: WARM_UPS, count: requests, connections });
    return { ...report, cpuSeconds: cpuSecondsOf(receiver.pid ?? 0) - before };
  } finally {
    receiver.disconnect();
  }
}

async function measureService(
  senders: Senders,
  { requests, connections }: IngestOptions,
  directory: string,
): Promise<Saved> {
  const service = await startService(directory);
  try {
    await senders.send({ port: service.otlpPort, first: 0, count: WARM_UPS, connections });
    await service.flush();
    const [cpu, engine, startedAt] = [cpuSecondsOf(service.pid), cpuSecondsOf(service.enginePid), performance.now()];
    const report = await senders.send({ port: service.otlpPort, first: WARM_UPS, count: requests, connections });
    const cpuSeconds = cpuSecondsOf(service.pid) - cpu;
    await service.flush();
    const saved = {
      savedSeconds: (performance.now() - startedAt) / 1000,
      savedCpuSeconds: cpuSecondsOf(service.pid) - cpu,
      engineCpuSeconds: cpuSecondsOf(service.enginePid) - engine,
    };
    await service.expectBooked((WARM_UPS + requests) * SPANS);
    return { ...report, cpuSeconds, ...saved };
  } finally {
    await service.stop();
  }
}
