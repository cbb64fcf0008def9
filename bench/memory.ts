// How much memory the service takes while senders push as fast as they can, for longer than it can keep up: they are told to come back, and
// do. Nothing may grow without bound then. The engine is a process of its own, with a bound of its own, and is stated apart.

import { format, median, printTable, quantile } from './figures.ts';
import { residentMib, residentMibMax, withDirectory } from './machine.ts';
import { SPANS } from './payload.ts';
import { Senders } from './sending.ts';
import { type Service, startService } from './service.ts';

export interface MemoryOptions {
  readonly seconds: number;
  readonly requests: number;
  readonly connections: number;
}

const SAMPLE_MS = 200;

interface Sample {
  readonly service: number;
  readonly engine: number;
  readonly records: number;
}

export async function run({ seconds, requests, connections }: MemoryOptions): Promise<void> {
  const senders = await Senders.prepare(requests, 'gzip');
  try {
    await withDirectory(async (directory) => {
      const service = await startService(directory);
      try {
        const idle = { service: residentMib(service.pid), engine: residentMib(service.enginePid) };
        const sampling = startSampling(service);
        const order = { port: service.otlpPort, first: 0, count: requests, connections, secondsMax: seconds };
        const report = await senders.send(order);
        const samples = await sampling.stop();
        const startedAt = performance.now();
        await service.flush();
        const behindSeconds = (performance.now() - startedAt) / 1000;
        const spans = report.acknowledged * SPANS;
        console.log(
          `${connections} senders for ${format(report.seconds)} s: ${format(spans)} spans acknowledged (${format(spans / report.seconds)}/s), ` +
            `${format(report.refused)} requests told to come back; saved ${format(behindSeconds, 1)} s later`,
        );
        if (report.seconds < seconds * 0.9)
          console.log('the senders ran out of requests: ask for more with --requests');
        print(samples, idle, service);
      } finally {
        await service.stop();
      }
    });
  } finally {
    senders.stop();
  }
}

function startSampling(service: Service): { stop(): Promise<readonly Sample[]> } {
  const samples: Sample[] = [];
  const sample = async (): Promise<void> => {
    // Asked for without waiting: an answer may come late under this load.
    const records = await service.metric('turnmeter_book_records').catch(() => Number.NaN);
    samples.push({ service: residentMib(service.pid), engine: residentMib(service.enginePid), records });
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(sample);
  }, SAMPLE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
      return samples;
    },
  };
}

function print(samples: readonly Sample[], idle: Omit<Sample, 'records'>, service: Service): void {
  const row = (label: string, values: readonly number[], atRest: number, most: number): readonly string[] => [
    label,
    ...[atRest, median(values), quantile(values, 0.95), most].map((value) => format(value)),
  ];
  const services = samples.map((sample) => sample.service);
  const engines = samples.map((sample) => sample.engine);
  printTable(
    ['resident MiB', 'at rest', 'median', 'p95', 'most'],
    [
      row('service', services, idle.service, residentMibMax(service.pid)),
      row('engine', engines, idle.engine, residentMibMax(service.enginePid)),
    ],
  );
  const records = samples.map((sample) => sample.records).filter(Number.isFinite);
  console.log(`records in the book: median ${format(median(records))}, most ${format(Math.max(...records))}`);
}
