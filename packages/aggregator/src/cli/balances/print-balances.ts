// Prepaid balances, for people.

import { BalanceUnit } from '@turnmeter/control-store';
import type {
  BalanceAnswerDocument,
  BalanceDocument,
  BalanceEntryDocument,
  BalanceWithEntriesDocument,
} from '../../serve/documents/balance-document.ts';
import type { BalancesDocument } from '../commands/balance.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printFacts } from '../print-facts.ts';
import { printSection, printTable } from '../print-table.ts';
import { formatCount, formatTime, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { runOutText } from './run-out-text.ts';

export function printBalances(invocation: Invocation, document: BalancesDocument, { json }: OutputOptions): void {
  if (json === true) invocation.printJson(document);
  else if (document.balances.length === 0)
    invocation.print('There are no balances yet: `turnmeter balance grant --help`.');
  else printTable(invocation, document.balances, BALANCE_COLUMNS);
}

export function printBalance(
  invocation: Invocation,
  document: BalanceWithEntriesDocument,
  { json }: OutputOptions,
): void {
  if (json === true) {
    invocation.printJson(document);
    return;
  }
  const { balance, run_out, ledger } = document;
  const { unit } = balance;
  const amount = (digits: string): string => amountText(digits, unit);
  const none = (digits: string): string => (digits === '0' ? '' : amount(digits));
  printFacts(invocation, [
    ['account', `${shown(balance.account)} (${unit === BalanceUnit.TOKENS ? 'tokens' : 'US dollars'})`],
    ['free', { text: amount(balance.free), tone: balance.free === '0' ? 'bad' : 'good' }],
    ['runs out', runOutText(run_out)],
    ['reserved', none(balance.reserved)],
    ['spent', amount(balance.spent)],
    ['expired', none(balance.expired)],
    ['granted', amount(balance.granted)],
    ['refunded', none(balance.refunded)],
    ['not covered', balance.uncovered === '0' ? '' : { text: amount(balance.uncovered), tone: 'warning' }],
  ]);
  printSection(invocation, balance.expiring, [
    { title: 'expires (UTC)', cell: ({ expires_at }) => formatTime(expires_at) },
    { title: 'amount', align: 'right', cell: (part) => amount(part.amount) },
  ]);
  printSection(invocation, ledger, entryColumns(unit), ledger.length);
}

/** The number of the entry is what later commands name. */
export function printAnswer(invocation: Invocation, answer: BalanceAnswerDocument, { json }: OutputOptions): void {
  if (json === true) {
    invocation.printJson(answer);
    return;
  }
  const { entry, kind, unit, amount, uncovered, free_after, reserved_after } = answer;
  const reserved = reserved_after === '0' ? '' : `, ${amountText(reserved_after, unit)} reserved`;
  invocation.print(
    `entry ${entry}: ${kind} ${amountText(amount, unit)}; ${amountText(free_after, unit)} free${reserved}`,
  );
  if (uncovered !== '0') invocation.note(`${amountText(uncovered, unit)} of it were not covered: nothing was left.`);
}

/** `1,250,000`, `$12.50`. */
function amountText(digits: string, unit: BalanceUnit): string {
  if (unit === BalanceUnit.NANO_USD) return formatUsd(Number(digits) / 1e9);
  const value = Number(digits);
  return Number.isSafeInteger(value) ? formatCount(value) : digits;
}

const BALANCE_COLUMNS: readonly Column<BalanceDocument>[] = [
  { title: 'account', isFlexible: true, cell: ({ account }) => shown(account) },
  { title: 'free', align: 'right', cell: ({ free, unit }) => amountText(free, unit) },
  { title: 'reserved', align: 'right', dispensable: 2, cell: ({ reserved, unit }) => amountText(reserved, unit) },
  { title: 'spent', align: 'right', cell: ({ spent, unit }) => amountText(spent, unit) },
  { title: 'unit', cell: ({ unit }) => (unit === BalanceUnit.TOKENS ? 'tokens' : 'usd') },
  {
    title: 'expires next (UTC)',
    dispensable: 1,
    cell: ({ expiring }) => (expiring[0] === undefined ? '' : formatTime(expiring[0].expires_at)),
  },
];

function entryColumns(unit: BalanceUnit): readonly Column<BalanceEntryDocument>[] {
  return [
    { title: 'entry', align: 'right', cell: ({ entry }) => `${entry}` },
    { title: 'at (UTC)', cell: ({ at }) => formatTime(at) },
    { title: 'kind', cell: ({ kind }) => kind },
    { title: 'amount', align: 'right', cell: ({ amount }) => amountText(amount, unit) },
    {
      title: 'of',
      align: 'right',
      dispensable: 2,
      cell: ({ refers_to }) => (refers_to === null ? '' : `${refers_to}`),
    },
    { title: 'free', align: 'right', cell: ({ free_after }) => amountText(free_after, unit) },
    {
      title: 'reserved',
      align: 'right',
      dispensable: 3,
      cell: ({ reserved_after }) => amountText(reserved_after, unit),
    },
    { title: 'by', dispensable: 4, cell: ({ by }) => shown(by ?? '') },
    { title: 'note', isFlexible: true, dispensable: 1, cell: ({ note }) => shown(note ?? '') },
  ];
}
