// What a backup has beside the rows of tables: how far they are complete, how they were made, and the control store.

import { createReadStream } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ControlStore } from '@turnmeter/control-store';
import { readVersion } from '../cli/read-version.ts';
import type { Config } from '../config/config.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../save/migrate/migration-files.ts';
import type { Store } from '../save/store.ts';
import type { BackupSource } from '../serve/operations.ts';

export interface BackupSourceParts {
  readonly store: Pick<Store, 'writer' | 'savedUntil'>;
  readonly controlStore: Pick<ControlStore, 'dialect' | 'copyTo'>;
  readonly nowMs: () => number;
}

const DAY_MS = 86_400_000;

export function backupSourceOf(config: Config, { store, controlStore, nowMs }: BackupSourceParts): BackupSource {
  // Days before it are over: the database may drop them while they are read.
  const firstDay = (days: number): string =>
    new Date(Math.max(0, nowMs() - (days - 1) * DAY_MS)).toISOString().slice(0, 10);
  return {
    version: readVersion(),
    scope: () =>
      Promise.resolve({
        writer: store.writer,
        segment: store.savedUntil,
        firstDays: {
          entries: firstDay(config.retention.entry_days),
          observations: firstDay(config.retention.observation_days),
        },
      }),
    migrations: async () => (await readMigrations(MIGRATIONS_FOLDER)).map(({ name, checksum }) => ({ name, checksum })),
    copyControl:
      controlStore.dialect === 'sqlite'
        ? () => copyOf(controlStore, path.join(config.data_dir, `control.copy-${randomUUID()}.sqlite`))
        : undefined,
  };
}

/** The copy is beside the original, which nobody else may read, for as long as it is read. */
async function copyOf(controlStore: Pick<ControlStore, 'copyTo'>, file: string): Promise<Readable> {
  const remove = (): void => void rm(file, { force: true }).catch(() => undefined);
  try {
    await controlStore.copyTo(file);
    await chmod(file, 0o600);
  } catch (error) {
    remove();
    throw error;
  }
  return createReadStream(file).once('close', remove);
}
