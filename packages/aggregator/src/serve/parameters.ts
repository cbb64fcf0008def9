// What requests may say, each with what is expected of it in words.

import { z } from 'zod';
import { shown } from './problem.ts';

/** `expected a whole number from 1 to 1000, received 0` */
export function expecting(what: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => `expected ${what}, received ${input === undefined ? 'none' : shown(JSON.stringify(input))}`;
}

/** A name that people and programs give; any text at all. */
export function nameParameter(description: string): z.ZodOptional<z.ZodString> {
  return z
    .string({ error: expecting('one name') })
    .optional()
    .describe(description);
}

const TIME = 'a time like 2026-11-21T12:00:00Z, or a day like 2026-11-21';

/** A moment, µs; a day is its first moment in UTC. */
export function timeParameter(description: string): z.ZodType<number, string> {
  return z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: expecting(TIME) })
    .transform((text) => Date.parse(text) * 1000)
    .describe(description);
}

export function dayParameter(description: string): z.ZodType<string, string> {
  return z.iso.date({ error: expecting('a day like 2026-11-21') }).describe(description);
}
