import { describe, expect, it } from 'vitest';
import { Book, BUILT_IN_PROFILES, Figures, observe, pointFrom, ProfileList } from '@turnmeter/accounting';
import { T0 } from '../account.ts';

const profiles = new ProfileList(BUILT_IN_PROFILES);

/** A cumulative point of Gemini CLI's token metric: 90 input tokens of session s1. */
const POINT = pointFrom(
  {
    id: 'series-1',
    metric: 'gemini_cli.token.usage',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 60_000,
    value: 90,
    scope: 'gemini-cli',
    resource: { 'service.name': 'gemini-cli' },
    attributes: { 'session.id': 's1', model: 'gemini-2.5-pro', type: 'input' },
  },
  profiles,
);

function figuresAfter(book: Book): Figures {
  book.add(observe(POINT, { profiles, tenant: 'acme', receivedUs: (T0 + 61_000) * 1000 }), 0);
  return new Figures().apply(book.settle(0)).apply(book.settle(3_600_000_000));
}

describe('Book.recall', () => {
  it('counts a metric of a session that nothing else reports', () => {
    expect(figuresAfter(new Book()).totals.input).toBe(90);
  });

  it('makes a metric the witness of calls that have left memory', () => {
    const book = new Book();
    book.recall('acme', { family: 'gemini-cli', rank: 0, service: 'gemini-cli', session: 's1', hourUs: T0 * 1000 });
    expect(figuresAfter(book).totals).toMatchObject({ input: 0, excludedInput: 90 });
  });

  it('does not mix tenants', () => {
    const book = new Book();
    book.recall('bank', { family: 'gemini-cli', rank: 0, service: 'gemini-cli', session: 's1', hourUs: T0 * 1000 });
    expect(figuresAfter(book).totals.input).toBe(90);
  });
});
