import type { StopDocument } from '../../serve/documents/stop-document.ts';
import type { StopsDocument } from '../commands/stop.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printTable } from '../print-table.ts';
import { formatTime } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';

export function printStop(invocation: Invocation, stop: StopDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(stop);
  else invocation.print(`${targetOf(stop)} is to stop: ${shown(stop.reason)} (${shown(stop.by)})`);
}

export function printReleased(invocation: Invocation, released: object, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(released);
  else invocation.print('It may go on.');
}

export function printStops(invocation: Invocation, document: StopsDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(document);
  else if (document.stops.length === 0) invocation.print('Nothing is stopped.');
  else printTable(invocation, document.stops, STOP_COLUMNS);
}

const STOP_COLUMNS: readonly Column<StopDocument>[] = [
  { title: 'stopped', isFlexible: true, cell: targetOf },
  { title: 'reason', isFlexible: true, cell: ({ reason }) => shown(reason) },
  { title: 'by', dispensable: 1, cell: ({ by }) => shown(by) },
  { title: 'since (UTC)', dispensable: 2, cell: ({ at }) => formatTime(at) },
];

function targetOf({ session_id, workflow }: StopDocument): string {
  return session_id === null ? `all of ${shown(workflow ?? '')}` : shown(session_id);
}
