// Opens the store, patiently: a database server that starts beside us may need a minute longer.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { SaveError, SaveErrorCode } from '../save/save-error.ts';
import { Store } from '../save/store.ts';
import type { Telemetry } from '../telemetry.ts';
import type { DatabaseAccess } from './database.ts';

const ATTEMPTS = 30;
const BETWEEN_ATTEMPTS_MS = 2000;

export interface OpenStoreOptions {
  readonly database: DatabaseAccess;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

export async function openStore(config: Config, options: OpenStoreOptions): Promise<Store> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open(config, options);
    } catch (error) {
      const isAway = error instanceof SaveError && error.code === SaveErrorCode.databaseUnavailable;
      if (!isAway || attempt === ATTEMPTS) throw error;
      options.logger.warn({ attempt, of: ATTEMPTS }, `ClickHouse at ${options.database.url} does not answer yet`);
      await sleep(BETWEEN_ATTEMPTS_MS, undefined, { signal: options.signal });
    }
  }
}

function open(config: Config, { database, telemetry, logger }: OpenStoreOptions): Promise<Store> {
  return Store.open({
    directory: path.join(config.data_dir, 'segments'),
    database: {
      url: database.url,
      username: database.username,
      password: database.password,
      database: config.clickhouse.database,
      cluster: config.clickhouse.cluster,
      // Bytes to another machine are worth compressing; to a process beside us they are not.
      compress: config.clickhouse.url !== undefined,
    },
    retention: { observationDays: config.retention.observation_days, entryDays: config.retention.entry_days },
    limits: { spoolBytesMax: config.save.spool_bytes_max, diskReserveBytes: config.save.disk_reserve_bytes },
    telemetry,
    logger: logger.child({ part: 'save' }),
  });
}
