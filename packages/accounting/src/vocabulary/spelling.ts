// Which attribute name means what, across dialects.

import type { Field } from './fields.ts';
import { guessField } from './guess.ts';
import { IDENTITY_SPELLINGS } from './identity-spellings.ts';
import { USAGE_SPELLINGS } from './usage-spellings.ts';

/** What an attribute name stands for. */
export interface Spelling {
  readonly field: Field;
  /** Orders the spellings of one field: when a record has several, the lowest rank answers. */
  readonly rank: number;
}

/** Rank of names that nobody listed and whose words decided (`guess.ts`): behind all that are listed. */
export const GUESSED_RANK = 200;

const LISTED: ReadonlyMap<string, Spelling> = new Map(
  [...USAGE_SPELLINGS, ...IDENTITY_SPELLINGS].flatMap(([field, names]) =>
    names.map((name, rank): readonly [string, Spelling] => [name, { field, rank }]),
  ),
);

/** Guesses are remembered up to this many names; names come from outside and have no end. */
const GUESSES_REMEMBERED_MAX = 20_000;
const guesses = new Map<string, Spelling | undefined>();

/** The field that an attribute name spells, or undefined when it tells nothing that counts. */
export function spellingOf(name: string): Spelling | undefined {
  const listed = LISTED.get(name);
  if (listed !== undefined) return listed;
  if (guesses.has(name)) return guesses.get(name);
  const field = guessField(name);
  const spelling = field === undefined ? undefined : { field, rank: GUESSED_RANK };
  if (guesses.size < GUESSES_REMEMBERED_MAX) guesses.set(name, spelling);
  return spelling;
}

/** Names that the lists have, for a decoder that wants its table ready before the first request. */
export function listedSpellings(): ReadonlyMap<string, Spelling> {
  return LISTED;
}
