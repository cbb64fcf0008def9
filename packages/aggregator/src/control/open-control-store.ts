// Opens the control store as the configuration says: a PostgreSQL database that several aggregators share, or a file beside the other data.

import { chmod, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlStore, ControlStoreError, openControlStore } from '@turnmeter/control-store';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Telemetry } from '../telemetry.ts';

const ATTEMPTS = 30;
const BETWEEN_ATTEMPTS_MS = 2000;
/** Of a file: its owner reads and writes. */
const PRIVATE = 0o600;

export interface StoreOfControlOptions {
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly signal?: AbortSignal | undefined;
}

/** Waits for a database that starts beside us. @throws ControlStoreError */
export async function openStoreOfControl(
  config: Pick<Config, 'control' | 'data_dir'>,
  { logger, telemetry, signal }: StoreOfControlOptions,
): Promise<ControlStore> {
  const { url } = config.control;
  const place = url === undefined ? { file: await privateFile(path.join(config.data_dir, 'control.sqlite')) } : { url };
  const onThreadEnd = (error: Error): void => {
    logger.error({ err: error }, 'the thread of the control store ended; another one begins');
    telemetry.count('turnmeter_control_store_thread_ends_total');
  };
  for (let count = 1; ; count++) {
    try {
      return await openControlStore({ ...place, onThreadEnd });
    } catch (error) {
      if (!(error instanceof ControlStoreError && error.retryable) || count === ATTEMPTS) throw error;
      logger.warn({ attempt: count, of: ATTEMPTS, reason: error.message }, 'the control store is not there yet');
      await sleep(BETWEEN_ATTEMPTS_MS, undefined, { signal });
    }
  }
}

/** Secrets of webhooks are in it: nobody else on the machine may read it, nor the files that SQLite makes beside it, which are as private. */
async function privateFile(file: string): Promise<string> {
  // With a database server there may be nobody else who makes it.
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a', PRIVATE);
  await handle.close();
  await chmod(file, PRIVATE);
  return file;
}
