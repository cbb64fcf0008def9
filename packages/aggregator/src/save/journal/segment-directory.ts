// Where segments are until the database has them. Of a segment there are up to two files: `<number>.journal` with the requests as
// they came, and `<number>.entries` with what was booked, which is there as soon as that is decided.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from '../../sync-directory.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import { lockDirectory, type DirectoryLock } from './directory-lock.ts';

/** The files of one segment that are there. */
export interface SegmentFiles {
  readonly number: number;
  readonly hasJournal: boolean;
  readonly hasEntries: boolean;
}

/** Room for a million segments a second for ten thousand years: names sort as their numbers do. */
const NUMBER_DIGITS = 16;
const FILE_NAME = /^(\d{16})\.(journal|entries)$/;
const QUARANTINE = 'quarantine';
/** Only this user may read what customers' agents did. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

export class SegmentDirectory {
  /** Tells the segments of this directory from those of others in the same database. */
  readonly writer: string;
  readonly path: string;
  readonly #lock: DirectoryLock;

  private constructor(directory: string, writer: string, lock: DirectoryLock) {
    this.path = directory;
    this.writer = writer;
    this.#lock = lock;
  }

  /** Opens a directory, made if it is not there. @throws SaveError `directory_in_use` */
  static async open(directory: string): Promise<SegmentDirectory> {
    await mkdir(path.join(directory, QUARANTINE), { recursive: true, mode: DIRECTORY_MODE });
    const lock = lockDirectory(directory);
    try {
      const writer = await readOrMakeWriter(directory);
      await removeUnfinished(directory);
      return new SegmentDirectory(directory, writer, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  journalFile(number: number): string {
    return path.join(this.path, `${nameOf(number)}.journal`);
  }

  entriesFile(number: number): string {
    return path.join(this.path, `${nameOf(number)}.entries`);
  }

  /** Cuts off what a crash left behind the end of a journal. */
  async truncateJournal(number: number, bytes: number): Promise<void> {
    const handle = await open(this.journalFile(number), 'r+');
    try {
      await handle.truncate(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Segments that are there, by number. */
  async list(): Promise<readonly SegmentFiles[]> {
    return listSegments(this.path);
  }

  /** Segments that were put aside because something is wrong with them. */
  async listQuarantined(): Promise<readonly number[]> {
    return (await listSegments(path.join(this.path, QUARANTINE))).map(({ number }) => number);
  }

  /** A new empty file whose name survives a power cut. */
  async createJournal(number: number): Promise<FileHandle> {
    const file = this.journalFile(number);
    const handle = await open(file, 'wx', FILE_MODE);
    try {
      await syncDirectory(this.path);
      return handle;
    } catch (error) {
      await handle.close();
      await rm(file);
      throw error;
    }
  }

  /** Writes a file of entries that is there either whole or not at all, whatever happens meanwhile. */
  async writeEntries(number: number, write: (handle: FileHandle) => Promise<void>): Promise<void> {
    const file = this.entriesFile(number);
    const unfinished = `${file}${UNFINISHED}`;
    const handle = await open(unfinished, 'w', FILE_MODE);
    try {
      await write(handle);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    await syncDirectory(this.path);
  }

  /** The journal goes first: without it a file of entries is known to be done, a journal alone would be booked again. */
  async remove(number: number): Promise<void> {
    await rm(this.journalFile(number), { force: true });
    await rm(this.entriesFile(number), { force: true });
  }

  /** Puts a segment aside for a person to look at. Moved back, it is taken up at the next start. */
  async quarantine(number: number): Promise<void> {
    for (const file of [this.journalFile(number), this.entriesFile(number)]) {
      await rename(file, path.join(this.path, QUARANTINE, path.basename(file))).catch(ignoreMissing);
    }
    await syncDirectory(this.path);
  }

  close(): void {
    this.#lock.release();
  }
}

const UNFINISHED = '.unfinished';

function nameOf(number: number): string {
  return String(number).padStart(NUMBER_DIGITS, '0');
}

async function listSegments(directory: string): Promise<readonly SegmentFiles[]> {
  const found = new Map<number, { hasJournal: boolean; hasEntries: boolean }>();
  for (const name of await readdir(directory)) {
    const [, digits, kind] = FILE_NAME.exec(name) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits);
    const files = found.get(number) ?? { hasJournal: false, hasEntries: false };
    if (kind === 'journal') files.hasJournal = true;
    else files.hasEntries = true;
    found.set(number, files);
  }
  return [...found].map(([number, files]) => ({ number, ...files })).toSorted((a, b) => a.number - b.number);
}

/** The id is the directory's, not the process's: segments that were left are still the same segments. */
async function readOrMakeWriter(directory: string): Promise<string> {
  const file = path.join(directory, 'writer');
  const known = (await readFile(file, 'utf8').catch(ignoreMissing))?.trim();
  if (known !== undefined && known !== '') {
    if (/^[0-9a-f]{16}$/.test(known)) return known;
    throw new SaveError(
      SaveErrorCode.segmentDamaged,
      `The file ${file} names no writer: expected 16 hexadecimal digits, received ${JSON.stringify(known.slice(0, 40))}`,
    );
  }
  const made = randomBytes(8).toString('hex');
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(`${made}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncDirectory(directory);
  return made;
}

async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(UNFINISHED)) await rm(path.join(directory, name));
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
