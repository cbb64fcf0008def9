// Puts the stages together and runs them: what `turnmeter up` starts.

import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { openStoreOfControl } from './control/open-control-store.ts';
import { Exposure } from './expose/exposure.ts';
import { Keyring } from './keyring.ts';
import { PriceBookInForce } from './price/price-book-in-force.ts';
import { openDatabase } from './service/database.ts';
import { openDoors } from './service/open-doors.ts';
import { openStore } from './service/open-store.ts';
import { pricesOf, profilesOf } from './service/parse-rules.ts';
import { reload } from './service/reload.ts';
import { refuseUnfinishedRestore } from './service/restore.ts';
import { Shutdown } from './service/shutdown.ts';
import { startReading } from './service/start-reading.ts';
import { startWriting } from './service/start-writing.ts';
import { PrometheusTelemetry } from './telemetry.ts';

export interface RunningService {
  readonly otlpPort: number;
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly otlpUrl: string;
  readonly apiUrl: string;
  /** Brings keys, prices and budgets into force that are read now; what is wrong leaves those of before, and is told by log and metric. */
  reload(read: () => Config): void;
  /** Resolves when everything accepted before is in the database. */
  flush(): Promise<void>;
  /** Takes nothing more, brings what was accepted into the database, and ends. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly logger: Logger;
  /** Gives up starting when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Keeps rows as long as before, whatever is configured: for who looks into a directory without knowing its settings, and must not have
   * years of it dropped.
   * @default false
   */
  readonly keepsRetention?: boolean | undefined;
}

/** How long requests under way may take when the service stops, ms. */
const STOP_REQUESTS_MS = 10_000;
/** How long saving may take when the service stops, ms; what is left is on disk for the next start. */
const STOP_SAVING_MS = 30_000;

/** Starts everything, or nothing: what was started is stopped again when a later part cannot. */
export async function startService(
  config: Config,
  { logger, signal, keepsRetention = false }: ServiceOptions,
): Promise<RunningService> {
  await refuseUnfinishedRestore(config.data_dir);
  const shutdown = new Shutdown(logger);
  try {
    return await start(config, { logger, signal, keepsRetention, shutdown });
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** In the order in which parts need each other; they stop the other way round. */
async function start(
  config: Config,
  { logger, signal, keepsRetention = false, shutdown }: ServiceOptions & { readonly shutdown: Shutdown },
): Promise<RunningService> {
  const profiles = profilesOf(config);
  const prices = new PriceBookInForce(pricesOf(config));
  const keyring = new Keyring(config.keys);
  const telemetry = new PrometheusTelemetry();
  const exposure = new Exposure(config);
  // The last to stop: until then something may be counted.
  shutdown.add('metrics push', () => exposure.stopPush());

  const database = await openDatabase(config, logger);
  shutdown.add('database', () => database.stop());
  signal?.throwIfAborted();
  const controlStore = await openStoreOfControl(config, { logger, telemetry, signal });
  shutdown.add('control store', () => controlStore.stop());
  signal?.throwIfAborted();
  const store = await openStore(config, { database, telemetry, keepsRetention, logger, signal });
  shutdown.add('store', () => store.stop(STOP_SAVING_MS));
  signal?.throwIfAborted();
  const writing = await startWriting(config, {
    profiles,
    prices,
    store,
    telemetry,
    onBooked: (postings) => exposure.book(postings),
    logger,
    signal,
  });
  shutdown.add('bookings', () => writing.stop());
  signal?.throwIfAborted();
  const parts = { prices, store, database, controlStore, keyring, telemetry, exposure, logger };
  const reading = await startReading(config, { ...parts, writing });
  shutdown.add('api', () => reading.stop());
  const { pipeline } = writing;
  const acceptor = await openDoors(config, { pipeline, keyring, telemetry });
  shutdown.add('doors', () => acceptor.stop(STOP_REQUESTS_MS));
  return {
    otlpPort: acceptor.httpPort,
    grpcPort: acceptor.grpcPort,
    httpPort: reading.port,
    otlpUrl: `http://${urlHost(config.otlp.host)}:${acceptor.httpPort}`,
    apiUrl: `http://${urlHost(config.http.host)}:${reading.port}`,
    reload: (read) => reload(read, { config, keyring, prices, exposure, telemetry, logger }),
    flush: () => pipeline.flush(),
    stop: () => shutdown.run(),
  };
}

/** An address that listens everywhere is reached here by loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
