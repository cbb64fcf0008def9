// What was noticed while records were read.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { isRow, numberOf, textOf, textsOf } from '../service/document.ts';
import { type Service, serviceNameOf } from '../service/service.ts';

export const reading: Check<Service> = {
  name: 'reading',
  run: ({ producers }) => [...dropped(producers), ...undecided(producers)],
};

function dropped(producers: Service['producers']): readonly Diagnosis[] {
  const rows = producers.filter(
    (row) => isRow(row['notes']) && numberOf(row['notes'], 'attributes_dropped_by_producer') > 0,
  );
  if (rows.length === 0) return [];
  const count = rows.reduce(
    (sum, { notes }) => sum + (isRow(notes) ? numberOf(notes, 'attributes_dropped_by_producer') : 0),
    0,
  );
  return [
    {
      severity: Severity.LOSES_DATA,
      found: `${count} records lost attributes before they were sent`,
      where: [...new Set(rows.map((row) => `service ${serviceNameOf(row)}`))],
      why: 'Their SDK has a limit on attributes, and tokens or session ids may have been over it.',
      fix: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=1024'],
    },
  ];
}

function undecided(producers: Service['producers']): readonly Diagnosis[] {
  return producers
    .filter((row) => textOf(row, 'role') === 'undecided')
    .map((row) => ({
      severity: Severity.WRONG_FIGURES,
      found: `nobody could tell what ${numberOf(row, 'records')} records are: ${[...textsOf(row, 'operations'), ...textsOf(row, 'scopes')].slice(0, 5).join(', ')}`,
      where: [`service ${serviceNameOf(row)}`],
      why: 'They look as if they were about model calls, and count for nothing.',
      fix: ['describe the producer in the configuration, and try it on a file: turnmeter profile test <files…>'],
    }));
}
