// Opens the store as the configuration says.

import path from 'node:path';
import type { Config } from '../config/config.ts';
import { Store } from '../save/store.ts';
import type { Telemetry } from '../telemetry.ts';
import type { DatabaseAccess } from './database.ts';
import { type Patience, patiently } from './patience.ts';

export interface OpenStoreOptions extends Patience {
  readonly database: DatabaseAccess;
  readonly telemetry: Telemetry;
  /** Whether rows are kept as long as before, whatever is configured. */
  readonly keepsRetention: boolean;
}

export function openStore(
  config: Config,
  { database, telemetry, keepsRetention, ...patience }: OpenStoreOptions,
): Promise<Store> {
  const open = (): Promise<Store> =>
    Store.open({
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
      retention: keepsRetention
        ? undefined
        : { observationDays: config.retention.observation_days, entryDays: config.retention.entry_days },
      limits: { spoolBytesMax: config.save.spool_bytes_max, diskReserveBytes: config.save.disk_reserve_bytes },
      telemetry,
      logger: patience.logger.child({ part: 'save' }),
    });
  return patiently(open, patience);
}
