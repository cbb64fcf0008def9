// The real Collector with the files of `collector-config`, on free ports, with a queue directory of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';

export const CONFIGURATIONS: string = path.join(import.meta.dirname, '../../../collector-config');

const READY = /Everything is ready/;
const LOG_KEPT = 20_000;

export interface CollectorOptions {
  /** Files of collector-config, merged in this order. */
  readonly files: readonly string[];
  readonly queue: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A port to listen on again. @default a free one */
  readonly port?: number;
}

export class CollectorProcess {
  readonly port: number;
  /** Where Prometheus scrapes what the gateway derives. */
  readonly prometheusPort: number;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess, ports: { readonly http: number; readonly prometheus: number }) {
    this.#child = child;
    this.port = ports.http;
    this.prometheusPort = ports.prometheus;
  }

  static async start({ files, queue, env, port }: CollectorOptions): Promise<CollectorProcess> {
    const binary = await collectorBinary();
    const [http, grpc, health, self, prometheus] = await freePorts(5);
    const listening = port ?? http;
    const child = spawn(
      binary,
      files.flatMap((file) => ['--config', path.join(CONFIGURATIONS, file)]),
      {
        env: {
          PATH: process.env['PATH'],
          OTLP_HTTP_ENDPOINT: `127.0.0.1:${listening}`,
          OTLP_GRPC_ENDPOINT: `127.0.0.1:${grpc}`,
          HEALTH_ENDPOINT: `127.0.0.1:${health}`,
          SELF_METRICS_PORT: String(self),
          PROMETHEUS_ENDPOINT: `127.0.0.1:${prometheus}`,
          QUEUE_DIR: queue,
          ...env,
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const collector = new CollectorProcess(child, { http: Number(listening), prometheus: Number(prometheus) });
    await collector.#ready();
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it wrote last. */
  get log(): string {
    return this.#log;
  }

  /** SIGTERM: it finishes what it can. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGKILL: nothing has time for anything. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Of a test that failed on its way nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-LOG_KEPT);
        if (READY.test(this.#log)) resolve();
      });
      this.#child.once('exit', (code) => reject(new Error(`the Collector ended with ${code}: ${this.#log}`)));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      if (!server.listening) await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a server without a port');
      return address.port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
