import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from '../src/pieces.ts';

test('pieces joined are the text, and none of them is empty', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      (text, count) => {
        const pieces = piecesOf(text, count);
        expect(pieces.join('')).toBe(text);
        expect(pieces).not.toContain('');
        expect(pieces.length).toBeLessThanOrEqual(count ?? Infinity);
      },
    ),
  );
});

test('without a number a piece is four words', () => {
  expect(piecesOf('one two three four five six')).toEqual(['one two three four', ' five six']);
});
