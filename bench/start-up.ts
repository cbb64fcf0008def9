// How long `turnmeter up` takes until it is ready: on a fresh directory, and on one with data, whose open traces are read back.
// The baseline is a start of Node.js that loads nothing.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { format, median, printTable } from './figures.ts';
import { withDirectory } from './machine.ts';
import { SPANS } from './payload.ts';
import { Senders } from './sending.ts';
import { startService } from './service.ts';

export interface StartUpOptions {
  readonly rounds: number;
  readonly requests: number;
}

const CONNECTIONS = 8;

export async function run({ rounds, requests }: StartUpOptions): Promise<void> {
  const bare: number[] = [];
  const fresh: number[] = [];
  const filled: number[] = [];
  const senders = await Senders.prepare(requests, 'gzip');
  try {
    await withDirectory(async (directory) => {
      for (let round = 0; round < rounds; round++) {
        bare.push(startNode());
        fresh.push(await startAndStop(path.join(directory, `${round}`)));
      }
      const dataDir = path.join(directory, 'filled');
      const service = await startService(dataDir);
      await senders.send({ port: service.otlpPort, first: 0, count: requests, connections: CONNECTIONS });
      await service.stop();
      for (let round = 0; round < rounds; round++) filled.push(await startAndStop(dataDir));
    });
  } finally {
    senders.stop();
  }
  const row = (label: string, times: readonly number[]): readonly string[] => [
    label,
    ...[median(times), Math.min(...times), Math.max(...times)].map((ms) => format(ms)),
  ];
  console.log(`ms until ready, ${rounds} starts each`);
  printTable(
    ['', 'median', 'fastest', 'slowest'],
    [
      row('node -e 0', bare),
      row('turnmeter up, fresh directory', fresh),
      row(`turnmeter up, ${format(requests * SPANS)} spans sent just before`, filled),
    ],
  );
}

function startNode(): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - startedAt;
}

async function startAndStop(dataDir: string): Promise<number> {
  const service = await startService(dataDir);
  await service.stop();
  return service.startMs;
}
