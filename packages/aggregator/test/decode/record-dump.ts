// All that a record says, as plain data that outlives it.

import {
  type Attributes,
  type AttributeValue,
  BUILT_IN_PROFILES,
  Field,
  type Observation,
  observe,
  ProfileList,
  type TelemetryRecord,
} from '@turnmeter/accounting';
import { type DecodeInput, Decoder } from '../../src/decode/decoder.ts';
import type { DecodeReport } from '../../src/decode/report.ts';

export const PROFILES: ProfileList = new ProfileList(BUILT_IN_PROFILES);

export interface Dump {
  readonly records: readonly Record<string, unknown>[];
  readonly observations: readonly Observation[];
  readonly report: DecodeReport;
}

/** Decodes a request and keeps everything. */
export function decodeAll(input: DecodeInput, decoder: Decoder = new Decoder({ profiles: PROFILES })): Dump {
  const records: Record<string, unknown>[] = [];
  const observations: Observation[] = [];
  const report = decoder.decode(input, (record) => {
    records.push(dumpRecord(record));
    observations.push(observe(record, { profiles: PROFILES, tenant: 't', receivedUs: 1_795_400_000_000_000 }));
  });
  return { records, observations, report };
}

export function dumpRecord(record: TelemetryRecord): Record<string, unknown> {
  const own = Object.fromEntries(
    FIELDS_OF_RECORDS.filter((name) => name in record).map((name) => [name, record[name as keyof TelemetryRecord]]),
  );
  return {
    ...own,
    attributes: dumpAttributes(record.attributes),
    resource: dumpAttributes(record.resource.attributes),
  };
}

const FIELDS_OF_RECORDS = [
  'signal', 'scope', 'droppedAttributes', 'traceId', 'spanId', 'parentId', 'name', 'kind', 'startUs', 'endUs', 'status', 'links',
  'exceptionType', 'id', 'eventName', 'bodyText', 'timeUs', 'observedTimeUs', 'seriesId', 'metric', 'unit', 'temporality', 'value', 'count',
]; // prettier-ignore

/** Through every door that the interface has. */
export function dumpAttributes(attributes: Attributes): Record<string, unknown> {
  const byName = new Map<string, AttributeValue | undefined>();
  for (const name of attributes.names()) byName.set(name, attributes.get(name));
  const byField = Object.entries(Field).flatMap(([name, field]) =>
    attributes.rankOf(field) === -1
      ? []
      : [[name, { rank: attributes.rankOf(field), raw: attributes.raw(field), text: attributes.text(field) }]],
  );
  return {
    isBare: attributes.isBare,
    values: Object.fromEntries(byName),
    texts: Object.fromEntries([...byName.keys()].map((name) => [name, attributes.string(name)])),
    fields: Object.fromEntries(byField) as unknown,
    marks: PROFILES.profiles.filter((_, index) => attributes.hasMark(index)).map(({ name }) => name),
  };
}

/** Values by name of a dumped record's attributes. */
export function valuesOf(record: Record<string, unknown> | undefined): Record<string, unknown> {
  const attributes = record?.['attributes'] as { values: Record<string, unknown> } | undefined;
  return attributes?.values ?? {};
}
