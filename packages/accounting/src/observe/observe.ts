// One record of any dialect becomes one observation. Stateless: what neighbors say is not known here.

import type { SpanRecord, TelemetryRecord } from '../record/record.ts';
import { type Draft, lineageDraft, nameParts } from './draft.ts';
import { errorClass } from './error-class.ts';
import type { Note } from './notes.ts';
import type { Observation } from './observation.ts';
import { isAboutTokens } from '../vocabulary/metric-words.ts';
import type { ProfileList } from './profile.ts';

export interface ObserveOptions {
  readonly profiles: ProfileList;
  readonly tenant: string;
  /** When the record was received, µs since the epoch: what impossible times are brought back to. */
  readonly receivedUs: number;
}

/** Reads a record with the profile that claims it. */
export function observe(record: TelemetryRecord, options: ObserveOptions): Observation {
  const draft: Draft = lineageDraft(record, options.tenant, options.receivedUs);
  if (!isSilent(record, options.profiles)) {
    nameParts(record, draft);
    const profile = options.profiles.select(record);
    draft.profile = profile.name;
    profile.read(record, draft);
    if (draft.error !== '') draft.error = errorClass(draft.error);
  }
  draft.notes = keepNotes(draft.notes);
  return draft;
}

const NO_NOTES: Note[] = [];
const SINGLE_NOTES = new Map<Note, Note[]>();

/** Observations stay in memory, nearly all of them with nothing or one thing to note: lists of these are shared. */
function keepNotes(notes: Note[]): Note[] {
  const [first] = notes;
  if (first === undefined) return NO_NOTES;
  if (notes.length > 1) return notes.slice();
  let single = SINGLE_NOTES.get(first);
  if (single === undefined) SINGLE_NOTES.set(first, (single = [first]));
  return single;
}

/** Names of spans that say who acts, whatever their attributes are. */
export const TELLING_NAME: RegExp = /agent|workflow|crew|swarm|handoff|(^|[ _.:])tool/i;

/**
 * Does the record tell nothing that could count? Most spans of an agent are HTTP, database or file system and only link others;
 * most log records are text; most metrics are durations and gauges.
 */
function isSilent(record: TelemetryRecord, profiles: ProfileList): boolean {
  switch (record.signal) {
    case 'span':
      return record.attributes.isBare && record.resource.attributes.isBare && !isToldByName(record, profiles);
    case 'log':
      return record.attributes.isBare;
    case 'metric':
      return record.kind === 'gauge' || !isAboutTokens(record.metric, record.unit);
  }
}

function isToldByName({ name, scope }: SpanRecord, profiles: ProfileList): boolean {
  const readsBare = profiles.readsBare(scope);
  return readsBare === 'unknown' ? TELLING_NAME.test(name) : readsBare;
}
