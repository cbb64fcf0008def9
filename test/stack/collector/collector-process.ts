// The real Collector with the files of `collector-config`, on free ports, with a queue directory of its own.

import path from 'node:path';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { freePorts } from '@turnmeter/programs/free-ports';
import { RunningProgram } from '@turnmeter/programs/running-program';

export const CONFIGURATIONS: string = path.join(import.meta.dirname, '../../../collector-config');

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
  readonly #program: RunningProgram;

  private constructor(program: RunningProgram, ports: { readonly http: number; readonly prometheus: number }) {
    this.#program = program;
    this.port = ports.http;
    this.prometheusPort = ports.prometheus;
  }

  static async start({ files, queue, env, port }: CollectorOptions): Promise<CollectorProcess> {
    const file = await collectorBinary();
    const [free, grpc, health, self, prometheus] = (await freePorts(5)) as readonly [
      number,
      number,
      number,
      number,
      number,
    ];
    const http = port ?? free;
    const program = new RunningProgram({
      name: 'collector',
      file,
      args: files.map((name) => `--config=${path.join(CONFIGURATIONS, name)}`),
      cwd: CONFIGURATIONS,
      env: {
        OTLP_HTTP_ENDPOINT: `127.0.0.1:${http}`,
        OTLP_GRPC_ENDPOINT: `127.0.0.1:${grpc}`,
        HEALTH_ENDPOINT: `127.0.0.1:${health}`,
        SELF_METRICS_PORT: String(self),
        PROMETHEUS_ENDPOINT: `127.0.0.1:${prometheus}`,
        QUEUE_DIR: queue,
        ...env,
      },
      ready: /Everything is ready/,
    });
    await program.ready();
    return new CollectorProcess(program, { http, prometheus });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it wrote last. */
  get log(): string {
    return this.#program.output;
  }

  /** SIGTERM: it finishes what it can. */
  stop(): Promise<void> {
    return this.#program.stop();
  }

  /** SIGKILL: nothing has time for anything. */
  kill(): Promise<void> {
    return this.#program.kill();
  }

  /** Of a test that failed on its way nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
