// All there is to say about one record: what it said itself, and how it was booked.

import type { ExplainedRecordDocument } from '../../serve/documents/explain-document.ts';
import type { Invocation } from '../invocation.ts';
import { printFacts } from '../print-facts.ts';
import { formatCount, formatSeconds, formatTime, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { wrap } from '../text/wrap.ts';

type Seen = ExplainedRecordDocument['seen'];
type Booking = ExplainedRecordDocument['bookings'][number];

export function printRecord(invocation: Invocation, record: ExplainedRecordDocument): void {
  const { seen, bookings } = record;
  invocation.print('', invocation.paint('title', 'what it said'));
  printFacts(invocation, [
    ['read by', `${shown(seen.profile === '' ? '(no profile)' : seen.profile)} as ${shown(seen.role)}`],
    ['scope', shown(seen.scope)],
    ['service', shown(seen.service)],
    ['time', timeOf(seen)],
    ['session', shown(seen.session)],
    ['workflow', shown(seen.workflow)],
    ['agent', shown(seen.agent)],
    ['tool', shown(seen.tool)],
    [
      'model',
      [seen.provider, seen.model]
        .filter((name) => name !== '')
        .map((name) => shown(name))
        .join(' / '),
    ],
    ['response', shown(seen.response_id)],
    ['usage', usageOf(seen)],
    ['error', shown(seen.error_type)],
  ]);
  invocation.print('', invocation.paint('title', bookings.length === 0 ? 'it was not booked' : 'how it was booked'));
  for (const booking of bookings) printBooking(invocation, booking);
}

function timeOf({ started_at, ended_at }: Seen): string {
  return `${formatTime(started_at)} UTC, ${formatSeconds((Date.parse(ended_at) - Date.parse(started_at)) / 1000)}`;
}

/** `input 812, output 120, cache read not reported (per call, from the provider)` */
function usageOf({ usage, usage_grain, usage_source }: Seen): string {
  if (usage === null) return 'none';
  const amounts = Object.entries(usage).map(
    ([bucket, tokens]) => `${bucket.replaceAll('_', ' ')} ${tokens === null ? 'not reported' : formatCount(tokens)}`,
  );
  return `${amounts.join(', ')} (per ${shown(usage_grain)}, ${shown(usage_source)})`;
}

/** `+ 2026-11-22 20:10:52  inference  812 in + 120 out  $0.00044` and why, below. */
function printBooking(invocation: Invocation, booking: Booking): void {
  const { paint, width = 120 } = invocation;
  const { sign, booked_at, kind, tokens, cost, session_id, agent, stands, sentences } = booking;
  const { input = 0, output = 0 } = tokens;
  const sense = sign > 0 ? paint(stands ? 'good' : 'plain', '+') : paint('bad', '-');
  const whose = [session_id ?? '(no session)', agent].filter((name) => name !== '').map((name) => shown(name, 40));
  invocation.print(
    `${sense} ${formatTime(booked_at)}  ${shown(kind.replaceAll('_', ' '))}  ${formatCount(input)} in + ${formatCount(output)} out` +
      `  ${formatUsd(cost.usd)}  ${paint('faint', whose.join(' / '))}`,
    ...sentences
      .flatMap((sentence) => wrap(shown(sentence, 500), width - 2))
      .map((line) => `  ${paint('faint', line)}`),
  );
}
