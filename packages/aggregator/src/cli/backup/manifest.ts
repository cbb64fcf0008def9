// What a backup consists of, as the last file that is written says: without it there is none.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { shown } from '../text/escape.ts';

export const MANIFEST_FILE = 'manifest.json';
/** Raised when an older program could not read what is written. */
const FORMAT = 1;

/** One file of a backup. */
export interface BackupFile {
  readonly file: string;
  /** null for the copy of the control store. */
  readonly table: 'session_summaries' | 'entries' | 'observations' | null;
  /** null where nobody counted. */
  readonly rows: number | null;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  /** All that was acknowledged before is in it. */
  readonly made_at: string;
  /** Of the service. */
  readonly version: string;
  /** Id of the directory of segments. */
  readonly writer: string;
  /** Up to which segment of which writer rows are in it. */
  readonly segments: Readonly<Record<string, number>>;
  /** Those that made its tables. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly control_store: 'included' | 'postgres';
  readonly files: readonly BackupFile[];
}

const manifestSchema: z.ZodType<Manifest> = z.object({
  format: z.literal(FORMAT),
  made_at: z.iso.datetime(),
  version: z.string(),
  writer: z.string().regex(/^[0-9a-f]{16}$/),
  segments: z.record(z.string(), z.int()),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  control_store: z.enum(['included', 'postgres']),
  files: z.array(
    z.object({
      // A name and no path: what is written in there leads nowhere else.
      file: z.string().regex(/^[a-z][\w.-]*$/),
      table: z.enum(['session_summaries', 'entries', 'observations']).nullable(),
      rows: z.int().nullable(),
      bytes: z.int(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export const MANIFEST_FORMAT: typeof FORMAT = FORMAT;

/** @throws CommandError */
export async function readManifest(directory: string): Promise<Manifest> {
  const file = path.join(directory, MANIFEST_FILE);
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandError(
      isMissing
        ? `${shown(directory)} is no finished backup: expected ${MANIFEST_FILE} in it, which is written last`
        : `the backup cannot be read: expected JSON in ${shown(file)}, received ${(cause as Error).message}`,
      { cause },
    );
  }
  const { format } = (document ?? {}) as { readonly format?: unknown };
  if (typeof format === 'number' && format > FORMAT) {
    throw new CommandError(
      `the backup is of a newer Turnmeter: expected format ${FORMAT} or older, received ${format}`,
      { advice: ['Restore it with the version that made it, or a newer one.'] },
    );
  }
  const parsed = manifestSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(
    `the backup cannot be read: ${shown(file)}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`,
  );
}
