import { describe, expect, it } from 'vitest';
import { BUILT_IN_PROFILES, logFrom, type PlainLog, ProfileList } from '@turnmeter/accounting';
import { lineageDraft } from '../../src/observe/draft.ts';
import { durationUs, errorCode, eventNameOf, placeEvent, saysFailed } from '../../src/observe/log-event.ts';
import { T0 } from '../account.ts';

const PROFILES = new ProfileList(BUILT_IN_PROFILES);

function place(
  log: Partial<PlainLog>,
  durationMs?: number | string,
): { startUs: number; endUs: number; notes: string[] } {
  const record = logFrom({ id: 'a', timeMs: T0, ...log }, PROFILES);
  const draft = lineageDraft(record, 'acme', T0 * 1000);
  placeEvent(record, draft, durationMs);
  return draft;
}

function nameOf(log: Partial<PlainLog>): string {
  return eventNameOf(logFrom({ id: 'a', timeMs: T0, ...log }, PROFILES));
}

describe('log events', () => {
  it('have their name in an attribute, else of their own, else as text', () => {
    expect(
      nameOf({ attributes: { 'event.name': 'api_request' }, eventName: 'b', body: 'claude_code.api_request' }),
    ).toBe('api_request');
    expect(nameOf({ eventName: 'b', body: 'c' })).toBe('b');
    expect(nameOf({ body: 'c' })).toBe('c');
  });

  it('end when they were written and begin their duration before', () => {
    expect(place({}, 118)).toMatchObject({ startUs: (T0 - 118) * 1000, endUs: T0 * 1000 });
    expect(place({}, '118')).toMatchObject({ startUs: (T0 - 118) * 1000 });
    expect(place({}, -5)).toMatchObject({ startUs: T0 * 1000 });
  });

  it('keep the time of their own timestamp, also where the record has none', () => {
    const attributes = { 'event.timestamp': new Date(T0 - 2000).toISOString() };
    expect(place({ attributes }).endUs).toBe((T0 - 2000) * 1000);
    const untimed = place({ attributes, timeMs: 0 });
    expect(untimed.endUs).toBe((T0 - 2000) * 1000);
    expect(untimed.notes).toEqual([]);
  });

  it('let no timestamp put them into the future or before there were calls', () => {
    for (const text of ['2099-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'soon'])
      expect(place({ attributes: { 'event.timestamp': text } }).endUs).toBe(T0 * 1000);
  });

  it('name a failure by a code and never by a message', () => {
    expect(errorCode(503, 'ApiError')).toBe('503');
    expect(errorCode(undefined, 'ApiError')).toBe('ApiError');
    expect(errorCode('Invalid prompt: tell me…')).toBe('error');
    expect(saysFailed('false')).toBe(true);
    expect(saysFailed(undefined)).toBe(false);
  });

  it('have no duration of a day and more', () => {
    expect(durationUs(90_000_000)).toBe(0);
  });
});
