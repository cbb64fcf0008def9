// A real Prometheus on a free port, with a configuration of whoever starts it.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-ports.ts';
import { RunningProgram } from './running-program.ts';

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
  /** Gets `prometheus.yml`. */
  readonly directory: string;
  /** Folder of its series, in the directory. @default data */
  readonly data?: string;
  readonly config: object;
  readonly flags?: readonly string[];
}

export class PrometheusProcess {
  readonly url: string;
  readonly #program: RunningProgram;

  private constructor(program: RunningProgram, url: string) {
    this.#program = program;
    this.url = url;
  }

  /** Resolves when it answers. */
  static async start(options: PrometheusOptions): Promise<PrometheusProcess> {
    const { binary, directory, data = 'data', config, flags = [] } = options;
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'prometheus.yml'), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const url = `http://${address}`;
    const program = new RunningProgram({
      name: 'prometheus',
      file: binary,
      args: [
        '--config.file=prometheus.yml',
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=${address}`,
        ...flags,
      ],
      cwd: directory,
      ready: `${url}/-/ready`,
    });
    try {
      await program.ready();
    } catch (error) {
      await program.kill();
      throw error;
    }
    return new PrometheusProcess(program, url);
  }

  async query(query: string): Promise<readonly Sample[]> {
    const { result } = await this.ask<{ readonly result: readonly Sample[] }>('query', { query });
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
    return this.ask('query_exemplars', { query, start: String(nowSeconds - 3600), end: String(nowSeconds + 60) });
  }

  /** What it says of itself. */
  async ownMetrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /** Of its API: what is under `data`. */
  async ask<Data>(route: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${route}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const answer = (await response.json()) as { readonly data: Data; readonly error?: string };
    if (answer.error !== undefined) throw new Error(`${route} ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  /** What is in memory is written first. */
  stop(): Promise<void> {
    return this.#program.stop();
  }

  kill(): Promise<void> {
    return this.#program.kill();
  }
}
