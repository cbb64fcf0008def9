// The sessions that are watched, as the news of them leave them.

import { RecentMap } from '../../control/recent-map.ts';
import type { WatchedSession, WatchNews } from './watched-session.ts';

/** How long a finalized session stays to be seen, ms. */
const FINALIZED_SHOWN_MS = 10_000;
/** Sessions that are kept; of more the oldest news go first. */
const SESSIONS_MAX = 1000;

export class WatchedSessions {
  readonly #sessions = new RecentMap<string, WatchedSession>(SESSIONS_MAX);
  /** Told since the connection was made; undefined once all were. */
  #toldAnew: Set<string> | undefined;

  /** @returns the session that is another now, if one is. */
  apply(news: WatchNews, nowMs: number): WatchedSession | undefined {
    switch (news.event) {
      case 'connected':
        this.#toldAnew = new Set();
        return undefined;
      case 'ready':
        this.#dropUntold();
        return undefined;
      case 'session':
      case 'finalized': {
        const { data: status } = news;
        this.#toldAnew?.add(status.session_id);
        const before = this.#sessions.get(status.session_id);
        const finalizedMs = status.state === 'finalized' ? (before?.finalizedMs ?? nowMs) : undefined;
        return this.#set({ status, guard: before?.guard, finalizedMs });
      }
      case 'guard': {
        const session = this.#sessions.get(news.data.session_id);
        return session === undefined ? undefined : this.#set({ ...session, guard: news.data });
      }
      case 'stop':
      case 'release':
        this.#mark(news.data, news.event === 'stop');
        return undefined;
      case 'lost':
        return undefined;
    }
  }

  /** Those to be shown: what has come furthest of what was expected first, then the dearest. */
  list(nowMs: number): readonly WatchedSession[] {
    for (const { status, finalizedMs } of this.#sessions.values()) {
      if (finalizedMs !== undefined && nowMs - finalizedMs > FINALIZED_SHOWN_MS)
        this.#sessions.delete(status.session_id);
    }
    return this.#sessions
      .values()
      .toSorted(
        (a, b) =>
          Number(a.finalizedMs !== undefined) - Number(b.finalizedMs !== undefined) ||
          (b.status.percent_of_expected ?? 0) - (a.status.percent_of_expected ?? 0) ||
          b.status.cost.usd - a.status.cost.usd,
      );
  }

  #set(session: WatchedSession): WatchedSession {
    this.#sessions.set(session.status.session_id, session);
    return session;
  }

  /** What was not told again ended while nobody listened. */
  #dropUntold(): void {
    for (const { status, finalizedMs } of this.#sessions.values()) {
      const id = status.session_id;
      if (finalizedMs === undefined && this.#toldAnew?.has(id) === false) this.#sessions.delete(id);
    }
    this.#toldAnew = undefined;
  }

  #mark(of: { readonly session_id: string | null; readonly workflow: string | null }, isStopped: boolean): void {
    for (const session of this.#sessions.values()) {
      const { session_id, workflow } = session.status;
      const isMeant = of.session_id === null ? workflow === of.workflow : session_id === of.session_id;
      if (isMeant) this.#sessions.set(session_id, { ...session, status: { ...session.status, is_stopped: isStopped } });
    }
  }
}
