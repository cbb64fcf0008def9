// The API over a real database and real sockets. What it asks of the writing side is counted here instead of done.

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { createPriceBook } from '@turnmeter/pricing';
import { pino } from 'pino';
import { Alerts } from '../../src/alert/alerts.ts';
import { type Assessor, startAssessor } from '../../src/assess/assessor.ts';
import type { TargetRules } from '../../src/alert/target.ts';
import type { KeyConfig } from '../../src/config/config.ts';
import { Control } from '../../src/control/control.ts';
import { Keyring } from '../../src/keyring.ts';
import { createQueries } from '../../src/query/queries.ts';
import { type ApiServer, type ApiServerOptions, createApiServer } from '../../src/serve/api-server.ts';
import type { Readiness, RepriceRequest, RepriceResult, Unsaved } from '../../src/serve/operations.ts';
import type { MetricsPages } from '../../src/serve/metrics-pages.ts';
import { PrometheusTelemetry } from '../../src/telemetry.ts';
import { type LedgerDatabase, NOON_US } from '../query/ledger.ts';

export interface RunningApi {
  readonly server: ApiServer;
  readonly assessor: Assessor;
  readonly control: Control;
  /** `http://127.0.0.1:40000` */
  readonly url: string;
  /** Lines of the log. */
  readonly log: readonly string[];
  /** What was asked of the writing side. */
  readonly asked: { flushes: number; readonly repricings: RepriceRequest[] };
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  send(method: string, path: string, options?: RequestInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into documents of every kind.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface ApiTestOptions extends Partial<Pick<ApiServerOptions, 'queries' | 'limits' | 'host' | 'port'>> {
  readonly keys?: readonly KeyConfig[];
  readonly readiness?: () => Readiness;
  readonly reprice?: (request: RepriceRequest) => Promise<RepriceResult>;
  readonly flush?: () => Promise<void>;
  /** @default nothing waits */
  readonly unsaved?: Unsaved;
  /** Stays its owner's. @default one of its own */
  readonly store?: ControlStore;
  /** Where webhooks may lead. @default anywhere */
  readonly webhooks?: TargetRules;
  /** µs since the epoch. @default an hour after the tests' noon */
  readonly nowUs?: () => number;
}

/** A key as the configuration has it; the key itself is its name. */
export function keyNamed(name: string, tenants: KeyConfig['tenants'], scope: KeyConfig['scope'] = 'all'): KeyConfig {
  return { name, sha256: createHash('sha256').update(name).digest('hex'), tenants, scope };
}

const NOTHING_UNSAVED: Unsaved = {
  pendingSegments: 0,
  pendingBytes: 0,
  unsavedSinceUs: undefined,
  lastFailure: undefined,
};
export const NO_REPRICING: RepriceResult = {
  entries: 0,
  changed: 0,
  beforeNanoUsd: 0n,
  afterNanoUsd: 0n,
  bookVersion: 'book',
  models: [],
};

export async function runApi(ledger: LedgerDatabase, options: ApiTestOptions = {}): Promise<RunningApi> {
  const telemetry = new PrometheusTelemetry();
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void log.push(line) });
  const asked: RunningApi['asked'] = { flushes: 0, repricings: [] };
  const assessor = startAssessor({
    client: ledger.client,
    // By themselves sessions are not finalized while a test runs.
    sessionIdleMinutes: 1e6,
    everySeconds: 3600,
    telemetry,
    logger,
  });
  const keyring = new Keyring(options.keys ?? []);
  const queries = options.queries ?? createQueries(ledger.client);
  const nowUs = options.nowUs ?? ((): number => NOON_US + 36e8);
  const own = options.store === undefined ? await openOwnStore() : undefined;
  const store = options.store ?? own?.store;
  if (store === undefined) throw new Error('there is no control store');
  const control = new Control({ store, queries, keyring, telemetry, logger, nowUs });
  await control.start();
  const nowMs = (): number => Math.floor(nowUs() / 1000);
  const alerts = new Alerts({ store, post: options.webhooks ?? { allowPrivate: true }, nowMs, newId: randomUUID });
  const server = await createApiServer({
    assessor,
    control,
    alerts,
    telemetry,
    logger,
    keyring,
    queries,
    nowUs,
    metricsPages: pagesOf(telemetry),
    operations: {
      flush: async () => {
        asked.flushes++;
        await options.flush?.();
      },
      unsaved: () => options.unsaved ?? NOTHING_UNSAVED,
      reprice: async (request) => {
        asked.repricings.push(request);
        return (await options.reprice?.(request)) ?? NO_REPRICING;
      },
      readiness:
        options.readiness ??
        (() => ({
          isReady: true,
          reasons: [],
        })),
      backup: backupForTests(store),
      prices: pricesForTests(),
    },
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const send: RunningApi['send'] = async (method, path, init = {}) =>
    answerOf(await fetch(`${url}${path}`, { method, ...init }));
  return {
    server,
    assessor,
    control,
    url,
    log,
    asked,
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    stop: async () => {
      await server.stop();
      await control.stop();
      await own?.close();
      await assessor.stop();
    },
  };
}

async function openOwnStore(): Promise<{ readonly store: ControlStore; readonly close: () => Promise<void> }> {
  const directory = await mkdtemp(join(os.tmpdir(), 'turnmeter-api-test-'));
  const store = await openControlStore({ file: join(directory, 'control.sqlite') });
  const close = async (): Promise<void> => {
    await store.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { store, close };
}

/** Of all that the tests' writer wrote. */
function backupForTests(store: ControlStore): ApiServerOptions['operations']['backup'] {
  const firstDays = { entries: '1970-01-01', observations: '1970-01-01' };
  return {
    version: 'tested',
    scope: () => Promise.resolve({ writer: 'test', segment: 1e9, firstDays }),
    migrations: () => Promise.resolve([{ name: '0001_observations', checksum: '0'.repeat(64) }]),
    copyControl: async () => {
      const directory = await mkdtemp(join(os.tmpdir(), 'turnmeter-api-copy-'));
      await store.copyTo(join(directory, 'copy'));
      return createReadStream(join(directory, 'copy')).once('close', () => rmSync(directory, { recursive: true }));
    },
  };
}

function pricesForTests(): ApiServerOptions['operations']['prices'] {
  const book = createPriceBook();
  return { version: book.version, describe: ({ model, ...question }) => book.describe(model, question) };
}

async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text();
  const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '') && text !== '';
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** What the service counts of itself alone, in the one format that prom-client writes. */
function pagesOf({ registry }: PrometheusTelemetry): MetricsPages {
  return {
    write: async () => ({
      contentType: registry.contentType,
      contentEncoding: undefined,
      body: Readable.from([await registry.metrics()]),
    }),
  };
}
