// A session that is watched, and what happens to it.

import type {
  GuardActionDocument,
  ReleaseEventDocument,
  SessionStatusDocument,
  StopEventDocument,
} from '../../serve/documents/session-event.ts';

/** What a service tells, as it tells it. */
export type SessionNews =
  | { readonly event: 'session' | 'finalized'; readonly data: SessionStatusDocument }
  | { readonly event: 'guard'; readonly data: GuardActionDocument }
  | { readonly event: 'stop'; readonly data: StopEventDocument }
  | { readonly event: 'release'; readonly data: ReleaseEventDocument }
  | { readonly event: 'ready'; readonly data: { readonly sessions: number } };

/** What the watcher itself has to say of the connection. */
export type ConnectionNews =
  /** All that runs is told anew from here. */
  { readonly event: 'connected'; readonly isPolling: boolean } | { readonly event: 'lost'; readonly reason: string };

export type WatchNews = SessionNews | ConnectionNews;

/** A session as it was told last. */
export interface WatchedSession {
  readonly status: SessionStatusDocument;
  /** What a guard did last; undefined if none did anything. */
  readonly guard: GuardActionDocument | undefined;
  /** When it was seen to be finalized, ms; undefined while it runs. */
  readonly finalizedMs: number | undefined;
}
