import { describe, expect, it } from 'vitest';
import { Place } from '../../src/expose/rising-sums.ts';
import { WorkflowBook } from '../../src/expose/workflow-book.ts';

describe('WorkflowBook', () => {
  it('gives series to those who come until there is no room, and counts the others together', () => {
    const book = new WorkflowBook({ workflowsMax: 2 });
    for (const workflow of ['a', 'b', 'c', 'd', 'c']) book.sumsOf('acme', workflow).add(Place.COST, 1);
    expect(book.all().map(({ labels }) => labels.text)).toEqual([
      'tenant="acme",workflow="a"',
      'tenant="acme",workflow="b"',
      'tenant="_other",workflow="_other"',
    ]);
    expect(book.folded).toBe(3);
  });

  it('tells the same workflow of two tenants apart', () => {
    const book = new WorkflowBook();
    expect(book.sumsOf('acme', 'a')).not.toBe(book.sumsOf('globex', 'a'));
    expect(book.sumsOf('acme', 'a')).toBe(book.sumsOf('acme', 'a'));
  });

  it('gives the series of the cheapest to one that is twice as dear', () => {
    const book = new WorkflowBook({ workflowsMax: 2 });
    book.sumsOf('acme', 'cheap');
    book.sumsOf('acme', 'middling');
    const spent = (dear: number): void =>
      book.rank([
        { tenant: 'acme', workflow: 'dear', spent: dear },
        { tenant: 'acme', workflow: 'middling', spent: 12 },
        { tenant: 'acme', workflow: 'cheap', spent: 10 },
      ]);
    spent(15);
    expect(book.labelsOf('acme', 'dear')).toBeUndefined();
    spent(21);
    expect(book.labelsOf('acme', 'dear')?.text).toBe('tenant="acme",workflow="dear"');
    expect(book.labelsOf('acme', 'cheap')).toBeUndefined();
    expect(book.labelsOf('acme', 'middling')).toBeDefined();
  });

  it('gives the dearest their series before anybody comes', () => {
    const book = new WorkflowBook({ workflowsMax: 1 });
    book.rank([
      { tenant: 'acme', workflow: 'cheap', spent: 1 },
      { tenant: 'acme', workflow: 'dear', spent: 2 },
    ]);
    expect(book.labelsOf('acme', 'dear')).toBeDefined();
  });

  it('gives histograms of their own to few', () => {
    const book = new WorkflowBook({ workflowsMax: 3, histogramsMax: 1 });
    expect(book.histogramsOf('acme', 'a').turnDuration.labels.text).toBe('tenant="acme",workflow="a"');
    expect(book.histogramsOf('acme', 'b').turnDuration.labels.text).toBe('tenant="_other",workflow="_other"');
    expect(book.labelsOf('acme', 'b')).toBeDefined();
  });
});
