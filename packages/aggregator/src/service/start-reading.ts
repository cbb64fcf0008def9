// The reading side: sessions are finalized and compared, and everything is answered over HTTP.

import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ControlStore } from '@turnmeter/control-store';
import type { PriceBook } from '@turnmeter/pricing';
import type { Logger } from 'pino';
import { startAssessor } from '../assess/assessor.ts';
import type { Config } from '../config/config.ts';
import { Control } from '../control/control.ts';
import type { Exposure } from '../expose/exposure.ts';
import type { Keyring } from '../keyring.ts';
import { createQueries } from '../query/queries.ts';
import type { Store } from '../save/store.ts';
import { createApiServer } from '../serve/api-server.ts';
import type { Operations } from '../serve/operations.ts';
import type { PrometheusTelemetry } from '../telemetry.ts';
import { backupSourceOf } from './backup-source.ts';
import type { DatabaseAccess } from './database.ts';
import { readinessOf } from './readiness.ts';
import { reprice } from './reprice.ts';
import { Shutdown } from './shutdown.ts';
import { startAlerting } from './start-alerting.ts';
import type { Writing } from './start-writing.ts';

export interface Reading {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ReadingParts {
  readonly writing: Writing;
  readonly prices: PriceBook;
  readonly store: Store;
  readonly database: DatabaseAccess;
  readonly controlStore: ControlStore;
  readonly keyring: Keyring;
  readonly telemetry: PrometheusTelemetry;
  readonly exposure: Exposure;
  readonly logger: Logger;
}

export async function startReading(config: Config, parts: ReadingParts): Promise<Reading> {
  const { store, database, controlStore, keyring, telemetry, exposure, prices, logger } = parts;
  const shutdown = new Shutdown(logger);
  const client = createClient({
    url: database.url,
    username: database.username,
    password: database.password,
    database: config.clickhouse.database,
    // Whoever asks tells of failures; the client would write them beside the log.
    log: { level: ClickHouseLogLevel.OFF },
  });
  shutdown.add('queries', () => client.close());
  const unsavedSinceUs = (): number | undefined => store.status.unsavedSinceUs;
  const assessor = startAssessor({
    client,
    telemetry,
    logger,
    sessionIdleMinutes: config.session_idle_minutes,
    unsavedSinceUs,
    onFinalized: (summary) => exposure.finalize(summary),
  });
  shutdown.add('assessor', () => assessor.stop());
  const queries = createQueries(client, { settledUs: () => assessor.settledUs() });
  const control = new Control({ store: controlStore, queries, keyring, telemetry, logger, unsavedSinceUs });
  shutdown.add('control', () => control.stop());
  try {
    await control.start();
    const alerting = startAlerting(config, { store: controlStore, control, queries, telemetry, logger });
    shutdown.add('alerts', () => alerting.stop());
    const { balances } = controlStore;
    const { policies } = control;
    const exposed = await exposure.start({ telemetry, queries, balances, policies, prices, logger });
    shutdown.add('metrics', () => exposed.stop());
    const api = await createApiServer({
      assessor,
      control,
      alerts: alerting.alerts,
      keyring,
      telemetry,
      logger,
      metricsPages: exposed.page,
      queries,
      operations: operationsOf(config, parts, control),
      host: config.http.host,
      port: config.http.port,
    });
    shutdown.add('api', () => api.stop());
    return { port: api.port, stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** What the API asks of the writing side. */
function operationsOf(config: Config, parts: ReadingParts, control: Control): Operations {
  const { writing, prices, store, database, controlStore } = parts;
  const { pipeline, keeper, pricer } = writing;
  return {
    flush: () => pipeline.flush(),
    unsaved: () => store.status,
    reprice: (request) => reprice(request, { pipeline, store, pricer, keeper, bookVersion: prices.version }),
    backup: backupSourceOf(config, { store, controlStore, nowMs: () => Date.now() }),
    readiness: () => readinessOf({ store, database, control }),
    prices: {
      get version(): string {
        return prices.version;
      },
      describe: ({ model, ...question }) => prices.describe(model, question),
    },
  };
}
