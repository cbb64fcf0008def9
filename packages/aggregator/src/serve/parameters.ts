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

/** Dates of ClickHouse begin in 1970 and end in 2149. */
const TIMES = { first: Date.UTC(1970), last: Date.UTC(2149) };

/** A moment, µs; a day is its first moment in UTC. */
export function timeParameter(description: string): z.ZodType<number, string> {
  const error = expecting('a time like 2026-11-21T12:00:00Z or a day like 2026-11-21, from 1970 to 2149');
  return z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], { error })
    .refine(isStorable, { error })
    .transform(microsecondsOf)
    .describe(description);
}

export function dayParameter(description: string): z.ZodType<string, string> {
  const error = expecting('a day like 2026-11-21, from 1970 to 2149');
  return z.iso.date({ error }).refine(isStorable, { error }).describe(description);
}

/** A Date has milliseconds; the ledger has three digits more. */
function microsecondsOf(time: string): number {
  const [, digits = ''] = /\.\d{3}(\d{1,3})/.exec(time) ?? [];
  return Date.parse(time) * 1000 + Number(digits.padEnd(3, '0'));
}

function isStorable(time: string): boolean {
  const ms = Date.parse(time);
  return ms >= TIMES.first && ms < TIMES.last;
}

/** `2026-11-21` */
export function dayOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 10);
}

/** Names of the IANA database; Intl takes offsets too, which know no summer. */
const TIMEZONE_NAME = /^[a-z]+(?:[/_+-][a-z\d]+)*$/i;

/** A time zone by its name, spelled as the database spells it. */
export function timezoneParameter(description: string): z.ZodType<string, string | undefined> {
  const error = expecting('a time zone of the IANA database like UTC or Europe/Berlin');
  return z
    .string({ error })
    .refine((name) => timezoneNamed(name) !== undefined, { error })
    .transform((name) => timezoneNamed(name) ?? name)
    .default('UTC')
    .describe(description);
}

function timezoneNamed(name: string): string | undefined {
  if (!TIMEZONE_NAME.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // It throws for names that it does not know.
    return undefined;
  }
}
