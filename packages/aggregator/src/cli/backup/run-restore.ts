import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { pino } from 'pino';
import type { Config } from '../../config/config.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { restoreDataDirectory } from '../../service/restore.ts';
import { CommandError } from '../command-error.ts';
import type { RestoreOptions } from '../commands/restore.ts';
import type { Invocation } from '../invocation.ts';
import { formatBytes, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { type BackupFile, type Manifest, readManifest } from './manifest.ts';

/** Runs `turnmeter restore`. */
export async function runRestore(invocation: Invocation, directory: string, options: RestoreOptions): Promise<void> {
  const config = parseConfig({
    file: options.config,
    env: invocation.terminal.env,
    flags: { data_dir: options.dataDir },
  });
  const restoring = new Spinner(invocation, 'checking the files');
  try {
    const manifest = await readManifest(directory);
    for (const file of manifest.files) {
      invocation.signal.throwIfAborted();
      await checkFile(directory, file);
    }
    if (options.dryRun !== true) {
      refuseOtherStore(config, manifest);
      const { files } = manifest;
      await restoreDataDirectory(config, sourceOf(directory, manifest), {
        logger: pino({ level: 'error' }, invocation.terminal.stderr),
        signal: invocation.signal,
        onTable: ({ table }, at) => (restoring.text = `restoring ${table}, ${at + 1} of ${files.length}`),
      });
    }
    restoring.stop();
    report(invocation, { directory, manifest, dataDir: config.data_dir, options });
  } finally {
    restoring.stop();
  }
}

/** @throws CommandError that names a file that is missing or not as it was written. */
async function checkFile(directory: string, { file, bytes, sha256 }: BackupFile): Promise<void> {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const chunk of createReadStream(path.join(directory, file)) as AsyncIterable<Buffer>) {
      length += chunk.length;
      hash.update(chunk);
    }
  } catch (cause) {
    throw damaged(file, (cause as Error).message, cause);
  }
  if (length !== bytes) throw damaged(file, `expected ${bytes} bytes, received ${length}`);
  const found = hash.digest('hex');
  if (found !== sha256) throw damaged(file, `expected SHA-256 ${sha256}, received ${found}`);
}

function damaged(file: string, what: string, cause?: unknown): CommandError {
  return new CommandError(`the backup is damaged, in ${shown(file)}: ${what}`, {
    advice: ['Nothing was restored. Fetch the file anew from where the backup is kept, or take an older backup.'],
    cause,
  });
}

/** Balances cannot be left behind without a word. */
function refuseOtherStore({ control }: Config, { control_store }: Manifest): void {
  if (control.url === undefined || control_store === 'postgres') return;
  throw new CommandError(
    'the backup has balances, policies and keys in a file: expected no control.url, received one of PostgreSQL',
    { advice: ['Restore it without control.url: the file is not brought into PostgreSQL.'] },
  );
}

function sourceOf(
  directory: string,
  { writer, migrations, files }: Manifest,
): Parameters<typeof restoreDataDirectory>[1] {
  const open = (file: string): Readable =>
    pipeline(createReadStream(path.join(directory, file)), createZstdDecompress(), () => undefined);
  const control = files.find(({ table }) => table === null);
  return {
    writer,
    migrations,
    rows: files.flatMap(({ file, table, rows }) => (table === null ? [] : [{ table, rows, open: () => open(file) }])),
    openControl: control && ((): Readable => open(control.file)),
  };
}

function report(
  invocation: Invocation,
  {
    directory,
    manifest,
    dataDir,
    options,
  }: { directory: string; manifest: Manifest; dataDir: string; options: RestoreOptions },
): void {
  const { files, made_at, version } = manifest;
  const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  const isDryRun = options.dryRun === true;
  if (options.json === true) {
    invocation.printJson({ made_at, version, files: files.length, bytes, data_dir: isDryRun ? null : dataDir });
    return;
  }
  invocation.print(
    `${shown(directory)} is whole: ${plural(files.length, 'file')}, ${formatBytes(bytes)}, of ${made_at}, by version ${shown(version)}`,
  );
  if (isDryRun) return;
  invocation.print(`restored into ${shown(dataDir)}`);
  if (manifest.control_store === 'postgres') {
    invocation.note('Balances, policies, keys and alert rules were in PostgreSQL: restore those with pg_restore.');
  }
}
