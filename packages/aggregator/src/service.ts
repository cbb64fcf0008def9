// Puts the stages together and runs them: what `turnmeter up` starts.

import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { type Acceptor, type AcceptOptions, startAccepting } from './accept/accept.ts';
import { startAssessor } from './assess/assessor.ts';
import { BookKeeper } from './book/book-keeper.ts';
import type { Config } from './config/config.ts';
import { Decoder } from './decode/decoder.ts';
import { Keyring } from './keyring.ts';
import { Pipeline } from './pipeline.ts';
import { type EntryCost, Pricer } from './price/price-postings.ts';
import { createQueries } from './query/queries.ts';
import { createApiServer } from './serve/api-server.ts';
import { BookingLoop } from './service/booking-loop.ts';
import { openDatabase } from './service/database.ts';
import { openStore } from './service/open-store.ts';
import { pricesOf, profilesOf } from './service/parse-rules.ts';
import { readinessOf } from './service/readiness.ts';
import { recover } from './service/recover.ts';
import { reprice } from './service/reprice.ts';
import { Shutdown } from './service/shutdown.ts';
import { steadyClock } from './service/steady-clock.ts';
import { PrometheusTelemetry } from './telemetry.ts';

export interface RunningService {
  readonly otlpPort: number;
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly otlpUrl: string;
  readonly apiUrl: string;
  /** Resolves when everything accepted before is in the database. */
  flush(): Promise<void>;
  /** Takes nothing more, brings what was accepted into the database, and ends. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly logger: Logger;
  /** Gives up starting when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Records that may wait to be booked before senders have to wait. */
const WAITING_RECORDS_MAX = 1_000_000;
/** How far back late records are recognized, µs: a Collector's queue survives a weekend. */
const KNOWN_US = 7 * 86_400_000_000;
/** How long requests under way may take when the service stops, ms. */
const STOP_REQUESTS_MS = 10_000;
/** How long saving may take when the service stops, ms; what is left is on disk for the next start. */
const STOP_SAVING_MS = 30_000;

/** Starts everything, or nothing: what was started is stopped again when a later part cannot. */
export async function startService(config: Config, { logger, signal }: ServiceOptions): Promise<RunningService> {
  const shutdown = new Shutdown(logger);
  try {
    return await start(config, { logger, signal, shutdown });
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(
  config: Config,
  { logger, signal, shutdown }: ServiceOptions & { readonly shutdown: Shutdown },
): Promise<RunningService> {
  const profiles = profilesOf(config);
  const prices = pricesOf(config);
  const keyring = new Keyring(config.keys);
  const telemetry = new PrometheusTelemetry();
  const nowUs = (): number => Date.now() * 1000;
  const bookNowUs = steadyClock();

  const database = await openDatabase(config, logger);
  shutdown.add('database', () => database.stop());
  signal?.throwIfAborted();
  const store = await openStore(config, { database, telemetry, logger, signal });
  shutdown.add('store', () => store.stop(STOP_SAVING_MS));
  signal?.throwIfAborted();

  const pricer = new Pricer(prices);
  const keeper = new BookKeeper<EntryCost>({
    quietUs: config.trace_quiet_seconds * 1e6,
    recordsMax: config.book.records_max,
    keepUs: config.book.keep_seconds * 1e6,
    load: async (keys) => (await store.loadTraces(keys)).records,
    onRestore: (entry, cost) => pricer.restore(entry, cost),
    telemetry,
  });
  await recover({
    ...{ store, keeper, pricer, logger, signal },
    nowUs: bookNowUs,
    openUs: config.book.keep_seconds * 1e6,
    recordsMax: config.book.records_max,
    knownUs: KNOWN_US,
  });
  signal?.throwIfAborted();

  const pipeline = new Pipeline({
    ...{ profiles, keeper, pricer, store, telemetry },
    nowUs: bookNowUs,
    decoder: new Decoder({ profiles }),
    waitingMax: WAITING_RECORDS_MAX,
  });
  const loop = new BookingLoop({
    ...{ pipeline, store, telemetry, logger, nowUs },
    everyMs: config.save.flush_seconds * 1000,
    segmentRowsMax: config.save.segment_rows_max,
  });
  loop.start();
  shutdown.add('bookings', async () => {
    await loop.stop();
    await pipeline.bookLast();
  });

  const client = createClient({
    url: database.url,
    username: database.username,
    password: database.password,
    database: config.clickhouse.database,
    // Whoever asks tells of failures; the client would write them beside the log.
    log: { level: ClickHouseLogLevel.OFF },
  });
  shutdown.add('queries', () => client.close());
  const assessor = startAssessor({
    ...{ client, telemetry, logger },
    sessionIdleMinutes: config.session_idle_minutes,
    unsavedSinceUs: () => store.status.unsavedSinceUs,
  });
  shutdown.add('assessor', () => assessor.stop());
  const api = await createApiServer({
    ...{ assessor, keyring, telemetry, logger },
    registry: telemetry.registry,
    queries: createQueries(client, { settledUs: () => assessor.settledUs() }),
    operations: {
      flush: () => pipeline.flush(),
      reprice: (request) => reprice(request, { pipeline, store, pricer, keeper, bookVersion: prices.version }),
      readiness: () => readinessOf({ store, database }),
      prices: { version: prices.version, describe: ({ model, ...question }) => prices.describe(model, question) },
    },
    host: config.http.host,
    port: config.http.port,
  });
  shutdown.add('api', () => api.stop());
  const acceptor = await openDoors(config, { pipeline, keyring, telemetry });
  shutdown.add('doors', () => acceptor.stop(STOP_REQUESTS_MS));
  const { httpPort: otlpPort, grpcPort } = acceptor;
  return {
    otlpPort,
    grpcPort,
    httpPort: api.port,
    otlpUrl: `http://${urlHost(config.otlp.host)}:${otlpPort}`,
    apiUrl: `http://${urlHost(config.http.host)}:${api.port}`,
    flush: () => pipeline.flush(),
    stop: () => shutdown.run(),
  };
}

/** Limits and addresses of both protocols come from the configuration. */
function openDoors(
  config: Config,
  parts: Pick<AcceptOptions, 'keyring' | 'telemetry'> & { pipeline: Pipeline },
): Promise<Acceptor> {
  const { otlp } = config;
  return startAccepting({
    keyring: parts.keyring,
    telemetry: parts.telemetry,
    ingest: (request) => parts.pipeline.ingest(request),
    host: otlp.host,
    httpPort: otlp.http_port,
    grpcPort: otlp.grpc_port,
    bodyBytesMax: otlp.body_bytes_max,
    bytesInFlightMax: otlp.bytes_in_flight_max,
    requestsPerSecondMax: otlp.requests_per_second_max,
  });
}

/** An address that listens everywhere is reached here by loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
