import { type Stop, StopKind } from '@turnmeter/control-store';
import { z } from 'zod';

/** An order to stop a session, or all of a workflow: the other of the two is null. */
export interface StopDocument {
  readonly session_id: string | null;
  readonly workflow: string | null;
  readonly reason: string;
  /** Name of the key; `anonymous` without keys. */
  readonly by: string;
  readonly at: string;
}

export const stopSchema: z.ZodType<StopDocument> = z
  .object({
    session_id: z.string().nullable(),
    workflow: z.string().nullable().meta({ description: 'All sessions of it.' }),
    reason: z.string(),
    by: z.string().meta({ description: 'Name of the key; anonymous without keys.' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Stop' });

export function stopDocument({ kind, target, reason, by, atMs }: Stop): StopDocument {
  return {
    session_id: kind === StopKind.SESSION ? target : null,
    workflow: kind === StopKind.WORKFLOW ? target : null,
    reason,
    by,
    at: new Date(atMs).toISOString(),
  };
}
