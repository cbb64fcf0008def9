import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { withService } from '../client/with-service.ts';
import { CommandError, ExitCode } from '../command-error.ts';
import { EXPORT_FORMATS, type ExportOptions } from '../commands/export.ts';
import type { Invocation } from '../invocation.ts';
import { formatBytes } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';

/** Runs `turnmeter export`. */
export async function runExport(invocation: Invocation, what: string, options: ExportOptions): Promise<void> {
  const { output, from, to } = options;
  const format = formatOf(options);
  if (format === 'parquet' && output === undefined && invocation.terminal.stdout.isTTY) {
    throw new CommandError('Parquet is nothing for a terminal: expected --output <file>, or a pipe', {
      exitCode: ExitCode.USAGE,
    });
  }
  await withService(invocation, options, async ({ api }) => {
    const rows = api.stream('api/v1/export', { what, format, from, to });
    if (output === undefined) await pipeline(rows, invocation.terminal.stdout, { end: false });
    else await writeFile(invocation, rows, output);
  });
}

/** What is asked for, else what the name of the file says. */
function formatOf({ format, json, output }: ExportOptions): string {
  const ending = /\.(\w+)$/.exec(output ?? '')?.[1]?.toLowerCase() ?? '';
  const named = ENDINGS.get(ending) ?? EXPORT_FORMATS.find((known) => known === ending);
  if (json === true && (format ?? 'ndjson') !== 'ndjson') {
    throw new CommandError(`--json and --format ${format} say different things: expected one of them`, {
      exitCode: ExitCode.USAGE,
    });
  }
  return format ?? (json === true ? 'ndjson' : (named ?? 'ndjson'));
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['jsonl', 'ndjson'],
  ['json', 'ndjson'],
  ['pq', 'parquet'],
]);

/** The file has its name only when it is complete. */
async function writeFile(invocation: Invocation, rows: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.part`;
  const exporting = new Spinner(invocation, 'exporting');
  let bytes = 0;
  try {
    await pipeline(
      async function* () {
        for await (const piece of rows) {
          bytes += piece.length;
          exporting.text = `exporting, ${formatBytes(bytes)} so far`;
          yield piece;
        }
      },
      createWriteStream(part, { flush: true }),
    );
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw isOfFile(error) ? notWritable(file, error) : error;
  } finally {
    exporting.stop();
  }
  invocation.note(`wrote ${shown(file)}, ${formatBytes(bytes)}`);
}

function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function notWritable(file: string, error: NodeJS.ErrnoException): CommandError {
  return new CommandError(
    `${shown(file)} cannot be written (${error.code ?? error.message}): expected a file in a folder that is there`,
    {
      cause: error,
    },
  );
}
