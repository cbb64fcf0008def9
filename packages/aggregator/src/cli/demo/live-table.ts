// The sessions of the demo while they run: a table that is drawn again and again on a terminal, a line for each finalized one elsewhere.

import type { Invocation } from '../invocation.ts';
import { costCell, costText, faultCell } from '../figures/cells.ts';
import { formatCount, formatSeconds, formatUsd, plural } from '../text/amounts.ts';
import { cut } from '../text/escape.ts';
import { type Cell, type Column, renderTable } from '../text/table.ts';
import type { BudgetNews, PlayedSession, SessionsView } from './play-sessions.ts';
import { toneOf, wordFor } from './print-budget.ts';

export function viewFor(invocation: Invocation, sessions: readonly string[]): SessionsView & { end(): void } {
  return invocation.terminal.stdout.isTTY ? new LiveTable(invocation) : new FinishedLines(invocation, sessions);
}

/** Lines of the terminal that are not sessions: titles, which columns are left out, an empty one, the sums, the cursor. */
const OTHER_LINES = 5;
const SESSIONS_MIN = 3;

class LiveTable implements SessionsView {
  readonly #invocation: Invocation;
  #lines = 0;
  #last: readonly PlayedSession[] = [];

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  update(sessions: readonly PlayedSession[]): void {
    this.#last = sessions;
    const { rows } = this.#invocation.terminal.stdout;
    const nowMs = Date.now();
    const begun = sessions.filter(({ chat }) => chat.startMs <= nowMs);
    const room = Math.max(SESSIONS_MIN, rows - OTHER_LINES);
    // What has been over for long makes room for what moves.
    const gone = new Set(begun.filter(isFinalized).slice(0, Math.max(0, begun.length - room)));
    const kept = begun.filter((session) => !gone.has(session)).slice(0, room);
    this.#draw(kept);
  }

  /** Leaves the whole table behind, however long it is. */
  end(): void {
    this.#draw(this.#last);
  }

  #draw(rows: readonly PlayedSession[]): void {
    const { paint, width = 80, terminal } = this.#invocation;
    const lines = [
      ...renderTable(rows, COLUMNS, { paint, width }),
      '',
      paint('faint', cut(sumsOf(this.#last, rows), width - 1)),
    ];
    // Up to the first line, and everything below it cleared, in one write: nothing flickers.
    const home = this.#lines === 0 ? '' : `\x1b[${this.#lines}A\r\x1b[0J`;
    terminal.stdout.write(`${home}${lines.join('\n')}\n`);
    this.#lines = lines.length;
  }
}

function isFinalized({ document }: PlayedSession): boolean {
  return document?.state === 'finalized';
}

/** `17 of 25 sessions finalized (8 of them not shown): 212 model calls, 101,332 tokens, $0.21` */
function sumsOf(sessions: readonly PlayedSession[], shown: readonly PlayedSession[] = sessions): string {
  const documents = sessions.flatMap(({ document }) => document ?? []);
  const sum = (of: (document: (typeof documents)[number]) => number): number =>
    documents.reduce((total, document) => total + of(document), 0);
  const calls = sum(({ inferences }) => inferences);
  const tokens = sum(({ session_summary }) => session_summary.total_tokens);
  const finalized = sessions.filter(isFinalized);
  const gone = finalized.filter((session) => !shown.includes(session)).length;
  return (
    `${finalized.length} of ${plural(sessions.length, 'session')} finalized${gone === 0 ? '' : ` (${gone} of them not shown)`}: ` +
    `${plural(calls, 'model call')}, ${plural(tokens, 'token')}, ${formatUsd(sum(({ cost }) => cost.usd))}`
  );
}

const COLUMNS: readonly Column<PlayedSession>[] = [
  { title: '', cell: (session) => (isFinalized(session) ? '✓' : { text: '●', tone: 'good' }) },
  { title: 'session', cell: ({ chat }) => chat.sessionId },
  { title: 'framework', dispensable: 4, cell: ({ chat }) => chat.framework },
  { title: 'workflow', dispensable: 1, cell: ({ chat }) => chat.workflow },
  { title: 'budget', dispensable: 2, cell: budgetCell },
  { title: 'turns', align: 'right', cell: ({ document }) => formatCount(document?.turn_count ?? 0) },
  { title: 'calls', align: 'right', dispensable: 2, cell: ({ document }) => formatCount(document?.inferences ?? 0) },
  { title: 'errors', align: 'right', dispensable: 3, cell: ({ document }) => faultCell(document?.errors ?? 0) },
  {
    title: 'tokens',
    align: 'right',
    cell: ({ document }) => formatCount(document?.session_summary.total_tokens ?? 0),
  },
  { title: 'cost', align: 'decimal', cell: ({ document }) => (document === undefined ? '' : costCell(document.cost)) },
  {
    title: 'time',
    align: 'right',
    cell: ({ document }) =>
      document === undefined ? '' : formatSeconds(document.session_summary.session_duration_seconds),
  },
];

/** What a budget did to it last. */
function budgetCell({ chat }: PlayedSession): Cell {
  const news = chat.budget?.at(-1);
  return news === undefined ? '' : { text: wordFor(news), tone: toneOf(news) };
}

/** Of live chats the ids are not known before. */
const ID_WIDTH_MIN = 20;

/** For files and pipes: each session once, when it is over. */
class FinishedLines implements SessionsView {
  readonly #invocation: Invocation;
  readonly #written = new Set<string>();
  readonly #told = new Set<BudgetNews>();
  readonly #idWidth: number;
  #last: readonly PlayedSession[] = [];

  constructor(invocation: Invocation, sessions: readonly string[]) {
    this.#invocation = invocation;
    this.#idWidth = Math.max(ID_WIDTH_MIN, ...sessions.map(({ length }) => length));
  }

  update(sessions: readonly PlayedSession[]): void {
    this.#last = sessions;
    for (const { chat, document } of sessions) {
      for (const news of chat.budget ?? []) this.#tell(chat.sessionId, news);
      if (document?.state !== 'finalized' || this.#written.has(chat.sessionId)) continue;
      this.#written.add(chat.sessionId);
      const { turn_count, inferences, session_summary, cost } = document;
      this.#invocation.print(
        `finalized  ${chat.sessionId.padEnd(this.#idWidth)}  ${chat.framework.padEnd(13)}  ${chat.workflow.padEnd(18)}  ` +
          `${formatCount(turn_count).padStart(2)} turns  ${formatCount(inferences).padStart(2)} calls  ` +
          `${formatCount(session_summary.total_tokens).padStart(6)} tokens  ${costText(cost).padEnd(9)}  ${formatSeconds(session_summary.session_duration_seconds)}`,
      );
    }
  }

  end(): void {
    this.#invocation.print('', sumsOf(this.#last));
  }

  #tell(session: string, news: BudgetNews): void {
    if (this.#told.has(news)) return;
    this.#told.add(news);
    const { percentOfExpected: percent, expectedUsd } = news;
    const share =
      percent === undefined || expectedUsd === undefined
        ? ''
        : `  ${Math.round(percent)} % of the expected ${formatUsd(expectedUsd)}`;
    this.#invocation.print(
      `budget     ${session.padEnd(this.#idWidth)}  ${wordFor(news).padEnd(13)}  ${formatUsd(news.spentUsd)}${share}`,
    );
  }
}
