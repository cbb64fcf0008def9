// What event a log record is, when it was and how long what it reports took: producers agree on none of the three.

import { ATTR_EVENT_NAME, ATTR_EVENT_TIMESTAMP } from '@turnmeter/semconv';
import type { AttributeValue, TelemetryRecord } from '../record/record.ts';
import type { Draft } from './draft.ts';

/** Name of the event: the attribute, the record's own name, its text; '' when it has none. Spans made of log records keep the attribute. */
export function eventNameOf(record: TelemetryRecord): string {
  const named = record.attributes.string(ATTR_EVENT_NAME);
  if (named !== undefined || record.signal !== 'log') return named ?? '';
  return record.eventName !== '' ? record.eventName : record.bodyText.slice(0, 200);
}

/** An event is written when what it reports is over: its own time is the end, and the start lies `durationMs` before. */
export function placeEvent(record: TelemetryRecord, draft: Draft, durationMs?: AttributeValue): void {
  if (record.signal !== 'log') return;
  const written = Date.parse(record.attributes.string(ATTR_EVENT_TIMESTAMP) ?? '') * 1000;
  if (written >= YEAR_2015_US && written <= draft.endUs + DAY_US) {
    draft.endUs = written;
    draft.notes = draft.notes.filter((note) => note !== 'missing_time');
  }
  draft.startUs = draft.endUs - durationUs(durationMs);
}

const DAY_US = 86_400_000_000;
const YEAR_2015_US = 1_420_070_400_000_000;

/** Milliseconds, as number or text, to µs; 0 for what is no duration of a call (negative, longer than a day). */
export function durationUs(milliseconds: AttributeValue | undefined): number {
  const us = Number(milliseconds ?? 0) * 1000;
  return us > 0 && us < DAY_US ? Math.round(us) : 0;
}

/** A status code or a class that tells a failure; a message never does. */
export function errorCode(...candidates: readonly (AttributeValue | undefined)[]): string {
  for (const candidate of candidates) {
    if (typeof candidate === 'number') return String(candidate);
    if (typeof candidate === 'string' && /^[\w.:-]{1,100}$/.test(candidate) && candidate !== 'undefined')
      return candidate;
  }
  return 'error';
}

/** `true`, `"true"`, absent → no failure; `false`, `"false"` → failure. */
export function saysFailed(success: AttributeValue | undefined): boolean {
  return success === false || success === 'false';
}
