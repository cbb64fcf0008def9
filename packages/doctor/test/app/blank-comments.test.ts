import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankComments, insideParentheses, outermostObject } from '../../src/app/blank-comments.ts';

describe('comments', () => {
  it('are blanked out, and what looks like one in a string is not', () => {
    expect(blankComments('a(); // b\n/* c\nd */ e("// f", `/* g`)')).toBe('a();     \n    \n     e("// f", `/* g`)');
  });

  it('leave every line and every offset where it was, in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('/', '*', '"', "'", '`', '\\', '\n', 'a', '('), maxLength: 500 }),
        (text) => {
          const blank = blankComments(text);
          expect(blank.length).toBe(text.length);
          expect(blank.split('\n').length).toBe(text.split('\n').length);
          expect(blankComments(blank)).toBe(blank);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a call', () => {
  it('ends at its own parenthesis, whatever strings hold', () => {
    const text = 'f(a(")"), \')\', `)`) + g()';
    expect(insideParentheses(text, 1, 100)).toBe('a(")"), \')\', `)`');
    expect(insideParentheses('f(a', 1, 100)).toBe('a');
  });

  it('has what is its own, and what is in lists and objects inside of it', () => {
    expect(outermostObject('{ a: [b, ...c], d: { e: true }, f: g(h), ...i }')).toBe('{ a: [], d: {}, f: g(), ...i }');
  });
});
