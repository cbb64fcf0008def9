import { describe, expect, it } from 'vitest';
import { Book, BUILT_IN_PROFILES, Figures, logFrom, observe, pointFrom, ProfileList } from '@turnmeter/accounting';
import { T0 } from '../account.ts';

const PROFILES = new ProfileList(BUILT_IN_PROFILES);
const NOW = T0 * 1000;
const ORIGIN = { resource: { 'service.name': 'claude-code' }, scope: 'com.anthropic.claude_code' };

function outputPoint(timeMs: number, value: number, session = 's1'): Parameters<Book['add']>[0] {
  const point = {
    ...ORIGIN,
    id: `series/${session}`,
    metric: 'claude_code.token.usage',
    temporality: 'cumulative' as const,
    startMs: T0 - 1000,
    timeMs,
    value,
    attributes: { 'session.id': session, type: 'output' },
  };
  return observe(pointFrom(point, PROFILES), { profiles: PROFILES, tenant: 'acme', receivedUs: NOW });
}

function request(id: string, output: number, session = 's1'): Parameters<Book['add']>[0] {
  const log = {
    ...ORIGIN,
    id,
    timeMs: T0,
    attributes: { 'session.id': session, 'event.name': 'api_request', input_tokens: 0, output_tokens: output },
    body: 'claude_code.api_request',
  };
  return observe(logFrom(log, PROFILES), { profiles: PROFILES, tenant: 'acme', receivedUs: NOW });
}

describe('populations', () => {
  it('waits for the quiet time before a weak source is booked', () => {
    const book = new Book({ quietUs: 5_000_000 });
    const figures = new Figures();
    book.add(outputPoint(T0, 90), NOW);
    figures.apply(book.settle(NOW));
    expect(figures.totals).toMatchObject({ output: 0, excludedOutput: 0 });
    figures.apply(book.settle(NOW + 6_000_000));
    expect(figures.totals.output).toBe(90);
  });

  it('reverses a booked metric in the very settlement in which a call arrives beside its next point', () => {
    const book = new Book();
    const figures = new Figures();
    book.add(outputPoint(T0, 90), NOW);
    figures.apply(book.settle(NOW + 10_000_000));
    book.add(outputPoint(T0 + 1000, 120), NOW + 11_000_000);
    book.add(request('a', 120), NOW + 11_000_000);
    const postings = book.settle(NOW + 11_000_000);
    figures.apply(postings);
    expect(figures.totals).toMatchObject({ output: 120, inferences: 1, excludedOutput: 120 });
    expect(postings.filter(({ sign, entry }) => sign === -1 && entry.output === 90)).toHaveLength(1);
  });

  it('keeps sessions apart', () => {
    const book = new Book();
    const figures = new Figures();
    book.add(request('a', 120), NOW);
    book.add(outputPoint(T0, 90, 's2'), NOW);
    figures.apply(book.settle(NOW + 10_000_000));
    expect(figures.totals.output).toBe(210);
  });

  it('remembers the calls of a session after they have left memory', () => {
    const book = new Book();
    const figures = new Figures();
    book.add(request('a', 120), NOW);
    figures.apply(book.settle(NOW));
    figures.apply(book.settle(NOW + 10_000_000));
    expect(book.evict(NOW + 20_000_000, 0)).toHaveLength(1);
    book.add(outputPoint(T0, 120), NOW + 30_000_000);
    figures.apply(book.settle(NOW + 30_000_000));
    figures.apply(book.settle(NOW + 60_000_000));
    expect(figures.totals).toMatchObject({ output: 120, excludedOutput: 120 });
  });
});
