// A data directory out of a backup: everything, or a directory that no service takes.

import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { Database } from '../save/database.ts';
import type { Migration } from '../save/migrate/migration-files.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../save/migrate/migration-files.ts';
import { type RestoredRows, restoreTables } from '../save/restore/restore-tables.ts';
import { syncDirectory } from '../sync-directory.ts';
import { openDatabase } from './database.ts';

/** What there is to restore; files are whole and as they were written. */
export interface RestoreSource {
  readonly writer: string;
  readonly migrations: readonly Pick<Migration, 'name' | 'checksum'>[];
  readonly rows: readonly RestoredRows[];
  /** The control store's file; undefined where it was none. */
  readonly openControl: (() => Readable) | undefined;
}

export interface RestoreOptions {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onTable: (rows: RestoredRows, at: number) => void;
}

const RestoreErrorCode = {
  /** There is something where a data directory is to be made. */
  notEmpty: 'directory_not_empty',
  /** A restore into the directory began and did not end. */
  unfinished: 'restore_unfinished',
} as const;
type RestoreErrorCode = (typeof RestoreErrorCode)[keyof typeof RestoreErrorCode];

class RestoreError extends Error {
  override readonly name = 'RestoreError';
  readonly code: RestoreErrorCode;

  constructor(code: RestoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The first file of a restored directory, and the first to go when the restore is done. */
const MARK = 'restore-unfinished';
/** What a file system makes itself. */
const NOBODYS = new Set(['lost+found']);
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** @throws RestoreError `directory_not_empty`; SaveError */
export async function restoreDataDirectory(
  config: Config,
  source: RestoreSource,
  { logger, signal, onTable }: RestoreOptions,
): Promise<void> {
  await beginRestore(config.data_dir);
  const access = await openDatabase(config, logger);
  try {
    const { url, username, password } = access;
    const { database: name, cluster } = config.clickhouse;
    const database = new Database({ url, username, password, database: name, cluster });
    try {
      await restoreTables(database, {
        migrations: await readMigrations(MIGRATIONS_FOLDER),
        applied: source.migrations,
        retention: { observationDays: config.retention.observation_days, entryDays: config.retention.entry_days },
        rows: source.rows,
        signal,
        onTable,
      });
    } finally {
      await database.close();
    }
  } finally {
    await access.stop();
  }
  await writeRest(config, source);
  await rm(path.join(config.data_dir, MARK));
  await syncDirectory(config.data_dir);
}

/** @throws RestoreError `restore_unfinished` for a directory in which a restore was begun and not ended. */
export async function refuseUnfinishedRestore(dataDir: string): Promise<void> {
  const names: readonly string[] = await readdir(dataDir).catch(() => []);
  if (!names.includes(MARK)) return;
  throw new RestoreError(
    RestoreErrorCode.unfinished,
    `The data in ${dataDir} is a part of a backup: expected a restore that ended, received one that broke off. ` +
      'Remove the directory (on a ClickHouse server drop the database, too) and restore again',
  );
}

async function beginRestore(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: DIRECTORY_MODE });
  const found = (await readdir(dataDir)).filter((name) => !NOBODYS.has(name));
  const [first] = found;
  if (first !== undefined) {
    throw new RestoreError(
      RestoreErrorCode.notEmpty,
      `A backup is restored into an empty directory: expected nothing in ${dataDir}, received ${first}`,
    );
  }
  await writeFile(path.join(dataDir, MARK), 'A restore into this directory is not finished.\n', { flush: true });
  await syncDirectory(dataDir);
}

/** The directory is the same writer as before, so that open traces are read back and numbers go on. */
async function writeRest(config: Config, { writer, openControl }: RestoreSource): Promise<void> {
  const segments = path.join(config.data_dir, 'segments');
  await mkdir(segments, { recursive: true, mode: DIRECTORY_MODE });
  await writeFile(path.join(segments, 'writer'), `${writer}\n`, { mode: FILE_MODE, flush: true });
  await syncDirectory(segments);
  if (openControl === undefined || config.control.url !== undefined) return;
  const file = path.join(config.data_dir, 'control.sqlite');
  await pipeline(openControl(), createWriteStream(file, { mode: FILE_MODE, flush: true }));
}
