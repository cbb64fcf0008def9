// The service as people run it: `turnmeter up` in a process of its own, with the embedded engine in another below it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from './machine.ts';

const MAIN = path.join(import.meta.dirname, '../packages/aggregator/src/main.ts');

const FLUSH_MS_MAX = 290_000;
const BOOKED_MS_MAX = 30_000;
const LOOK_MS = 500;

/** As `scripts/run-package.sh` starts it. */
const NODE_FLAGS = ['--max-semi-space-size=8'];
const ANY_PORTS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0'];

export interface Service {
  readonly otlpPort: number;
  readonly httpPort: number;
  readonly pid: number;
  readonly enginePid: number;
  /** From its being started to its being ready. */
  readonly startMs: number;
  /** A gauge or counter of its own, summed over labels; 0 while there is none. */
  metric(name: string): Promise<number>;
  /** Resolves when everything it has taken is in the database. */
  flush(): Promise<void>;
  /** Throws if so many entries, no more and no less, are not booked soon: its page of metrics may be some seconds old. */
  expectBooked(entries: number): Promise<void>;
  get<Answer>(path: string): Promise<Answer | undefined>;
  stop(): Promise<void>;
}

/** Starts a service on a data directory; `env` is added to ours. */
export async function startService(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, MAIN, 'up', '--data-dir', dataDir, ...ANY_PORTS, '--json', '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  );
  const { otlp_port, http_port } = await firstLine(child);
  const startMs = performance.now() - startedAt;
  const pid = child.pid ?? 0;
  const [enginePid] = childrenOf(pid);
  if (enginePid === undefined) throw new Error('the service runs no engine');
  const url = `http://127.0.0.1:${http_port}`;
  const metric = async (name: string): Promise<number> => sumOf(name, await (await fetch(`${url}/metrics`)).text());
  return {
    ...{ otlpPort: otlp_port, httpPort: http_port, pid, enginePid, startMs, metric },
    async flush() {
      const response = await fetch(`${url}/api/v1/flush`, {
        method: 'POST',
        signal: AbortSignal.timeout(FLUSH_MS_MAX),
      });
      if (!response.ok) throw new Error(`POST /api/v1/flush was answered ${response.status}: ${await response.text()}`);
      await response.text();
    },
    async expectBooked(entries) {
      let booked = await metric('turnmeter_entries_booked_total');
      for (let waitedMs = 0; booked !== entries && waitedMs < BOOKED_MS_MAX; waitedMs += LOOK_MS) {
        await sleep(LOOK_MS);
        booked = await metric('turnmeter_entries_booked_total');
      }
      if (booked !== entries) throw new Error(`${booked} entries were booked, expected ${entries}`);
    },
    async get<Answer>(target: string) {
      const response = await fetch(`${url}${target}`);
      return response.ok ? ((await response.json()) as Answer) : void (await response.text());
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

interface Ports {
  readonly otlp_port: number;
  readonly http_port: number;
}

async function firstLine(child: ChildProcess): Promise<Ports> {
  if (child.stdout === null) throw new Error('the service has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Ports;
  throw new Error(`the service ended before it was ready (exit code ${child.exitCode})`);
}

/** `name{a="b"} 12` in the text that Prometheus reads. */
function sumOf(name: string, text: string): number {
  const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
