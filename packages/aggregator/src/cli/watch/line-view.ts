// Files and pipes: a line for each change.

import { RecentMap } from '../../control/recent-map.ts';
import type { SessionStatusDocument } from '../../serve/documents/session-event.ts';
import type { Invocation } from '../invocation.ts';
import type { OutputOptions } from '../options.ts';
import { formatCount, formatUsd, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { levelWord } from './session-table.ts';
import type { WatchView } from './watch-sessions.ts';
import type { SessionNews, WatchedSession, WatchNews } from './watched-session.ts';

/** Sessions whose last line is remembered. */
const REMEMBERED_MAX = 10_000;

export class LineView implements WatchView {
  readonly #invocation: Invocation;
  readonly #isJson: boolean;
  /** Without its time, by session: what says nothing new is not said. */
  readonly #said = new RecentMap<string, string>(REMEMBERED_MAX);

  constructor(invocation: Invocation, { json }: OutputOptions) {
    this.#invocation = invocation;
    this.#isJson = json === true;
  }

  show(news: WatchNews, session: WatchedSession | undefined): void {
    switch (news.event) {
      case 'connected':
        if (news.isPolling) this.#invocation.note('This service has no stream of events: it is asked each second.');
        return;
      case 'lost':
        this.#invocation.note(`The connection is lost, trying again: ${shown(news.reason)}`);
        return;
      default:
        if (this.#isJson) this.#invocation.print(JSON.stringify(news));
        else this.#say(news, session);
    }
  }

  end(): void {
    // What was said stays said.
  }

  #say(news: SessionNews, session: WatchedSession | undefined): void {
    switch (news.event) {
      case 'session':
      case 'finalized':
        if (session !== undefined) this.#sayOnce(news.data, statusLine(session));
        return;
      case 'guard': {
        const { session_id: id, action, reason } = news.data;
        this.#print(`guard  ${shown(id)}  ${shown(action)}  ${shown(reason)}`);
        return;
      }
      case 'stop': {
        const { reason, by } = news.data;
        this.#print(`stop  ${nameOf(news.data)}  ${shown(reason)}  by ${shown(by)}`);
        return;
      }
      case 'release':
        this.#print(`release  ${nameOf(news.data)}`);
        return;
      case 'ready':
    }
  }

  #sayOnce({ session_id: id }: SessionStatusDocument, line: string): void {
    if (this.#said.get(id) === line) return;
    this.#said.set(id, line);
    this.#print(line);
  }

  #print(line: string): void {
    this.#invocation.print(`${new Date().toISOString()}  ${line}`);
  }
}

/** `running  s-1  support  $0.12  81 % of $0.15  warning  ends at $0.19  7 turns  12,044 tokens` */
function statusLine(session: WatchedSession): string {
  const { session_id, workflow, state, cost, percent_of_expected, expected_cost, projected_cost, turns, tokens } =
    session.status;
  return [
    state,
    shown(session_id),
    workflow === null ? '-' : shown(workflow),
    formatUsd(cost.usd),
    ...(percent_of_expected === null || expected_cost === null
      ? []
      : [`${formatCount(Math.round(percent_of_expected))} % of ${formatUsd(expected_cost)}`]),
    levelWord(session),
    ...(projected_cost === null ? [] : [`ends at ${formatUsd(projected_cost.mid)}`]),
    plural(turns, 'turn'),
    plural(tokens, 'token'),
  ].join('  ');
}

function nameOf({
  session_id: id,
  workflow,
}: {
  readonly session_id: string | null;
  readonly workflow: string | null;
}): string {
  return id === null ? `workflow ${shown(workflow ?? '')}` : `session ${shown(id)}`;
}
