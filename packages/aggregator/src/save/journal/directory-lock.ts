import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SaveError, SaveErrorCode } from '../save-error.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for this process alone. The lock is the operating system's, so it ends with the process however that ends, and
 * holds between containers that share a volume. Node.js has no call for such a lock; its SQLite has.
 *
 * @throws SaveError `directory_in_use`
 */
export function lockDirectory(directory: string): DirectoryLock {
  const database = new DatabaseSync(path.join(directory, 'lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new SaveError(
      SaveErrorCode.directoryInUse,
      `Another process uses the directory ${directory}: expected to be the only one; stop it, or choose another directory`,
      { cause },
    );
  }
  return { release: () => database.close() };
}
