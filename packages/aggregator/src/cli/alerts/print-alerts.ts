// Alert rules and what they found, for people.

import type { AlertDocument, AlertTestDocument, FiringDocument } from '../../serve/documents/alert-document.ts';
import { ExitCode } from '../command-error.ts';
import type { AlertsDocument, FiringAlertsDocument } from '../commands/alerts.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { printTable } from '../print-table.ts';
import { formatCount, formatRatio, formatSeconds, formatTime, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Cell, Column } from '../text/table.ts';

export function printAlerts(invocation: Invocation, { alerts }: AlertsDocument): void {
  if (alerts.length > 0) printTable(invocation, alerts, ALERT_COLUMNS);
  else invocation.print('There are no alert rules yet: `turnmeter alerts add --help` shows what they can be.');
}

export function printFiring(invocation: Invocation, { firing }: FiringAlertsDocument): void {
  if (firing.length > 0) printTable(invocation, firing, FIRING_COLUMNS);
  else invocation.print('Nothing fires.');
}

/** A receiver that did not take the message is a failure of the test. */
export function printTest(invocation: Invocation, result: AlertTestDocument, { json }: OutputOptions): void {
  const isTaken = result.outcome === 'delivered';
  if (!isTaken) invocation.exitCode = ExitCode.FAILED;
  if (json === true) {
    invocation.printJson(result);
    return;
  }
  const said = result.status === null ? (result.error ?? '') : `status ${result.status}`;
  const outcome = invocation.paint(isTaken ? 'good' : 'bad', result.outcome);
  invocation.print(`${outcome}: ${shown(said)}, after ${formatSeconds(result.took_ms / 1000)}`);
  if (result.answer !== '') invocation.print(`the receiver said: ${shown(result.answer, ANSWER_WIDTH_MAX)}`);
}

const ANSWER_WIDTH_MAX = 500;

const ALERT_COLUMNS: readonly Column<AlertDocument>[] = [
  { title: 'id', cell: ({ id }) => id },
  { title: 'name', isFlexible: true, cell: ({ name }) => shown(name) },
  { title: 'fires when', isFlexible: true, cell: conditionOf },
  { title: 'where', isFlexible: true, dispensable: 2, cell: ({ where }) => whereOf(where) },
  { title: 'for', dispensable: 3, cell: ({ for: duration }) => (duration === '0s' ? '' : duration) },
  { title: 'webhook', isFlexible: true, dispensable: 1, cell: ({ webhook }) => shown(webhook.url) },
  { title: 'state', cell: stateOf },
];

/** `workflow_cost_usd above $20 in 1h` */
function conditionOf({ what, comparison, threshold, unit, window }: AlertDocument): string {
  return `${what} ${comparison} ${amountOf(threshold, unit)}${window === null ? '' : ` in ${window}`}`;
}

function whereOf(where: AlertDocument['where']): string {
  return Object.entries(where)
    .flatMap(([name, value]) => (value === null ? [] : [`${name} ${shown(value)}`]))
    .join(', ');
}

function stateOf({ is_enabled, disabled_because }: AlertDocument): Cell {
  if (is_enabled) return { text: 'enabled', tone: 'good' };
  return { text: disabled_because === null ? 'disabled' : `disabled: ${shown(disabled_because)}`, tone: 'warning' };
}

const FIRING_COLUMNS: readonly Column<FiringDocument>[] = [
  { title: 'status', cell: ({ status }) => ({ text: status, tone: status === 'firing' ? 'bad' : 'warning' }) },
  { title: 'alert', isFlexible: true, cell: ({ name }) => shown(name) },
  { title: 'about', isFlexible: true, cell: ({ subject }) => `${subject.kind} ${shown(subject.name)}` },
  { title: 'value', align: 'right', cell: ({ value, unit }) => amountOf(value, unit) },
  {
    title: 'threshold',
    align: 'right',
    dispensable: 1,
    cell: ({ comparison, threshold, unit }) => `${comparison} ${amountOf(threshold, unit)}`,
  },
  { title: 'since (UTC)', dispensable: 2, cell: ({ since }) => formatTime(since) },
  { title: 'rule', dispensable: 3, cell: ({ alert_id }) => alert_id },
];

function amountOf(value: number, unit: string): string {
  switch (unit) {
    case 'USD':
      return formatUsd(value);
    case 'share':
      return formatRatio(value);
    case 'percent':
      return formatRatio(value / 100);
    case 'seconds':
      return formatSeconds(value);
    default:
      return `${formatCount(Number(value.toPrecision(6)))} ${unit}`;
  }
}
