// What records would count as, for people and for programs.

import type { Totals } from '@turnmeter/accounting';
import type { OutputOptions } from '../options.ts';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import type { Column } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';
import type { RecordGroup } from './group-records.ts';

export interface TestReport {
  readonly files: number;
  readonly records: number;
  readonly repeated: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly totals: Totals;
  /** '' is what names no session. */
  readonly sessions: readonly (readonly [session: string, totals: Totals])[];
  readonly groups: readonly RecordGroup[];
  readonly titles: Readonly<Record<string, string>>;
}

export function printReport(invocation: Invocation, report: TestReport, { json }: OutputOptions): void {
  if (json === true) {
    invocation.printJson(forPrograms(report));
    return;
  }
  const { groups, unreadable, sessions, totals } = report;
  for (const [profile, ofProfile] of Map.groupBy(groups, (group) => group.profile)) {
    printProfile(invocation, report.titles[profile] ?? profile, ofProfile);
  }
  if (sessions.length > 0) {
    printTable(invocation, sessions, SESSION_COLUMNS);
    invocation.print('');
  }
  invocation.print(summaryOf(report), ...warningsOf(report).map((line) => invocation.paint('warning', line)));
  if (totals.inferences === 0 && unreadable.length === 0) invocation.print(...NOTHING_FOUND);
  invocation.note(
    ...unreadable.map(({ file, reason }) => `${invocation.errorPaint('bad', 'unreadable')}: ${shown(file)}: ${reason}`),
  );
}

const NOTHING_FOUND: readonly string[] = [
  'No model call was recognized. If there should be some, --all shows what the records were taken for, and a profile of your own',
  '("profiles" in the configuration) can say what they are.',
];

/** A profile's records: what, how many, as what; the reason below, once. */
function printProfile(invocation: Invocation, title: string, groups: readonly RecordGroup[]): void {
  const { paint, width } = invocation;
  invocation.print(paint('title', shown(title)));
  for (const group of groups) {
    const { records, signal, name, counts_as, role, input_tokens, output_tokens } = group;
    const what = `${formatCount(records).padStart(6)} × ${signal} ${paint('name', shown(name === '' ? '(no name)' : name, 60))}`;
    const as = counts_as === 'excluded' ? `not counted, ${inWords(role)}` : inWords(counts_as);
    const tokens = input_tokens + output_tokens === 0 ? '' : `  ${tokensOf(input_tokens, output_tokens)}`;
    invocation.print(`${what} → ${paint(toneOf(group), as)}${tokens}`);
    for (const sentence of group.explanation) {
      const lines = wrap(sentence, (width ?? 120) - INDENT.length);
      invocation.print(...lines.map((line) => INDENT + paint('faint', line)));
    }
  }
  invocation.print('');
}

const INDENT = ' '.repeat(9);

function toneOf({ counts_as, usage_source }: RecordGroup): Tone {
  if (usage_source === 'missing' || usage_source === 'estimated') return 'warning';
  return counts_as === 'excluded' || counts_as === 'nothing' ? 'faint' : 'good';
}

function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}

function tokensOf(input: number, output: number): string {
  return `${formatCount(input)} input + ${formatCount(output)} output tokens`;
}

type SessionRow = readonly [session: string, totals: Totals];

const SESSION_COLUMNS: readonly Column<SessionRow>[] = [
  { title: 'session', isFlexible: true, cell: ([session]) => (session === '' ? '(none named)' : shown(session)) },
  { title: 'calls', align: 'right', cell: ([, { inferences }]) => formatCount(inferences) },
  { title: 'turns', align: 'right', cell: ([, { turns }]) => formatCount(turns) },
  { title: 'input', align: 'right', cell: ([, { input }]) => formatCount(input) },
  { title: 'cached', align: 'right', cell: ([, { cacheRead }]) => formatCount(cacheRead) },
  { title: 'output', align: 'right', cell: ([, { output }]) => formatCount(output) },
  { title: 'reasoning', align: 'right', cell: ([, { reasoning }]) => formatCount(reasoning) },
  { title: 'errors', align: 'right', cell: ([, { errors }]) => formatCount(errors) },
];

function summaryOf({ files, records, totals, sessions }: TestReport): string {
  const named = sessions.filter(([session]) => session !== '').length;
  return (
    `${plural(files, 'file')}, ${plural(records, 'record')}: ${plural(totals.inferences, 'model call')}, ` +
    `${plural(totals.turns, 'turn')}, ${plural(totals.toolCalls, 'tool call')} in ${plural(named, 'session')}; ${tokensOf(totals.input, totals.output)}`
  );
}

function warningsOf({ repeated, refused, groups }: TestReport): readonly string[] {
  const missing = groups
    .filter(({ usage_source, counts_as }) => usage_source === 'missing' && counts_as !== 'excluded')
    .reduce((sum, { records }) => sum + records, 0);
  return [
    ...(missing === 0
      ? []
      : [`${plural(missing, 'model call')} without readable usage: there is more than these figures show`]),
    ...(repeated === 0
      ? []
      : [`${plural(repeated, 'record')} came more than once and ${repeated === 1 ? 'counts' : 'count'} once`]),
    ...Object.entries(refused).map(([reason, count]) => `${plural(count, 'record')} refused: ${inWords(reason)}`),
  ];
}

function forPrograms({ files, records, repeated, refused, unreadable, totals, sessions, groups }: TestReport): object {
  return {
    files,
    records,
    repeated,
    refused,
    unreadable,
    totals: amountsOf(totals),
    sessions: sessions.map(([session, amounts]) => ({
      session_id: session === '' ? null : session,
      ...amountsOf(amounts),
    })),
    groups,
  };
}

function amountsOf(totals: Totals): object {
  return {
    inferences: totals.inferences,
    turns: totals.turns,
    tool_calls: totals.toolCalls,
    errors: totals.errors,
    input_tokens: totals.input,
    output_tokens: totals.output,
    cache_read_tokens: totals.cacheRead,
    cache_write_tokens: totals.cacheWrite,
    reasoning_tokens: totals.reasoning,
  };
}
