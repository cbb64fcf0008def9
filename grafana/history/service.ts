// `turnmeter up` in a process of its own on free ports, as anybody runs it, with the embedded engine.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import { SCOPE_TURNMETER_INSTRUMENTATION } from '@turnmeter/semconv';
import type { EndedSpan } from './spans.ts';

const compress = promisify(gzip);
const MAIN = path.join(import.meta.dirname, '../../packages/aggregator/src/main.ts');
const FLAGS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0', '--log-level', 'warn', '--json'];
/** As Prometheus asks: bounds of buckets are written otherwise in other formats, and would be other series. */
const AS_PROMETHEUS = 'application/openmetrics-text;version=1.0.0';
/** Spans in one request: some MB. */
const SPANS_MAX = 4000;

interface Ports {
  readonly otlp_port: number;
  readonly http_port: number;
}

export interface Service {
  readonly httpPort: number;
  /** Resolves when all of them are acknowledged, in order. */
  send(tenant: string, spans: readonly EndedSpan[]): Promise<void>;
  /** Of the JSON API, for a tenant; the answer to it. */
  ask(tenant: string, method: 'GET' | 'POST' | 'PUT', route: string, body?: object): Promise<unknown>;
  /** What Prometheus scrapes. */
  metrics(): Promise<string>;
  /** Everything that was taken is stored. */
  stop(): Promise<void>;
}

/** `config` is what people write into its file. */
export async function startService(directory: string, config: object): Promise<Service> {
  const file = path.join(directory, 'turnmeter.yaml');
  await writeFile(file, stringify(config));
  const args = [MAIN, 'up', '--data-dir', path.join(directory, 'turnmeter'), '--config', file, ...FLAGS];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ports = await readPorts(child);
  const api = `http://127.0.0.1:${ports.http_port}`;
  return {
    httpPort: ports.http_port,
    async send(tenant, spans) {
      for (let at = 0; at < spans.length; at += SPANS_MAX) {
        await post(`http://127.0.0.1:${ports.otlp_port}/v1/traces`, tenant, spans.slice(at, at + SPANS_MAX));
      }
    },
    async ask(tenant, method, route, body) {
      const headers = { 'x-scope-orgid': tenant, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return JSON.parse(await textOf(await fetch(`${api}${route}`, request))) as unknown;
    },
    metrics: async () => textOf(await fetch(`${api}/metrics`, { headers: { accept: AS_PROMETHEUS } })),
    stop: () => end(child),
  };
}

async function readPorts(child: ChildProcess): Promise<Ports> {
  if (child.stdout === null) throw new Error('`turnmeter up` has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Ports;
  throw new Error('`turnmeter up` ended before it was ready; the lines above say why');
}

async function post(url: string, tenant: string, spans: readonly EndedSpan[]): Promise<void> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: `${tenant}-agents` } }] };
  const scopeSpans = [
    { scope: { name: SCOPE_TURNMETER_INSTRUMENTATION, version: '1.0.0' }, spans: spans.map(({ span }) => span) },
  ];
  const body = await compress(JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }), { level: 1 });
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-scope-orgid': tenant };
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    const isBusy = response.status === 503 || response.status === 429;
    const text = isBusy ? await response.text() : await textOf(response);
    if (!isBusy) {
      if (text.includes('rejectedSpans')) throw new Error(`spans were refused: ${text.slice(0, 300)}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const RETRY_MS = 200;

async function textOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
