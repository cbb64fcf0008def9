// One record of any dialect becomes one observation. Stateless: what neighbors say is not known here.

import type { TelemetryRecord } from '../record/record.ts';
import { type Draft, lineageDraft, nameParts } from './draft.ts';
import type { Observation } from './observation.ts';
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
  // Most spans of an agent are HTTP, database or file system: they link others and say nothing themselves.
  if (record.signal === 'span' && record.attributes.isBare && record.resource.attributes.isBare) return draft;
  nameParts(record, draft);
  const profile = options.profiles.select(record);
  draft.profile = profile.name;
  profile.read(record, draft);
  return draft;
}
