// Parts of what requests send, each with what is expected of it in words.

import { z } from 'zod';
import { expecting } from './parameters.ts';

const NAME_LENGTH_MAX = 512;
const COUNT_EXPECTED = expecting(`a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);

/** A name or id: any line of text that the control store can keep. */
export function nameBody(what: string): z.ZodString {
  const error = expecting(`${what}, 1 to ${NAME_LENGTH_MAX} characters without control characters`);
  return z.string({ error }).min(1, { error }).max(NAME_LENGTH_MAX, { error }).refine(isLine, { error });
}

function isLine(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

export function countBody(description: string): z.ZodNumber {
  return z
    .number({ error: COUNT_EXPECTED })
    .int({ error: COUNT_EXPECTED, abort: true })
    .min(0, { error: COUNT_EXPECTED })
    .max(Number.MAX_SAFE_INTEGER, { error: COUNT_EXPECTED })
    .describe(description);
}
