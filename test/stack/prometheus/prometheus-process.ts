// A real Prometheus on a free port, with a configuration of the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { vi } from 'vitest';
import { stringify } from 'yaml';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [time: number, value: string];
  readonly histogram?: readonly [time: number, histogram: { readonly count: string; readonly sum: string }];
}

export interface StoredExemplars {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
}

export interface PrometheusOptions {
  readonly binary: string;
  readonly directory: string;
  readonly config: object;
  readonly flags?: readonly string[];
}

export class PrometheusProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves when it answers. */
  static async start({ binary, directory, config, flags = [] }: PrometheusOptions): Promise<PrometheusProcess> {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'prometheus.yml'), stringify(config));
    const port = await freePort();
    const args = [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ];
    const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    const started = new PrometheusProcess(child, `http://127.0.0.1:${port}`);
    const answers = async (): Promise<void> => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}: ${said}`);
      const { ok } = await fetch(`${started.url}/-/ready`);
      if (!ok) throw new Error('Prometheus is not ready');
    };
    await vi.waitFor(answers, { timeout: 60_000, interval: 100 });
    return started;
  }

  async query(query: string): Promise<readonly Sample[]> {
    const { result } = await this.#ask<{ readonly result: readonly Sample[] }>('query', { query });
    return result;
  }

  /** The one value that there is. */
  async number(query: string): Promise<number> {
    const [sample, ...others] = await this.query(query);
    if (sample?.value === undefined || others.length > 0) return Number.NaN;
    return Number(sample.value[1]);
  }

  exemplars(query: string): Promise<readonly StoredExemplars[]> {
    const nowSeconds = Date.now() / 1000;
    return this.#ask('query_exemplars', { query, start: String(nowSeconds - 3600), end: String(nowSeconds + 60) });
  }

  /** What it says of itself. */
  async ownMetrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  async #ask<Data>(what: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${what}?${new URLSearchParams(parameters).toString()}`);
    const answer = (await response.json()) as { readonly data: Data; readonly error?: string };
    if (answer.error !== undefined) throw new Error(`${what} ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
