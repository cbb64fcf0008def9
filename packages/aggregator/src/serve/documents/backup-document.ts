// What a backup consists of.

import { z } from 'zod';
import type { BackupPlan } from '../../query/backup.ts';
import type { BackupMigration } from '../operations.ts';

export interface BackupPieceDocument {
  readonly name: string;
  /** Which table its rows are of; null for the copy of the control store. */
  readonly table: string | null;
  readonly rows: number | null;
}

export interface BackupDocument {
  readonly id: string;
  readonly made_at: string;
  readonly version: string;
  readonly writer: string;
  readonly segments: Readonly<Record<string, number>>;
  readonly migrations: readonly BackupMigration[];
  readonly control_store: 'included' | 'postgres';
  readonly pieces: readonly BackupPieceDocument[];
}

/** The piece that is a copy of the control store's file. */
export const CONTROL_PIECE = 'control.sqlite';

export const backupSchema: z.ZodType<BackupDocument> = z
  .object({
    id: z.string().meta({ description: 'Names it while its pieces are read; the next backup ends it.' }),
    made_at: z.iso.datetime().meta({ description: 'All that was acknowledged before is in it.' }),
    version: z.string().meta({ description: 'Of the service.' }),
    writer: z.string().meta({ description: 'Id of the directory of segments.' }),
    segments: z
      .record(z.string(), z.int())
      .meta({ description: 'Up to which segment of which writer rows are in it.' }),
    migrations: z
      .array(z.object({ name: z.string(), checksum: z.string() }))
      .readonly()
      .meta({ description: 'Those that made its tables.' }),
    control_store: z
      .enum(['included', 'postgres'])
      .meta({ description: 'A PostgreSQL database has tools of its own for that.' }),
    pieces: z
      .array(
        z.object({
          name: z.string(),
          table: z.string().nullable(),
          rows: z.int().nullable().meta({ description: 'null where nobody knows before they are read.' }),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Backup' });

export interface StartedBackup {
  readonly id: string;
  readonly madeAtUs: number;
  readonly version: string;
  readonly writer: string;
  readonly migrations: readonly BackupMigration[];
  readonly hasControl: boolean;
  readonly plan: BackupPlan;
}

export function backupDocument({
  id,
  madeAtUs,
  version,
  writer,
  migrations,
  ...backup
}: StartedBackup): BackupDocument {
  const pieces = backup.plan.pieces.map(({ name, table, rows }) => ({ name, table, rows }));
  return {
    id,
    made_at: new Date(madeAtUs / 1000).toISOString(),
    version,
    writer,
    segments: backup.plan.segments,
    migrations,
    control_store: backup.hasControl ? 'included' : 'postgres',
    pieces: backup.hasControl ? [...pieces, { name: CONTROL_PIECE, table: null, rows: null }] : pieces,
  };
}
