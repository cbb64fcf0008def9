// What requests may say, each with what is expected of it in words.

import { z } from 'zod';
import { shown } from './problem.ts';

/** `expected a whole number from 1 to 1000, received "0"` */
export function expecting(what: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => `expected ${what}, received ${input === undefined ? 'none' : shown(JSON.stringify(input))}`;
}

/** A name that people and programs give; any text at all. */
export function nameParameter(description: string): z.ZodOptional<z.ZodString> {
  return z
    .string({ error: expecting('one value') })
    .optional()
    .describe(description);
}

/** All that has no parameters says so: a misspelled one is refused and not passed over. */
export const noParameters: z.ZodType<object> = z.strictObject({});

/** For clients that send a body with every POST. */
export const noBody: z.ZodType<object | null | undefined> = z.strictObject({}).nullish();

// ClickHouse's dates end in 2149, and µs are exact numbers until 2255.
const YEAR = '(?:19[7-9]\\d|20\\d\\d|21[0-4]\\d)';
const DAY = new RegExp(`^${YEAR}-`);

/** A moment, µs; a day is its first moment in UTC. */
export function timeParameter(description: string): z.ZodType<number, string> {
  return z
    .union([z.iso.datetime({ offset: true }).regex(DAY), z.iso.date().regex(DAY)], {
      error: expecting('a time like 2026-11-21T12:00:00Z or a day like 2026-11-21, from 1970 to 2149'),
    })
    .transform((text) => Date.parse(text) * 1000)
    .describe(description);
}

export function dayParameter(description: string): z.ZodType<string, string> {
  const error = expecting('a day like 2026-11-21, from 1970 to 2149');
  return z.iso.date({ error }).regex(DAY, { error }).describe(description);
}

/** `2026-11-21` */
export function dayOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 10);
}
