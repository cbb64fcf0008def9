import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { startEmbeddedClickHouse, type EmbeddedClickHouse, type EmbeddedClickHouseOptions } from '../src/index.ts';

/** A real engine on a directory of its own, with what tests do to it. */
export interface RunningEngine {
  readonly engine: EmbeddedClickHouse;
  readonly dataDir: string;
  /** The official client; closed with the engine. */
  readonly client: ClickHouseClient;
  /** Another one. */
  connect(options?: NonNullable<Parameters<typeof createClient>[0]>): ClickHouseClient;
  /** The rows of a query. */
  rows<T = Record<string, unknown>>(query: string): Promise<T[]>;
  /** What runs, this question left out. */
  running(): Promise<readonly { readonly query: string }[]>;
  /** How much of the data of INSERTs has come. */
  spooledBytes(): Promise<number>;
  /** One request, byte by byte. */
  send(options: RawRequest): Promise<RawAnswer>;
  /** Stops the engine and removes its directory. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface RawRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export async function runEngine(options: Partial<EmbeddedClickHouseOptions> = {}): Promise<RunningEngine> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'embedded-clickhouse-test-')));
  // On a busy machine an engine takes longer to start again than anybody should wait at its door.
  const engine = await startEmbeddedClickHouse({ restartWaitMs: 60_000, ...options, dataDir });
  const clients: ClickHouseClient[] = [];
  const connect: RunningEngine['connect'] = (clientOptions = {}) => {
    const client = createClient({ url: engine.url, log: { level: ClickHouseLogLevel.OFF }, ...clientOptions });
    clients.push(client);
    return client;
  };
  const client = connect();
  const rows = async <T>(query: string): Promise<T[]> =>
    (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  return {
    engine,
    dataDir,
    client,
    connect,
    rows,
    running: () => rows("SELECT query FROM system.processes WHERE query NOT LIKE '%system.processes%'"),
    spooledBytes: () => spooledBytes(dataDir),
    send: (raw) => sendRaw(engine.port, raw),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((each) => each.close()));
      await engine.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function spooledBytes(dataDir: string): Promise<number> {
  const names = await readdir(dataDir);
  const runDir = path.join(dataDir, names.find((name) => name.startsWith('run-')) ?? '');
  let bytes = 0;
  for (const name of await readdir(runDir)) {
    if (name.startsWith('insert-')) bytes += (await stat(path.join(runDir, name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function sendRaw(port: number, raw: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: raw.path,
        method: raw.method ?? 'POST',
        headers: raw.headers ?? {},
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString('utf8') });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(raw.body);
  });
}

/** Waits until something is true, looking again and again; fails when it takes too long. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a promise is rejected with. Made before the failure is brought about, and looked at after. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to fail');
}
