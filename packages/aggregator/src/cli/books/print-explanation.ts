// Records of a trace as a tree: what each counts as, and why.

import stringWidth from 'string-width';
import type { ExplainedRecordDocument, ExplanationDocument } from '../../serve/documents/explain-document.ts';
import type { Invocation } from '../invocation.ts';
import { formatCount, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import { wrap } from '../text/wrap.ts';
import { printRecord } from './print-record.ts';

type Booking = ExplainedRecordDocument['bookings'][number];

export function printExplanation(
  invocation: Invocation,
  explanation: ExplanationDocument,
  { isOfOne }: { readonly isOfOne: boolean },
): void {
  const { records, trace_id, is_truncated } = explanation;
  const { paint, width = 120 } = invocation;
  const [only] = records;
  const title = trace_id === null ? 'record outside any trace' : `trace ${trace_id}`;
  invocation.print(paint('title', title), ...wrap(summaryOf(records), width), '');
  const said = new Map<string, number>();
  for (const record of records) printTree(invocation, record, { guide: '', branch: '', said });
  if (is_truncated) invocation.print(paint('warning', 'The trace has more records than are explained at once.'));
  if (isOfOne && only !== undefined) printRecord(invocation, only);
  else if ([...said.values()].some((times) => times > 1))
    invocation.print('', ...wrap(SAID_ONCE, width).map((line) => paint('faint', line)));
}

const SAID_ONCE =
  'What holds for several records is said at the first of them; `turnmeter explain <trace> <span>` says all of one.';

/** `8 records read by mastra: 4 in the figures, 4 not; 3,412 tokens, $0.0021` */
function summaryOf(records: readonly ExplainedRecordDocument[]): string {
  const all = withDescendants(records);
  const standing = all.flatMap((record) => standingOf(record) ?? []);
  const counted = standing.filter(({ kind }) => kind !== 'excluded');
  const sum = (of: (booking: Booking) => number): number => standing.reduce((total, booking) => total + of(booking), 0);
  const tokens = sum((booking) => (booking.tokens['input'] ?? 0) + (booking.tokens['output'] ?? 0));
  const profiles = [...new Set(all.map(({ seen }) => seen.profile))].filter((profile) => profile !== '');
  const by = profiles.length === 0 ? '' : ` read by ${shown(profiles.join(', '))}`;
  return (
    `${plural(all.length, 'record')}${by}: ${formatCount(counted.length)} in the figures, ${formatCount(all.length - counted.length)} not; ` +
    `${plural(tokens, 'token')}, ${formatUsd(sum(({ cost }) => cost.usd))}`
  );
}

function withDescendants(records: readonly ExplainedRecordDocument[]): readonly ExplainedRecordDocument[] {
  return records.flatMap((record) => [record, ...withDescendants(record.children)]);
}

function standingOf({ bookings }: ExplainedRecordDocument): Booking | undefined {
  return bookings.find(({ stands }) => stands);
}

interface Place {
  /** What stands before the first line of a record, and before all others. */
  readonly branch: string;
  readonly guide: string;
  /** Sentences that were printed, with how often they would have been. */
  readonly said: Map<string, number>;
}

function printTree(invocation: Invocation, record: ExplainedRecordDocument, { branch, guide, said }: Place): void {
  const { paint, width = 120 } = invocation;
  const standing = standingOf(record);
  const parts: readonly (readonly [Tone, string])[] = [
    [toneOf(record, standing), titleOf(record)],
    ['plain', outcomeOf(record, standing)],
    ['bad', record.seen.error_type === '' ? '' : `error ${shown(record.seen.error_type, 40)}`],
  ];
  const used = parts.filter(([, text]) => text !== '');
  const id = shown(record.record_id, 40);
  const isRoomForId = stringWidth([branch, ...used.map(([, text]) => `${text}  `), id].join('')) <= width;
  invocation.print(
    paint('faint', branch) +
      used.map(([tone, text]) => paint(tone, text)).join('  ') +
      (isRoomForId ? paint('faint', `  ${id}`) : ''),
  );
  const { children } = record;
  const inner = `${guide}${children.length > 0 ? '│' : ' '}   `;
  const sentences = sentencesOf(record, standing);
  const news = sentences.filter((sentence) => !said.has(sentence));
  for (const sentence of sentences) said.set(sentence, (said.get(sentence) ?? 0) + 1);
  const lines = news.length === 0 ? [] : wrap(news.join(' '), width - inner.length);
  invocation.print(...lines.map((line) => paint('faint', inner + line)));
  children.forEach((child, at) => {
    printTree(invocation, child, { ...placeBelow(guide, at === children.length - 1, width), said });
  });
}

/** A trace can be deeper than a terminal is wide: then the guides are left out, the deepest first. */
function placeBelow(guide: string, isLast: boolean, width: number): Omit<Place, 'said'> {
  if (guide.length > width / 2) return { branch: `${guide}↳ `, guide };
  return { branch: `${guide}${isLast ? '└─' : '├─'} `, guide: `${guide}${isLast ? ' ' : '│'}  ` };
}

/** `chat gpt-5-mini`, `invoke_agent Planner`, `execute_tool search` */
function titleOf({ seen, signal }: ExplainedRecordDocument): string {
  const what = seen.operation === '' ? seen.role : seen.operation;
  const whom =
    [seen.tool, seen.role === 'agent' || seen.role === 'turn' ? '' : seen.model, seen.agent].find(
      (name) => name !== '',
    ) ?? '';
  return [...(signal === 'span' ? [] : [signal]), shown(what, 40), shown(whom, 50)]
    .filter((part) => part !== '')
    .join(' ');
}

function toneOf({ seen }: ExplainedRecordDocument, standing: Booking | undefined): Tone {
  if (standing === undefined || standing.kind === 'excluded') return 'plain';
  return seen.usage_source === 'missing' ? 'warning' : 'good';
}

/** `812 in + 120 out, $0.00044`; what is not added is said so. */
function outcomeOf({ seen }: ExplainedRecordDocument, standing: Booking | undefined): string {
  if (standing === undefined) return seen.usage === null ? '' : 'not in the figures';
  const { kind, reason, tokens, excluded_tokens, cost } = standing;
  if (kind === 'excluded') {
    return `not added, ${shown(reason.replaceAll('_', ' '))}: ${tokensInWords(excluded_tokens.input, excluded_tokens.output)}`;
  }
  const { input = 0, output = 0 } = tokens;
  const amounts = [
    ...(input + output > 0 ? [tokensInWords(input, output)] : []),
    ...(cost.usd > 0 ? [formatUsd(cost.usd)] : cost.status === 'unpriced' ? ['unpriced'] : []),
  ];
  return [shown(kind.replaceAll('_', ' ')), amounts.join(', ')].filter((part) => part !== '').join(': ');
}

function tokensInWords(input: number, output: number): string {
  return `${formatCount(input)} in + ${formatCount(output)} out`;
}

/** Nothing is said about records that only link others: there are many of them. */
function sentencesOf(
  { bookings, seen, explanation }: ExplainedRecordDocument,
  standing: Booking | undefined,
): readonly string[] {
  if (standing !== undefined) return standing.sentences.map((sentence) => shown(sentence, 500));
  if (bookings.length === 0 && seen.usage === null && seen.notes.length === 0) return [];
  return [shown(explanation, 1000)];
}
