// What a budget did to the chat that did not end by itself, and what it would have cost without one.

import type { Invocation } from '../invocation.ts';
import { printTable } from '../print-table.ts';
import { formatMean, formatRatio, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import type { Column } from '../text/table.ts';
import type { BudgetNews, PlayedSession } from './play-sessions.ts';

/** A chat with a budget, and the same chat without one. */
export interface BudgetComparison {
  readonly guarded: PlayedSession;
  readonly free: PlayedSession;
  readonly news: readonly BudgetNews[];
}

/** What was done, in one word. */
export function wordFor({ action, level }: BudgetNews): string {
  if (action === 'notify') return level === 'warning' ? 'warned' : `warned: ${shown(level, WORD_WIDTH_MAX)}`;
  return WORDS[action] ?? shown(action, WORD_WIDTH_MAX);
}

export function toneOf({ action, level }: BudgetNews): Tone {
  if (action === 'resume') return 'good';
  return action === 'stop' || level === 'critical' ? 'bad' : 'warning';
}

export function printBudget(invocation: Invocation, { guarded, free, news }: BudgetComparison): void {
  printTable(invocation, news, COLUMNS);
  const [cost, without] = [guarded, free].map(({ document }) => document?.cost.usd ?? 0) as [number, number];
  const more = cost > 0 ? `, ${formatMean(without / cost)} times as much` : '';
  invocation.print(
    '',
    `It cost ${formatUsd(cost)}. Without a budget it would have cost ${formatUsd(without)}${more}: that is what ${shown(free.chat.sessionId)} did.`,
  );
}

const WORD_WIDTH_MAX = 20;
const WORDS: Readonly<Record<string, string>> = {
  degrade: 'degraded',
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
};

/** What that means for the app. */
const MEANINGS: Readonly<Record<string, string>> = {
  notify: 'whoever listens is told',
  degrade: 'its calls ask a cheaper model from here on',
  pause: 'its next call waits until somebody decides',
  resume: 'somebody has let it go on',
  stop: 'its next call could pass 150 %, so it is not made; the chat ends, with all that was said',
};

const COLUMNS: readonly Column<BudgetNews>[] = [
  { title: 'budget', cell: (news) => ({ text: wordFor(news), tone: toneOf(news) }) },
  { title: 'spent', align: 'decimal', cell: ({ spentUsd }) => formatUsd(spentUsd) },
  {
    title: 'of expected',
    align: 'right',
    cell: ({ percentOfExpected: percent }) => (percent === undefined ? '' : formatRatio(Math.round(percent) / 100)),
  },
  {
    title: 'which means',
    isFlexible: true,
    cell: ({ action }) => MEANINGS[action] ?? '',
  },
];
