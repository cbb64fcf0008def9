// One record of any dialect becomes one observation. Stateless: what neighbors say is not known here.

import type { TelemetryRecord } from '../record/record.ts';
import { type Draft, lineageDraft, nameParts } from './draft.ts';
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
  if (isSilent(record)) return draft;
  nameParts(record, draft);
  const profile = options.profiles.select(record);
  draft.profile = profile.name;
  profile.read(record, draft);
  return draft;
}

/**
 * Does the record tell nothing that could count? Most spans of an agent are HTTP, database or file system and only link others;
 * most log records are text; most metrics are durations and gauges.
 */
function isSilent(record: TelemetryRecord): boolean {
  switch (record.signal) {
    case 'span':
      return record.attributes.isBare && record.resource.attributes.isBare;
    case 'log':
      return record.attributes.isBare;
    case 'metric':
      return record.kind === 'gauge' || !isAboutTokens(record.metric, record.unit);
  }
}
