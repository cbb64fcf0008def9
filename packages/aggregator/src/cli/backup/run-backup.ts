import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BackupDocument, BackupPieceDocument } from '../../serve/documents/backup-document.ts';
import { syncDirectory } from '../../sync-directory.ts';
import type { ApiClient } from '../client/api-client.ts';
import { RefusedError } from '../client/refused-error.ts';
import { withService } from '../client/with-service.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import type { ServiceOptions } from '../options.ts';
import { formatBytes, formatSeconds, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { type BackupFile, type Manifest, MANIFEST_FILE, MANIFEST_FORMAT } from './manifest.ts';

/** Only this user may read what customers' agents did. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
/** How often a piece is read anew when its answer broke off. */
const ATTEMPTS = 3;
/** Bringing all into the database, and counting it. */
const PLAN_TIMEOUT_MS = 600_000;
/** One request: shorter than the silence that proxies bear. */
const WAIT_SECONDS_MAX = 30;
/** The code of the answer that came before all was in the database. */
const NOT_FLUSHED = 'not_flushed';

export interface BackupOptions extends ServiceOptions {
  /** For what was accepted to come into the database, ms. */
  readonly wait: number;
}

/** Runs `turnmeter backup`. */
export async function runBackup(invocation: Invocation, directory: string, options: BackupOptions): Promise<void> {
  await prepareDirectory(directory);
  const saving = new Spinner(invocation, 'bringing all that was accepted into the database');
  try {
    await withService(invocation, options, async ({ api }) => {
      const backup = await begin(api, options.wait);
      const files: BackupFile[] = [];
      for (const [at, piece] of backup.pieces.entries()) {
        saving.text = `saving ${at + 1} of ${backup.pieces.length}, ${formatBytes(bytesOf(files))} so far`;
        files.push(await savePiece(api, { directory, backup, piece }));
      }
      const manifest = manifestOf(backup, files);
      await writeManifest(directory, manifest);
      saving.stop();
      report(invocation, { directory, manifest, isJson: options.json === true });
    });
  } finally {
    saving.stop();
  }
}

/** Asks until all that was accepted is in the database. @throws CommandError when that takes too long */
async function begin(api: ApiClient, waitMs: number): Promise<BackupDocument> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const leftSeconds = Math.ceil((untilMs - performance.now()) / 1000);
    const query = { wait_seconds: Math.min(Math.max(1, leftSeconds), WAIT_SECONDS_MAX) };
    try {
      return await api.post<BackupDocument>('api/v1/backups', {}, { query, timeoutMs: PLAN_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== NOT_FLUSHED) throw error;
      if (performance.now() < untilMs) continue;
      throw new CommandError(`there is no backup after ${formatSeconds(waitMs / 1000)} of waiting: ${error.message}`, {
        advice: ['/readyz says what is the matter with the database. A longer wait: --wait 1h.'],
        cause: error,
      });
    }
  }
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
    const found = await readdir(directory);
    if (found.length === 0) return;
    throw new CommandError(
      `${shown(directory)} is not empty: expected a directory for this backup alone, received ${plural(found.length, 'file')}`,
    );
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${shown(directory)} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

interface PieceToSave {
  readonly directory: string;
  readonly backup: BackupDocument;
  readonly piece: BackupPieceDocument;
}

async function savePiece(api: ApiClient, { directory, backup, piece }: PieceToSave): Promise<BackupFile> {
  const file = piece.table === null ? `${piece.name}.zst` : `${piece.name}.native.zst`;
  const source = `api/v1/backups/${backup.id}/pieces/${encodeURIComponent(piece.name)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const written = await writePiece(api.stream(source), path.join(directory, file));
      return { file, table: tableOf(piece), rows: piece.rows, ...written };
    } catch (error) {
      // A full disk stays full.
      if (!(error instanceof CommandError)) throw notWritable(directory, error);
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function tableOf({ table }: BackupPieceDocument): BackupFile['table'] {
  return table as BackupFile['table'];
}

/** On disk when this resolves. */
async function writePiece(
  pieces: AsyncIterable<Uint8Array>,
  file: string,
): Promise<Pick<BackupFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(pieces, counting, createWriteStream(file, { mode: FILE_MODE, flush: true }));
  return { bytes, sha256: hash.digest('hex') };
}

function notWritable(directory: string, cause: unknown): unknown {
  const isOfFile = cause instanceof Error && 'syscall' in cause;
  if (!isOfFile) return cause;
  return new CommandError(`the backup cannot be written to ${shown(directory)}: ${cause.message}`, { cause });
}

function manifestOf(backup: BackupDocument, files: readonly BackupFile[]): Manifest {
  const { id: _, pieces: _pieces, ...described } = backup;
  return { format: MANIFEST_FORMAT, ...described, files };
}

/** Its name appears when all that it names is on disk. */
async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const file = path.join(directory, MANIFEST_FILE);
  await writeFile(`${file}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: FILE_MODE, flush: true });
  await rename(`${file}.part`, file);
  await syncDirectory(directory);
}

function bytesOf(files: readonly BackupFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function report(
  invocation: Invocation,
  { directory, manifest, isJson }: { directory: string; manifest: Manifest; isJson: boolean },
): void {
  const { files, made_at, control_store } = manifest;
  const rows = (table: string): number =>
    files.reduce((sum, one) => sum + (one.table === table ? (one.rows ?? 0) : 0), 0);
  if (isJson) {
    invocation.printJson({ directory, ...manifest, bytes: bytesOf(files) });
    return;
  }
  invocation.print(
    `${shown(directory)}: ${plural(files.length, 'file')}, ${formatBytes(bytesOf(files))}`,
    `  all that was acknowledged before ${made_at}`,
    `  ${plural(rows('entries'), 'entry', 'entries')}, ${plural(rows('observations'), 'record')}`,
  );
  if (control_store === 'postgres') {
    invocation.note('Balances, policies, keys and alert rules are in PostgreSQL: save those with pg_dump.');
  }
}
