// Where the rows go: a ClickHouse server by its URL, or the embedded engine in a process of its own.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type EngineStateChange, startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';

export interface DatabaseAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Why it cannot be used, as far as that is known; '' when nothing is. */
  readonly trouble: () => string;
  stop(): Promise<void>;
}

/** Connects by configuration. The embedded engine is started, and guarded by a password that only this process knows. */
export async function openDatabase(config: Config, logger: Logger): Promise<DatabaseAccess> {
  const { url, username = 'default', password = '' } = config.clickhouse;
  if (url !== undefined) return { url, username, password, trouble: () => '', stop: () => Promise.resolve() };
  const secret = randomBytes(24).toString('base64url');
  let trouble = '';
  const engine = await startEmbeddedClickHouse({
    dataDir: path.join(config.data_dir, 'clickhouse'),
    password: secret,
    memoryBytesMax: config.clickhouse.memory_bytes_max,
    logger: logger.child({ part: 'engine' }),
    onStateChange: ({ state, reason }: EngineStateChange) => {
      trouble = state === 'ready' ? '' : `the embedded engine is ${state}${reason === undefined ? '' : ` (${reason})`}`;
    },
  });
  return { url: engine.url, username: 'default', password: secret, trouble: () => trouble, stop: () => engine.stop() };
}
