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
    ['workflow', workflowOf(seen)],
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

/** `order-support, version 7.1`; a version that inherits its workflow stands alone. */
function workflowOf({ workflow, workflow_version: version }: Seen | Booking): string {
  const parts = [shown(workflow, 40), version === '' ? '' : `version ${shown(version, 40)}`];
  return parts.filter((part) => part !== '').join(', ');
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
  const { sign, booked_at, kind, tokens, cost, stands, sentences } = booking;
  const { input = 0, output = 0 } = tokens;
  const sense = sign > 0 ? paint(stands ? 'good' : 'plain', '+') : paint('bad', '-');
  invocation.print(
    `${sense} ${formatTime(booked_at)}  ${shown(kind.replaceAll('_', ' '))}  ${formatCount(input)} in + ${formatCount(output)} out` +
      `  ${formatUsd(cost.usd)}  ${paint('faint', whoseOf(booking))}`,
    ...sentences
      .flatMap((sentence) => wrap(shown(sentence, 500), width - 2))
      .map((line) => `  ${paint('faint', line)}`),
  );
}

/** `sess-a / Planner`, and `order-support, version 7.1` behind it where there are versions. */
function whoseOf(booking: Booking): string {
  const { session_id, agent, workflow_version: version } = booking;
  const names = [
    shown(session_id ?? '(no session)', 40),
    shown(agent, 40),
    ...(version === '' ? [] : [workflowOf(booking)]),
  ];
  return names.filter((name) => name !== '').join(' / ');
}
