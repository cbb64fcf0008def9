import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Labels, OTHER_LABELS, OTHERS, workflowLabels } from '../../src/expose/labels.ts';

function textOf(workflow: string): string {
  return new Labels([['workflow', workflow]]).text;
}

describe('Labels', () => {
  it('escape quotes, backslashes and line ends as text formats want it', () => {
    expect(textOf('a"b\\c\nd')).toBe('workflow="a\\"b\\\\c\\nd"');
  });

  it('shorten a name of 10 kB, and tell it from another that begins alike', () => {
    const [one, other] = [textOf(`${'x'.repeat(10_000)}1`), textOf(`${'x'.repeat(10_000)}2`)];
    expect(one.length).toBeLessThan(120);
    expect(one).not.toBe(other);
  });

  it('leave no half of a surrogate pair, which would be no UTF-8', () => {
    expect(textOf(`${'x'.repeat(82)}${'😀'.repeat(20)}`).isWellFormed()).toBe(true);
    expect(textOf('\ud83d').isWellFormed()).toBe(true);
  });

  it('are one line, with quotes only at the ends of values, whatever these are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(textOf(name)).toMatch(/^workflow="(?:[^"\\\n]|\\["\\n])*"$/);
      }),
    );
  });

  it('tell a workflow that is called like the rest from the rest', () => {
    expect(workflowLabels('acme', OTHERS).text).not.toContain(`workflow="${OTHERS}"`);
    expect(OTHER_LABELS.text).toBe('tenant="_other",workflow="_other"');
  });
});
