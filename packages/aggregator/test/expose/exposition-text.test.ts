import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { label, OTHERS, sampleLine, workflowLabel } from '../../src/expose/exposition-text.ts';

describe('label', () => {
  it('escapes quotes, backslashes and line ends as the text format wants it', () => {
    expect(label('workflow', 'a"b\\c\nd')).toBe('workflow="a\\"b\\\\c\\nd"');
  });

  it('shortens a name of 10 kB, and tells it from another that begins alike', () => {
    const [one, other] = [label('workflow', `${'x'.repeat(10_000)}1`), label('workflow', `${'x'.repeat(10_000)}2`)];
    expect(one.length).toBeLessThan(120);
    expect(one).not.toBe(other);
  });

  it('leaves no half of a surrogate pair, which would be no UTF-8', () => {
    const cut = label('workflow', `${'x'.repeat(82)}${'😀'.repeat(20)}`);
    expect(cut.isWellFormed()).toBe(true);
    expect(label('workflow', '\ud83d').isWellFormed()).toBe(true);
  });

  it('is one line, with quotes only at its ends, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(label('workflow', name)).toMatch(/^workflow="(?:[^"\\\n]|\\["\\n])*"$/);
      }),
    );
  });

  it('tells a workflow that is called like the rest from the rest', () => {
    expect(workflowLabel(OTHERS)).not.toBe(label('workflow', OTHERS));
  });
});

describe('sampleLine', () => {
  it('has no braces without labels', () => {
    expect(sampleLine('a', '', 1)).toBe('a 1\n');
    expect(sampleLine('a', 'b="c"', 1e-9)).toBe('a{b="c"} 1e-9\n');
  });
});
