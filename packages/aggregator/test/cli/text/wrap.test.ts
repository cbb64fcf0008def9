import { describe, expect, it } from 'vitest';
import { wrap } from '../../../src/cli/text/wrap.ts';

describe('wrap', () => {
  it('breaks at spaces, so that no line is wider than it may be', () => {
    expect(wrap('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
  });

  it('leaves a word whole that is wider than a line', () => {
    expect(wrap(`a ${'b'.repeat(30)} c`, 20)).toEqual(['a', 'b'.repeat(30), 'c']);
  });

  it('counts columns as a terminal does', () => {
    // Each of the characters takes two columns: 5 × 2 + 1 + 5 × 2 = 21.
    expect(wrap('計画者計画 者計画者計', 20)).toEqual(['計画者計画', '者計画者計']);
  });
});
