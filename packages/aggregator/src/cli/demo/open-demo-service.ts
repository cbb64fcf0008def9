// A service of the demo's own: free ports, data that nobody else uses.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { parseConfig } from '../../config/parse-config.ts';
import { type RunningService, startService } from '../../service.ts';
import type { DemoOptions } from '../commands/demo.ts';
import type { Invocation } from '../invocation.ts';
import { Spinner } from '../text/spinner.ts';

export interface DemoService extends RunningService {
  readonly dataDir: string;
  readonly isTemporary: boolean;
  /** Ports that were asked for by nobody and are in use, so that others were taken. */
  readonly busyPorts: readonly number[];
}

/** How long a trace has to be quiet, seconds: the demo's senders are never late. */
export const DEMO_QUIET_SECONDS = 1;

export async function openDemoService(invocation: Invocation, options: DemoOptions): Promise<DemoService> {
  const isTemporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'turnmeter-demo-')));
  const removeData = async (): Promise<void> => {
    if (isTemporary) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  const starting = new Spinner(invocation, 'starting the ClickHouse engine and the service');
  try {
    const busyPorts: number[] = [];
    const portFor = (asked: number | undefined, usual: number): Promise<number> => choosePort(asked, usual, busyPorts);
    const config = parseConfig({
      // Settings of a real service, its database above all, are none of the demo's.
      env: {},
      flags: {
        data_dir: dataDir,
        'otlp.http_port': await portFor(options.otlpPort, 4318),
        'otlp.grpc_port': await portFor(options.grpcPort, 4317),
        'http.port': await portFor(options.httpPort, 8318),
        trace_quiet_seconds: DEMO_QUIET_SECONDS,
        'log.level': 'error',
      },
    });
    const logger = pino({ level: config.log.level, base: null }, invocation.terminal.stderr);
    const service = await startService(config, { logger, signal: invocation.signal });
    const stop = async (): Promise<void> => {
      await service.stop();
      await removeData();
    };
    return { ...service, dataDir, isTemporary, busyPorts, stop };
  } catch (error) {
    await removeData();
    throw error;
  } finally {
    starting.stop();
  }
}

async function choosePort(asked: number | undefined, usual: number, busyPorts: number[]): Promise<number> {
  if (asked !== undefined) return asked;
  if (await isFree(usual)) return usual;
  busyPorts.push(usual);
  return 0;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
