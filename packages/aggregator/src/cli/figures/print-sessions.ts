// Sessions as a table, with what they come to.

import type { SessionDocument } from '../../serve/documents/session-schema.ts';
import type { SessionsDocument, SessionsOptions } from '../commands/sessions.ts';
import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatCount, formatSeconds, formatTime, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Column } from '../text/table.ts';
import { costCell, costMarks, faultCell, nameCell, stateCell } from './cells.ts';

export function printSessions(
  invocation: Invocation,
  { sessions, next_cursor }: SessionsDocument,
  options: SessionsOptions,
): void {
  const { paint } = invocation;
  if (sessions.length === 0) {
    invocation.print(...(isNarrowed(options) ? NONE_FITS : nothingYet(options)));
    return;
  }
  printTable(invocation, sessions, columnsOf(sessions));
  invocation.print('', summaryOf(sessions));
  const marks = costMarks(sessions.map(({ cost }) => cost));
  const notes = sessions.filter(({ usage_note }) => usage_note !== null).length;
  invocation.print(
    ...(marks.length === 0 ? [] : [paint('faint', marks.join('; '))]),
    ...(notes === 0
      ? []
      : [
          paint(
            'warning',
            `${plural(notes, 'session')} with calls whose tokens are estimated or missing: see usage_note`,
          ),
        ]),
    ...(next_cursor === null ? [] : [paint('faint', moreThere(next_cursor, options))]),
  );
}

const NONE_FITS = ['No session fits. Without options `turnmeter sessions` lists the latest.'];

function nothingYet({ tenant = 'default' }: SessionsOptions): readonly string[] {
  return [
    `Nothing has been counted for the tenant ${shown(tenant)} yet.`,
    'Point OTEL_EXPORTER_OTLP_ENDPOINT of an app at the service, send files with `turnmeter import`, or try `turnmeter demo`.',
  ];
}

/** Options that leave sessions out. */
const NARROWING = [
  'workflow', 'workflowVersion', 'state', 'from', 'to', 'user', 'agent', 'model', 'minCost', 'prefix', 'cursor',
] as const; // prettier-ignore

function isNarrowed(options: SessionsOptions): boolean {
  return NARROWING.some((name) => options[name] !== undefined);
}

/** One answer has a thousand at most; behind that lists go on by cursor. */
const LIMIT_MAX = 1000;

function moreThere(cursor: string, { limit }: SessionsOptions): string {
  return limit < LIMIT_MAX
    ? `There are more: --limit ${Math.min(LIMIT_MAX, limit * 5)}`
    : `There are more: --cursor ${cursor}`;
}

/** Versions are a column where somebody names them. */
function columnsOf(sessions: readonly SessionDocument[]): readonly Column<SessionDocument>[] {
  const isVersioned = sessions.some(({ workflow_version }) => workflow_version !== null);
  return SESSION_COLUMNS.filter((column) => isVersioned || column !== VERSION_COLUMN);
}

const VERSION_COLUMN: Column<SessionDocument> = {
  title: 'version',
  isFlexible: true,
  dispensable: 6,
  cell: ({ workflow_version }) => nameCell(workflow_version),
};

const SESSION_COLUMNS: readonly Column<SessionDocument>[] = [
  { title: 'session', isFlexible: true, cell: ({ session_id }) => nameCell(session_id, '(no session)') },
  { title: 'workflow', isFlexible: true, cell: ({ workflow }) => nameCell(workflow) },
  VERSION_COLUMN,
  { title: 'state', dispensable: 2, cell: ({ state }) => stateCell(state) },
  { title: 'began (UTC)', dispensable: 4, cell: ({ started_at }) => formatTime(started_at) },
  {
    title: 'duration',
    align: 'right',
    cell: ({ session_summary }) => formatSeconds(session_summary.session_duration_seconds),
  },
  {
    title: 'agents',
    align: 'right',
    dispensable: 5,
    cell: ({ session_summary }) => formatCount(session_summary.agents_used.length),
  },
  { title: 'turns', align: 'right', dispensable: 3, cell: ({ turn_count }) => formatCount(turn_count) },
  { title: 'calls', align: 'right', dispensable: 3, cell: ({ inferences }) => formatCount(inferences) },
  { title: 'errors', align: 'right', dispensable: 1, cell: ({ errors }) => faultCell(errors) },
  { title: 'tokens', align: 'right', cell: ({ session_summary }) => formatCount(session_summary.total_tokens) },
  { title: 'cost', align: 'decimal', cell: ({ cost }) => costCell(cost) },
];

/** `25 sessions, 3 of them running: 178,432 tokens, $0.41` */
function summaryOf(sessions: readonly SessionDocument[]): string {
  const named = sessions.filter(({ session_id }) => session_id !== null);
  const running = named.filter(({ state }) => state === 'running').length;
  const tokens = sessions.reduce((sum, { session_summary }) => sum + session_summary.total_tokens, 0);
  const usd = sessions.reduce((sum, { cost }) => sum + cost.usd, 0);
  const isLower = sessions.some(({ cost }) => cost.status === 'partial' || cost.status === 'unpriced');
  return (
    `${plural(named.length, 'session')}${running === 0 ? '' : `, ${formatCount(running)} of them running`}: ` +
    `${plural(tokens, 'token')}, ${isLower ? 'at least ' : ''}${formatUsd(usd)}`
  );
}
