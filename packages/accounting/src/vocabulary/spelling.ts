// Which attribute name means what, across dialects.

import type { Field } from './fields.ts';
import { guessField } from './guess.ts';
import { IDENTITY_SPELLINGS } from './identity-spellings.ts';
import { USAGE_SPELLINGS } from './usage-spellings.ts';
import { wordsOf } from './words.ts';

/** What an attribute name stands for. */
export interface Spelling {
  readonly field: Field;
  /** Orders the spellings of one field: when a record has several, the lowest rank answers. */
  readonly rank: number;
}

/** Added to the rank of a listed name that something on the way has renamed: `gen_ai_usage_input_tokens`. */
export const RENAMED_RANK = 100;
/** Rank of names that nobody listed and whose words decided (`guess.ts`): behind all that are listed. */
export const GUESSED_RANK = 200;
/** Rank of guesses that another reading contests. */
export const WEAK_GUESS_RANK = 240;

const LISTED: ReadonlyMap<string, Spelling> = new Map(
  [...USAGE_SPELLINGS, ...IDENTITY_SPELLINGS].flatMap(([field, names]) =>
    names.map((name, rank): readonly [string, Spelling] => [name, { field, rank }]),
  ),
);

/** Listed names by their words alone; of two with the same words the better rank stands. */
const BY_WORDS: ReadonlyMap<string, Spelling> = new Map(
  [...LISTED]
    .map(([name, { field, rank }]): [string, Spelling] => [
      wordKey(wordsOf(name)),
      { field, rank: rank + RENAMED_RANK },
    ])
    .toSorted(([, a], [, b]) => b.rank - a.rank),
);

/** What Collectors, exporters and stores put before the names they were given. */
const WRAPPINGS = new Set([
  'attributes', 'attribute', 'attrs', 'attr', 'otel', 'otlp', 'span', 'spanattributes', 'tags', 'tag', 'labels', 'label', 'fields', 'properties',
  'custom', 'dimensions',
]); // prettier-ignore

/** Guesses are remembered up to this many names; names come from outside and have no end. */
const GUESSES_REMEMBERED_MAX = 20_000;
const guesses = new Map<string, Spelling | undefined>();

/** The field that an attribute name spells, or undefined when it tells nothing that counts. */
export function spellingOf(name: string): Spelling | undefined {
  const listed = LISTED.get(name);
  if (listed !== undefined) return listed;
  if (guesses.has(name)) return guesses.get(name);
  const spelling = unlistedSpelling(name);
  if (guesses.size < GUESSES_REMEMBERED_MAX) guesses.set(name, spelling);
  return spelling;
}

function unlistedSpelling(name: string): Spelling | undefined {
  const renamed = name.length > 200 ? undefined : renamedSpelling(wordsOf(name));
  if (renamed !== undefined) return renamed;
  const guess = guessField(name);
  return guess === undefined ? undefined : { field: guess.field, rank: guess.isSure ? GUESSED_RANK : WEAK_GUESS_RANK };
}

/** `attributes.gen_ai.usage.input_tokens`, `GEN_AI_USAGE_INPUT_TOKENS`: a listed name in other clothes. */
function renamedSpelling(words: readonly string[]): Spelling | undefined {
  for (let from = 0; from < words.length - 1; from++) {
    const found = BY_WORDS.get(wordKey(words.slice(from)));
    if (found !== undefined) return found;
    if (!WRAPPINGS.has(words[from] ?? '')) return undefined;
  }
  return undefined;
}

function wordKey(words: readonly string[]): string {
  return words.join('_');
}

/** Names that the lists have, for a decoder that wants its table ready before the first request. */
export function listedSpellings(): ReadonlyMap<string, Spelling> {
  return LISTED;
}
