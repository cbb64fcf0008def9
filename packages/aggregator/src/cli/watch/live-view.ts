// A terminal: one picture that is drawn anew whenever something happened, and each second, since sessions get older.

import { createLogUpdate } from 'log-update';
import type { Invocation } from '../invocation.ts';
import { formatUsd, plural } from '../text/amounts.ts';
import { cut, shown } from '../text/escape.ts';
import { renderTable } from '../text/table.ts';
import { watchColumns } from './session-table.ts';
import type { WatchView } from './watch-sessions.ts';
import type { WatchedSession, WatchNews } from './watched-session.ts';
import type { WatchedSessions } from './watched-sessions.ts';

/** News come faster than anybody reads. */
const BETWEEN_DRAWS_MS = 100;
const TICK_MS = 1000;
const ROWS_DEFAULT = 24;
const WIDTH_DEFAULT = 80;

export class LiveView implements WatchView {
  readonly #invocation: Invocation;
  readonly #sessions: WatchedSessions;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #ticking: NodeJS.Timeout;
  readonly #onResize = (): void => this.#drawNow();
  #planned: NodeJS.Timeout | undefined;
  #connection = 'connecting';
  #isTrouble = false;

  constructor(invocation: Invocation, sessions: WatchedSessions) {
    this.#invocation = invocation;
    this.#sessions = sessions;
    const { stdout } = invocation.terminal;
    this.#draw = createLogUpdate(stdout);
    this.#ticking = setInterval(() => this.#drawNow(), TICK_MS).unref();
    stdout.on('resize', this.#onResize);
  }

  show(news: WatchNews): void {
    if (news.event === 'connected') {
      this.#connection = news.isPolling ? 'asked each second: this service has no stream of events' : 'by event';
      this.#isTrouble = false;
    } else if (news.event === 'lost') {
      this.#connection = `connection lost, trying again: ${shown(news.reason)}`;
      this.#isTrouble = true;
    }
    this.#planned ??= setTimeout(() => this.#drawNow(), BETWEEN_DRAWS_MS);
  }

  end(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#planned);
    this.#invocation.terminal.stdout.off('resize', this.#onResize);
    this.#draw.done();
  }

  #drawNow(): void {
    clearTimeout(this.#planned);
    this.#planned = undefined;
    const nowMs = Date.now();
    this.#draw(this.#picture(this.#sessions.list(nowMs), nowMs).join('\n'));
  }

  /** As many sessions as fit; a last line says how many do not. */
  #picture(all: readonly WatchedSession[], nowMs: number): readonly string[] {
    const { paint, width = WIDTH_DEFAULT, terminal } = this.#invocation;
    const room = (terminal.stdout.rows || ROWS_DEFAULT) - 1;
    const head = this.#headLine(all, width);
    if (all.length === 0)
      return [head, '', paint('faint', cut('Nothing runs. Sessions appear here as they begin.', width))];
    for (let count = Math.min(all.length, room); ; count--) {
      const lines = renderTable(all.slice(0, count), watchColumns(nowMs), { paint, width });
      const rest = all.length - count;
      const foot = rest === 0 ? [] : [paint('faint', cut(`... and ${plural(rest, 'more session')}`, width))];
      const picture = [head, '', ...lines, ...foot];
      if (picture.length <= room || count <= 1) return picture.slice(0, Math.max(1, room));
    }
  }

  #headLine(all: readonly WatchedSession[], width: number): string {
    const { paint } = this.#invocation;
    const running = all.filter(({ finalizedMs }) => finalizedMs === undefined);
    const usd = running.reduce((sum, { status }) => sum + status.cost.usd, 0);
    const text = `${plural(running.length, 'session')} running, ${formatUsd(usd)}`;
    const said = cut(` - ${this.#connection}`, Math.max(1, width - text.length));
    return `${paint('title', cut(text, width))}${paint(this.#isTrouble ? 'bad' : 'faint', said)}`;
  }
}
