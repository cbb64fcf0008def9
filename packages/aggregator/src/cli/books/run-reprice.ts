import { createInterface } from 'node:readline/promises';
import type { RepriceDocument } from '../../serve/documents/reprice-document.ts';
import type { ApiClient } from '../client/api-client.ts';
import { withService } from '../client/with-service.ts';
import { nameCell } from '../figures/cells.ts';
import type { RepriceOptions } from '../commands/reprice.ts';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount, formatPercentChange, formatUsd, formatUsdChange, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import type { Column } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';

/** Runs `turnmeter reprice`. */
export async function runReprice(invocation: Invocation, options: RepriceOptions): Promise<void> {
  await withService(invocation, options, async ({ api }) => {
    if (options.json === true) {
      invocation.printJson(await reprice(invocation, api, options, options.dryRun === true));
      return;
    }
    const difference = await reprice(invocation, api, options, true);
    printDifference(invocation, difference);
    if (difference.changed === 0) return;
    if (options.dryRun === true) {
      invocation.print('', invocation.paint('faint', 'Nothing was booked: without --dry-run it is.'));
      return;
    }
    if (!(await mayBook(invocation, options))) {
      invocation.print('Nothing was booked.');
      return;
    }
    const booked = await reprice(invocation, api, options, false);
    invocation.print('', `${plural(booked.changed, 'call')} booked again: ${sumOf(booked)}`);
  });
}

/** History can be long, and it is priced call by call. */
const REPRICE_TIMEOUT_MS = 3_600_000;

async function reprice(
  invocation: Invocation,
  api: ApiClient,
  { from, to }: RepriceOptions,
  isDryRun: boolean,
): Promise<RepriceDocument> {
  const working = new Spinner(invocation, isDryRun ? 'pricing again' : 'booking');
  try {
    return await api.post<RepriceDocument>(
      'api/v1/reprice',
      { from, to, dry_run: isDryRun },
      { timeoutMs: REPRICE_TIMEOUT_MS },
    );
  } finally {
    working.stop();
  }
}

/** Where nobody can be asked, the command line itself is the answer. */
async function mayBook({ terminal, signal }: Invocation, { yes }: RepriceOptions): Promise<boolean> {
  const { stdin, stdout } = terminal;
  if (yes === true || !stdin.isTTY || !stdout.isTTY) return true;
  const dialog = createInterface({ input: stdin, output: stdout });
  // On a terminal in raw mode Ctrl-C is a character, and no signal.
  dialog.once('SIGINT', () => terminal.kill(terminal.pid, 'SIGINT'));
  try {
    return /^y(?:es)?$/i.test((await dialog.question('\nBook this? [y/N] ', { signal })).trim());
  } finally {
    dialog.close();
  }
}

function printDifference(invocation: Invocation, document: RepriceDocument): void {
  const { models, entries, changed, book_version } = document;
  if (changed === 0) {
    invocation.print(`${plural(entries, 'call')} looked at: all have the prices of now (${shown(book_version)}).`);
    return;
  }
  printTable(invocation, models, COLUMNS);
  const sum = `${formatCount(changed)} of ${plural(entries, 'call')} would be booked again at the prices of ${shown(book_version)}:`;
  invocation.print('', ...wrap(`${sum} ${sumOf(document)}`, invocation.width ?? Infinity));
}

/** `$1.20 → $1.32 (+$0.12, +10 %)` */
function sumOf({ before, after, difference }: RepriceDocument): string {
  return `${formatUsd(before.usd)} → ${formatUsd(after.usd)} (${changeOf(before.usd, difference.usd)})`;
}

function changeOf(before: number, difference: number): string {
  const percent = before === 0 ? '' : `, ${formatPercentChange((difference / before) * 100)}`;
  return `${formatUsdChange(difference)}${percent}`;
}

const COLUMNS: readonly Column<RepriceDocument['models'][number]>[] = [
  { title: 'model', isFlexible: true, cell: ({ model }) => nameCell(model) },
  { title: 'provider', isFlexible: true, dispensable: 1, cell: ({ provider }) => shown(provider) },
  { title: 'calls', align: 'right', cell: ({ entries }) => formatCount(entries) },
  { title: 'before', align: 'decimal', cell: ({ before }) => formatUsd(before.usd) },
  { title: 'after', align: 'decimal', cell: ({ after }) => formatUsd(after.usd) },
  { title: 'difference', align: 'decimal', cell: ({ before, after }) => formatUsdChange(after.usd - before.usd) },
];
