// Watched sessions as a table: a bar against what was expected, in the color of the level.

import { formatCount, formatSeconds, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import type { Cell, Column } from '../text/table.ts';
import { nameCell } from '../figures/cells.ts';
import type { WatchedSession } from './watched-session.ts';

/** Columns of a full bar, which is 150 % of what was expected: a column is 10 %. */
const BAR_WIDTH = 15;
const BAR_PERCENT = 150;
/** From an eighth of a column to a whole one. */
const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

export function watchColumns(nowMs: number): readonly Column<WatchedSession>[] {
  return [
    { title: 'session', isFlexible: true, cell: ({ status }) => shown(status.session_id) },
    { title: 'workflow', isFlexible: true, dispensable: 2, cell: ({ status }) => nameCell(status.workflow) },
    { title: 'cost', align: 'decimal', cell: ({ status }) => formatUsd(status.cost.usd) },
    { title: 'of expected', cell: barCell },
    { title: '', align: 'right', cell: percentCell },
    { title: 'level', cell: levelCell },
    { title: 'ends at', align: 'decimal', dispensable: 1, cell: endCell },
    { title: 'between', dispensable: 5, cell: intervalCell },
    { title: 'turns', align: 'right', dispensable: 3, cell: ({ status }) => formatCount(status.turns) },
    { title: 'tokens', align: 'right', dispensable: 6, cell: ({ status }) => formatCount(status.tokens) },
    { title: 'age', align: 'right', dispensable: 4, cell: (session) => formatSeconds(ageOf(session, nowMs)) },
  ];
}

export function levelTone(level: string): Tone {
  switch (level) {
    case 'ok':
      return 'good';
    case 'warning':
      return 'warning';
    case 'critical':
    case 'stop':
      return 'bad';
    default:
      return 'plain';
  }
}

/** What stands about a session in one word; what a guard did says more than the level it did it at. */
export function levelWord({ status, guard, finalizedMs }: WatchedSession): string {
  if (finalizedMs !== undefined) return 'ended';
  if (status.is_stopped) return 'to stop';
  const done = guard === undefined ? undefined : GUARD_WORDS[guard.action];
  return done === undefined ? shown(status.level, 20) : `${shown(status.level, 20)}, ${done}`;
}

const GUARD_WORDS: Readonly<Record<string, string>> = { degrade: 'degraded', pause: 'paused', stop: 'stopped' };

function levelCell(session: WatchedSession): Cell {
  const tone = session.finalizedMs === undefined ? levelTone(session.status.level) : 'faint';
  return { text: levelWord(session), tone };
}

function barCell({ status }: WatchedSession): Cell {
  const { percent_of_expected: percent, level } = status;
  if (percent === null) return { text: 'nothing known yet', tone: 'faint' };
  const eighths = Math.round((Math.min(BAR_PERCENT, Math.max(0, percent)) / BAR_PERCENT) * BAR_WIDTH * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (BLOCKS[eighths % 8] ?? '');
  return { text: bar.padEnd(BAR_WIDTH, '·'), tone: levelTone(level) };
}

function percentCell({ status }: WatchedSession): Cell {
  const { percent_of_expected: percent } = status;
  return percent === null ? '' : `${formatCount(Math.round(percent))} %`;
}

function endCell({ status }: WatchedSession): Cell {
  return status.projected_cost === null ? '' : formatUsd(status.projected_cost.mid);
}

function intervalCell({ status }: WatchedSession): Cell {
  const { projected_cost: cost } = status;
  return cost === null ? '' : { text: `${formatUsd(cost.low)} and ${formatUsd(cost.high)}`, tone: 'faint' };
}

/** Of one that is over, how long it took. */
function ageOf({ status, finalizedMs }: WatchedSession, nowMs: number): number {
  const endMs = finalizedMs === undefined ? nowMs : Date.parse(status.last_at);
  return Math.max(0, Math.round((endMs - Date.parse(status.began_at)) / 1000));
}
