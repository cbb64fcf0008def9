// `turnmeter up` in a process of its own, as anybody runs it, on free ports and a directory of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Signal } from '@turnmeter/accounting';

const MAIN = path.join(import.meta.dirname, '../../packages/aggregator/src/main.ts');
const PATHS = { span: 'traces', log: 'logs', metric: 'metrics' } as const;
const FLAGS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0', '--log-level', 'warn', '--json'];

interface Ports {
  readonly otlp_port: number;
  readonly grpc_port: number;
  readonly http_port: number;
}

/** As far as these tests read them. */
export interface SessionDocument {
  readonly session_id: string | null;
  readonly tokens: Readonly<Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning', number>>;
  readonly agent_performance: Readonly<
    Record<string, { readonly tokens: { readonly input: number; readonly output: number } }>
  >;
  readonly models: SessionDocument['agent_performance'];
  readonly inferences: number;
  readonly turn_count: number;
  readonly tool_calls: number;
  readonly usage_sources: Readonly<Record<string, number>>;
  readonly usage_note: string | null;
}

/** As far as these tests read them. */
export interface ProducerDocument {
  readonly profile: string;
  readonly role: string;
  readonly signal: string;
  readonly scopes: readonly string[];
  readonly records: number;
  readonly with_usage: number;
}

export interface TurnmeterProcessOptions {
  /** Sent with every request, where the service was told of keys. */
  readonly key?: string;
  /** @default the source of the command */
  readonly main?: string;
}

export class TurnmeterProcess {
  readonly #child: ChildProcess;
  readonly #ports: Ports;
  readonly #key: string | undefined;

  private constructor(child: ChildProcess, ports: Ports, key: string | undefined) {
    this.#child = child;
    this.#ports = ports;
    this.#key = key;
  }

  static async start(
    dataDir: string,
    env: Readonly<Record<string, string>> = {},
    { key, main = MAIN }: TurnmeterProcessOptions = {},
  ): Promise<TurnmeterProcess> {
    const child = spawn(process.execPath, [main, 'up', '--data-dir', dataDir, ...FLAGS], {
      env: { PATH: process.env['PATH'], TURNMETER_TRACE_QUIET_SECONDS: '1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      return new TurnmeterProcess(child, JSON.parse(line) as Ports, key);
    }
    throw new Error('`turnmeter up` ended before it was ready');
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get otlpUrl(): string {
    return `http://127.0.0.1:${this.#ports.otlp_port}`;
  }

  get httpPort(): number {
    return this.#ports.http_port;
  }

  get grpcPort(): number {
    return this.#ports.grpc_port;
  }

  /** Sends one request; resolves when it is acknowledged. */
  async send(tenant: string, signal: Signal, body: Buffer | object): Promise<void> {
    const isBytes = Buffer.isBuffer(body);
    const response = await fetch(`${this.otlpUrl}/v1/${PATHS[signal]}`, {
      method: 'POST',
      headers: {
        'content-type': isBytes ? 'application/x-protobuf' : 'application/json',
        ...this.#as(tenant),
      },
      body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`refused with ${response.status}: ${text}`);
  }

  /** What the API answers to a tenant; undefined where it has no such thing (yet). */
  async get(tenant: string, route: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.http_port}${route}`, {
      headers: this.#as(tenant),
    });
    const body = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${route} answered ${response.status}: ${body}`);
    return JSON.parse(body) as unknown;
  }

  /** All sessions of a tenant, page by page. */
  async sessions(tenant: string): Promise<readonly SessionDocument[]> {
    const found: SessionDocument[] = [];
    for (let cursor = ''; ;) {
      const query = new URLSearchParams({ limit: '100', ...(cursor === '' ? {} : { cursor }) });
      const response = await fetch(`http://127.0.0.1:${this.#ports.http_port}/api/v1/sessions?${query.toString()}`, {
        headers: this.#as(tenant),
      });
      if (!response.ok) throw new Error(`sessions answered ${response.status}: ${await response.text()}`);
      const page = (await response.json()) as { sessions: readonly SessionDocument[]; next_cursor: string | null };
      found.push(...page.sessions);
      if (page.next_cursor === null) return found;
      cursor = page.next_cursor;
    }
  }

  /** Who sent what, as far as these tests read it. */
  async producers(tenant: string): Promise<readonly ProducerDocument[]> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.http_port}/api/v1/producers`, {
      headers: this.#as(tenant),
    });
    if (!response.ok) throw new Error(`producers answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { producers: readonly ProducerDocument[] }).producers;
  }

  /** SIGTERM: everything that was taken is stored. */
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

  #as(tenant: string): Record<string, string> {
    const authorization = this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` };
    return { 'x-scope-orgid': tenant, ...authorization };
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
