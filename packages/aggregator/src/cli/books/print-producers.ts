// Who sent records, and what became of them.

import { explainCode } from '@turnmeter/accounting';
import type { ProducersDocument } from '../../serve/documents/producers-document.ts';
import { nameCell } from '../figures/cells.ts';
import type { Invocation } from '../invocation.ts';
import { printSection, printTable } from '../print-table.ts';
import { formatCount, formatTime, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Cell, Column } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';

type Producer = ProducersDocument['producers'][number];

export function printProducers(invocation: Invocation, { producers, from }: ProducersDocument): void {
  if (producers.length === 0) {
    invocation.print(
      `No record arrived since ${shown(from)}.`,
      'Point OTEL_EXPORTER_OTLP_ENDPOINT of an app at the service, or try `turnmeter demo`.',
    );
    return;
  }
  const byService = producers.toSorted(
    (a, b) => compare(a.service, b.service) || compare(a.profile, b.profile) || b.records - a.records,
  );
  const recognized = byService.filter(({ recognized: isRecognized }) => isRecognized);
  const others = byService.filter(({ recognized: isRecognized }) => !isRecognized);
  if (recognized.length === 0)
    invocation.print('Nothing that arrived was recognized as a model call, an agent or a tool.');
  else printTable(invocation, recognized, RECOGNIZED_COLUMNS);
  printSection(invocation, others, OTHER_COLUMNS);
  printNotes(invocation, producers);
  const records = producers.reduce((sum, producer) => sum + producer.records, 0);
  invocation.print('', `${plural(records, 'record')} since ${shown(from)}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RECOGNIZED_COLUMNS: readonly Column<Producer>[] = [
  { title: 'service', isFlexible: true, cell: ({ service }) => nameCell(service) },
  { title: 'profile', isFlexible: true, cell: ({ profile }) => nameCell(profile, '(none)') },
  { title: 'read as', cell: ({ role }) => shown(role.replaceAll('_', ' ')) },
  { title: 'signal', dispensable: 2, cell: ({ signal }) => shown(signal) },
  { title: 'records', align: 'right', cell: ({ records }) => formatCount(records) },
  { title: 'with usage', align: 'right', cell: ({ with_usage }) => formatCount(with_usage) },
  { title: 'usage missing', align: 'right', cell: ({ missing_usage }) => warningCell(missing_usage) },
  { title: 'estimated', align: 'right', dispensable: 1, cell: ({ estimated_usage }) => warningCell(estimated_usage) },
  { title: 'last (UTC)', dispensable: 3, cell: ({ last_seen_at }) => formatTime(last_seen_at) },
];

function warningCell(count: number): Cell {
  return count === 0 ? { text: '0', tone: 'faint' } : { text: formatCount(count), tone: 'warning' };
}

const OTHER_COLUMNS: readonly Column<Producer>[] = [
  { title: 'counts for nothing', isFlexible: true, cell: ({ service }) => nameCell(service) },
  { title: 'as', cell: ({ role }) => (role === 'undecided' ? { text: role, tone: 'warning' } : shown(role)) },
  { title: 'signal', dispensable: 1, cell: ({ signal }) => shown(signal) },
  { title: 'records', align: 'right', cell: ({ records }) => formatCount(records) },
  { title: 'operations', isFlexible: true, dispensable: 2, cell: ({ operations }) => shown(operations.join(', '), 50) },
  { title: 'scopes', isFlexible: true, cell: ({ scopes }) => shown(scopes.join(', '), 60) },
];

/** What was noticed while reading, over all producers. */
function printNotes(invocation: Invocation, producers: readonly Producer[]): void {
  const { paint, width = 120 } = invocation;
  const counts = new Map<string, number>();
  for (const [code, records] of producers.flatMap(({ notes }) => Object.entries(notes))) {
    counts.set(code, (counts.get(code) ?? 0) + records);
  }
  if (counts.size > 0) invocation.print('', paint('title', 'noticed'));
  for (const [code, records] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    const [first = '', ...others] = wrap(shown(explainCode(code), 500), width - INDENT.length);
    const count = formatCount(records).padStart(INDENT.length - 2);
    invocation.print(`${count}  ${first}`, ...others.map((line) => INDENT + line));
  }
}

const INDENT = ' '.repeat(9);
