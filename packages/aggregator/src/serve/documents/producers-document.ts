// Who sent records, and what of them was recognized.

import { z } from 'zod';
import type { ProducerRow } from '../../query/producers.ts';
import { isoOf, timeSchema } from './amounts.ts';

const count = z.number().int();
const text = z.string();

interface ProducerDocument {
  readonly profile: string;
  readonly role: string;
  readonly service: string;
  readonly signal: string;
  readonly recognized: boolean;
  readonly records: number;
  readonly with_usage: number;
  readonly missing_usage: number;
  readonly estimated_usage: number;
  readonly notes: Readonly<Record<string, number>>;
  readonly operations: readonly string[];
  readonly scopes: readonly string[];
  readonly first_seen_at: string;
  readonly last_seen_at: string;
}

export interface ProducersDocument {
  readonly from: string;
  readonly producers: readonly ProducerDocument[];
}

export const producersSchema: z.ZodType<ProducersDocument> = z
  .object({
    from: z.iso.date(),
    producers: z
      .array(
        z.object({
          profile: text,
          role: text,
          service: text,
          signal: text,
          recognized: z
            .boolean()
            .meta({ description: 'False where the records only link others, or nobody could tell what they are.' }),
          records: count,
          with_usage: count,
          missing_usage: count.meta({ description: 'Model calls without readable usage.' }),
          estimated_usage: count,
          notes: z.record(z.string(), count),
          operations: z.array(text).readonly().meta({ description: 'A few, as hints.' }),
          scopes: z.array(text).readonly().meta({ description: 'A few, as hints.' }),
          first_seen_at: timeSchema,
          last_seen_at: timeSchema,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Producers' });

/** What says nothing by itself, or was not understood. */
const UNRECOGNIZED_ROLES: ReadonlySet<string> = new Set(['lineage', 'undecided']);

export function producersDocument(firstDay: string, rows: readonly ProducerRow[]): ProducersDocument {
  return {
    from: firstDay,
    producers: rows.map(({ first_us, last_us, notes, ...row }) => ({
      ...row,
      recognized: !UNRECOGNIZED_ROLES.has(row.role),
      notes: Object.fromEntries(notes),
      first_seen_at: isoOf(first_us),
      last_seen_at: isoOf(last_us),
    })),
  };
}
