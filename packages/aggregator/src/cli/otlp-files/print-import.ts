// What became of imported files.

import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printTable } from '../print-table.ts';
import { formatCount, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

export interface FileReport {
  readonly file: string;
  readonly signals: readonly string[];
  /** Records that were taken over, and that were not. */
  readonly accepted: number;
  readonly refused: number;
  /** Why; also for a file that could not be read at all. */
  readonly faults: readonly string[];
  /** Found in a folder and something else than telemetry. */
  readonly isSkipped: boolean;
}

/** More files are told by their sum; those with faults always one by one. */
const FILES_SHOWN_MAX = 40;

export function printImport(invocation: Invocation, reports: readonly FileReport[], { json }: OutputOptions): void {
  const sum = (amount: 'accepted' | 'refused'): number => reports.reduce((total, report) => total + report[amount], 0);
  const totals = { files: reports.length, accepted: sum('accepted'), refused: sum('refused') };
  if (json === true) {
    const files = reports.map(({ isSkipped, ...report }) => ({ ...report, skipped: isSkipped }));
    invocation.printJson({ ...totals, details: files });
    return;
  }
  const faulty = reports.filter(({ faults }) => faults.length > 0);
  const listed = reports.length > FILES_SHOWN_MAX ? faulty : reports.filter(({ isSkipped }) => !isSkipped);
  if (listed.length > 0) {
    printTable(invocation, listed, COLUMNS);
    invocation.print('');
  }
  const skipped = reports.filter(({ isSkipped }) => isSkipped).length;
  invocation.print(
    `${plural(totals.files - skipped, 'file')}: ${plural(totals.accepted, 'record')} accepted, ${formatCount(totals.refused)} refused` +
      (skipped === 0 ? '' : `; skipped ${plural(skipped, 'JSON file')} of something else`),
  );
  if (totals.accepted > 0)
    invocation.print(invocation.paint('faint', 'See them with `turnmeter sessions` and `turnmeter producers`.'));
  invocation.note(
    ...faulty.flatMap(({ file, faults }) =>
      faults.map((fault) => `${invocation.errorPaint('bad', 'refused')}: ${shown(file)}: ${shown(fault, 300)}`),
    ),
  );
}

const COLUMNS: readonly Column<FileReport>[] = [
  { title: 'file', isFlexible: true, cell: ({ file }) => shown(file) },
  { title: 'signal', cell: ({ signals }) => signals.join(', ') },
  { title: 'accepted', align: 'right', cell: ({ accepted }) => formatCount(accepted) },
  {
    title: 'refused',
    align: 'right',
    cell: ({ refused, faults }) =>
      refused === 0 && faults.length === 0 ? '0' : { text: refused === 0 ? 'all' : formatCount(refused), tone: 'bad' },
  },
];
