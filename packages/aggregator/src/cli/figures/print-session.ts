// One session: what it took and cost, then who and what in it.

import type { SessionDetailDocument } from '../../serve/documents/session-schema.ts';
import type { SessionView } from '../commands/session.ts';
import type { Invocation } from '../invocation.ts';
import { type Fact, printFacts } from '../print-facts.ts';
import { printSection } from '../print-table.ts';
import { formatCount, formatSeconds, formatTime, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { wrap } from '../text/wrap.ts';
import { costText, nameCell } from './cells.ts';
import { projectionFacts } from './print-projection.ts';
import {
  agentColumns,
  HANDOFF_COLUMNS,
  MODEL_COLUMNS,
  TOOL_COLUMNS,
  turnColumns,
  WITNESS_COLUMNS,
} from './session-columns.ts';

export function printSession(invocation: Invocation, session: SessionDetailDocument, view: SessionView): void {
  const outlook = view.projection === undefined ? [] : projectionFacts(view.projection);
  printFacts(invocation, [...factsOf(session), ...outlook]);
  printSection(invocation, Object.entries(session.agent_performance), agentColumns(session.cost.usd));
  printSection(invocation, Object.entries(session.models), MODEL_COLUMNS);
  printSection(invocation, Object.entries(session.tools), TOOL_COLUMNS);
  const turns = session.turns.map((turn, at) => ({ ...turn, number: at + 1 }));
  printSection(invocation, turns, turnColumns(session.started_at), view.turns === true ? Infinity : undefined);
  printSection(invocation, session.handoffs, HANDOFF_COLUMNS);
  printSection(invocation, session.witnesses, WITNESS_COLUMNS);
  printNotes(invocation, session);
}

function factsOf(session: SessionDetailDocument): readonly Fact[] {
  const { user, tenant, inferences, tool_calls, turn_count, errors, usage_note } = session;
  return [
    ['session', { text: shown(session.session_id ?? '(no session)'), tone: 'title' }],
    ['workflow', workflowOf(session)],
    ['tenant', tenant === 'default' ? '' : shown(tenant)],
    ['user', user === null ? '' : shown(user)],
    ['state', stateOf(session)],
    ['time', timeOf(session)],
    ['tokens', tokensOf(session)],
    [
      'calls',
      [
        plural(inferences, 'model call'),
        plural(tool_calls, 'tool call'),
        plural(turn_count, 'turn'),
        plural(errors, 'error'),
      ].join(', '),
    ],
    ['cost', costOf(session)],
    ['note', usage_note === null ? '' : { text: shown(usage_note), tone: 'warning' }],
  ];
}

function workflowOf({ workflow, workflow_version }: SessionDetailDocument): Fact[1] {
  return workflow_version === null ? nameCell(workflow) : `${shown(workflow)}, version ${shown(workflow_version)}`;
}

function stateOf({ state, finalized_at, amendments }: SessionDetailDocument): string {
  if (state !== 'finalized' || finalized_at === null) return state ?? '';
  const amended = amendments === 0 ? '' : `, changed ${plural(amendments, 'time')} by records that came later`;
  return `finalized ${formatTime(finalized_at)} UTC${amended}`;
}

/** `9.1 s from 2026-11-22 20:10:52 UTC; something ran for 8.8 s; 3 m 20 s of waiting for people` */
function timeOf({ started_at, session_summary, active_seconds, human_wait_seconds }: SessionDetailDocument): string {
  const { session_duration_seconds } = session_summary;
  return [
    `${formatSeconds(session_duration_seconds)} from ${formatTime(started_at)} UTC`,
    ...(session_duration_seconds - active_seconds > session_duration_seconds / 100
      ? [`something ran for ${formatSeconds(active_seconds)} of it`]
      : []),
    ...(human_wait_seconds > 0 ? [`people were waited for ${formatSeconds(human_wait_seconds)}`] : []),
  ].join('; ');
}

/** `6,715 in (1,024 from cache) + 1,096 out (512 reasoning) = 7,811` */
function tokensOf({ tokens, session_summary }: SessionDetailDocument): string {
  const { input, output, cache_read, cache_write, reasoning } = tokens;
  const cache = [
    ...(cache_read > 0 ? [`${formatCount(cache_read)} from cache`] : []),
    ...(cache_write > 0 ? [`${formatCount(cache_write)} written to cache`] : []),
  ].join(', ');
  return (
    `${formatCount(input)} in${cache === '' ? '' : ` (${cache})`} + ` +
    `${formatCount(output)} out${reasoning > 0 ? ` (${formatCount(reasoning)} reasoning)` : ''} = ${formatCount(session_summary.total_tokens)}`
  );
}

function costOf({ cost }: SessionDetailDocument): string {
  const claims = Object.entries(cost.claimed_by).filter(([, { usd }]) => usd !== 0);
  return [
    `${costText(cost)} ${cost.status === 'unpriced' ? '' : cost.status}`.trimEnd(),
    ...(cost.unpriced_tokens > 0 ? [`${plural(cost.unpriced_tokens, 'token')} without a price`] : []),
    ...(cost.other_usd === 0 ? [] : [`${formatUsd(cost.other_usd)} of it for other than tokens`]),
    ...claims.map(([who, { usd }]) => `${shown(who.replaceAll('_', ' '))} says ${formatUsd(usd)}`),
  ].join('; ');
}

/** What was noticed, once each. */
function printNotes(invocation: Invocation, { notes, is_truncated }: SessionDetailDocument): void {
  const { paint, width = Infinity } = invocation;
  if (notes.length > 0) invocation.print('');
  for (const { records, explanation } of notes) {
    const [first = '', ...others] = wrap(shown(explanation, 500), width - NOTE_INDENT.length);
    invocation.print(
      `${paint('warning', formatCount(records).padStart(NOTE_INDENT.length - 2))} × ${paint('faint', first)}`.replace(
        ' × ',
        '× ',
      ),
      ...others.map((line) => NOTE_INDENT + paint('faint', line)),
    );
  }
  if (is_truncated) {
    invocation.print('', paint('warning', 'Very many records: the sums are complete, single turns are not shown.'));
  }
}

const NOTE_INDENT = ' '.repeat(6);
