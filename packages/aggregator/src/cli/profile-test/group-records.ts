// Records that are alike, put together: a run has hundreds, of a dozen kinds.

import { explainEntry } from '@turnmeter/accounting';
import type { CountedRecord } from './count-records.ts';

export interface RecordGroup {
  readonly records: number;
  readonly signal: string;
  /** Name of the first, with its changing parts left out. */
  readonly name: string;
  readonly scope: string;
  readonly profile: string;
  readonly role: string;
  /** What it is booked as; `nothing` where it tells nothing of its own. */
  readonly counts_as: string;
  readonly reason: string;
  readonly usage_source: string;
  readonly notes: readonly string[];
  /** The reason in words, with where the tokens come from and what was noticed. */
  readonly explanation: readonly string[];
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly excluded_input_tokens: number;
  readonly excluded_output_tokens: number;
  /** Id of one of them, to look it up in the file. */
  readonly example: string;
}

/** Groups in order of first appearance. */
export function groupRecords(records: readonly CountedRecord[]): readonly RecordGroup[] {
  const groups = Map.groupBy(records, keyOf);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [describeGroup(first, group)];
  });
}

function keyOf({ name, observation, entry }: CountedRecord): string {
  const { signal, scope, profile, role } = observation;
  return JSON.stringify([
    signal,
    scope,
    profile,
    role,
    generalName(name),
    entry?.kind,
    entry?.reason,
    entry?.usageSource,
    entry?.notes,
  ]);
}

function describeGroup({ name, observation, entry }: CountedRecord, group: readonly CountedRecord[]): RecordGroup {
  const sum = (amount: 'input' | 'output' | 'excludedInput' | 'excludedOutput'): number =>
    group.reduce((total, record) => total + (record.entry?.[amount] ?? 0), 0);
  return {
    records: group.length,
    signal: observation.signal,
    name: generalName(name),
    scope: observation.scope,
    profile: observation.profile,
    role: observation.role,
    counts_as: entry?.kind ?? 'nothing',
    reason: entry?.reason ?? '',
    usage_source: entry?.usageSource ?? 'none',
    notes: entry?.notes ?? observation.notes,
    explanation: entry === undefined ? [] : explainEntry(entry),
    input_tokens: sum('input'),
    output_tokens: sum('output'),
    excluded_input_tokens: sum('excludedInput'),
    excluded_output_tokens: sum('excludedOutput'),
    example: observation.traceId === '' ? observation.id : `${observation.traceId}/${observation.id}`,
  };
}

/** `task 17 (8f3e02c1-…)` → `task # (#)`: ids and numbers in names would make every record a kind of its own. */
function generalName(name: string): string {
  return name.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{16,}\b|\b\d+\b(?![.\d]*[-\w])/gi, '#');
}
