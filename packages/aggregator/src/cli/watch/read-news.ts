// In: an event as a service sent it. Out: news, or nothing where it is none that this program knows.

import { z } from 'zod';
import { sessionStatusSchema } from '../../serve/documents/session-event.ts';
import type { SessionNews } from './watched-session.ts';

const named = z.object({ session_id: z.string().nullable(), workflow: z.string().nullable() });

const SCHEMAS: Readonly<Record<SessionNews['event'], z.ZodType>> = {
  session: sessionStatusSchema,
  finalized: sessionStatusSchema,
  guard: z.object({ session_id: z.string(), action: z.string(), reason: z.string() }),
  stop: named.extend({ reason: z.string(), by: z.string() }),
  release: named,
  ready: z.object({ sessions: z.number() }),
};

/** The data is handed on as it came, with what this program does not know. */
export function readNews(event: string | undefined, text: string): SessionNews | undefined {
  if (event === undefined || !Object.hasOwn(SCHEMAS, event)) return undefined;
  const data = parsed(text);
  if (!SCHEMAS[event as SessionNews['event']].safeParse(data).success) return undefined;
  return { event, data } as SessionNews;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
