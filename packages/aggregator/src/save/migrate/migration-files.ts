import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaveError, SaveErrorCode } from '../save-error.ts';

/** One file of the folder `migrations`. */
export interface Migration {
  /** `0002_entries` */
  readonly name: string;
  /** With its placeholders as they are in the file. */
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

/** The migrations that this version comes with. */
export const MIGRATIONS_FOLDER: string = fileURLToPath(new URL('../../../migrations/', import.meta.url));

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Reads all migrations of a folder in order.
 *
 * @throws SaveError `migration_mismatch` if a file is named otherwise, or a number is missing or taken twice.
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).toSorted();
  for (const [index, file] of files.entries()) {
    const expected = String(index + 1).padStart(4, '0');
    if (FILE_NAME.exec(file)?.[1] !== expected) {
      throw new SaveError(
        SaveErrorCode.migrationMismatch,
        `The migrations are not numbered one by one: expected ${expected}_<name>.sql, received ${file}`,
      );
    }
  }
  return Promise.all(files.map((file) => readMigration(path.join(folder, file))));
}

async function readMigration(file: string): Promise<Migration> {
  const bytes = await readFile(file);
  return {
    name: path.basename(file, '.sql'),
    sql: bytes.toString('utf8'),
    checksum: createHash('sha256').update(bytes).digest('hex'),
  };
}
