import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatches, globsIntersect } from '../src/glob.ts';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

test('matches from the first to the last character', () => {
  expect(globMatches('gpt-4*', 'gpt-4o-mini')).toBe(true);
  expect(globMatches('gpt-4', 'gpt-4o')).toBe(false);
  expect(globMatches('*-mini', 'gpt-4o-mini')).toBe(true);
  expect(globMatches('gpt-?', 'gpt-4')).toBe(true);
  expect(globMatches('gpt-?', 'gpt-')).toBe(false);
  expect(globMatches('*', '')).toBe(true);
});

test('takes other characters as they are', () => {
  expect(globMatches('a.c', 'abc')).toBe(false);
  expect(globMatches('(a|b)+$', '(a|b)+$')).toBe(true);
});

test('agrees with the regular expression of the same meaning', () => {
  fc.assert(
    fc.property(pattern, name, (glob, text) => {
      const source = glob.replaceAll('*', '.*').replaceAll('?', '.');
      expect(globMatches(glob, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 3000 },
  );
});

test('answers at once where a naive matcher would not', () => {
  // 120 stars against 256 characters: a backtracking matcher needs more steps than there are atoms.
  const startedAt = performance.now();
  expect(globMatches('*a'.repeat(120) + 'b', 'a'.repeat(256))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

function allNames(length: number): readonly string[] {
  return length === 0
    ? ['']
    : allNames(length - 1).flatMap((text) => (text.length < length - 1 ? [text] : [text, `${text}a`, `${text}b`]));
}

test('finds out whether two patterns can meet', () => {
  expect(globsIntersect('gpt-*', '*-mini')).toBe(true);
  expect(globsIntersect('gpt-*', 'claude-*')).toBe(false);
  // Two patterns of up to four characters that meet at all meet in a text of up to eight.
  const candidates = allNames(8);
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      const meet = candidates.some((text) => globMatches(a, text) && globMatches(b, text));
      expect(globsIntersect(a, b)).toBe(meet);
    }),
    { numRuns: 1500 },
  );
});
