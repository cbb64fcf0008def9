// In: a service. Out: what happens to its sessions, for as long as somebody listens: by event where it has a stream of them, and by asking
// again and again where it is older. A service that goes away is waited for.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.ts';
import { RefusedError } from '../client/refused-error.ts';
import { CommandError } from '../command-error.ts';
import { pollSessions } from './poll-sessions.ts';
import { readNews } from './read-news.ts';
import type { SessionNews, WatchNews } from './watched-session.ts';

/** Pauses before a service that went away is asked again, ms. */
const PAUSES_MS = [500, 1000, 2000, 5000] as const;
/** Refusals that may pass: too many at once, starting, stopping, a proxy without its service. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

export interface FeedOptions {
  readonly api: ApiClient;
  readonly workflow: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws CommandError where nothing answers from the beginning, or answers that nothing may be read */
export async function* followSessions(options: FeedOptions): AsyncGenerator<WatchNews> {
  let failures = 0;
  let wasConnected = false;
  for (;;) {
    try {
      for await (const news of connect(options)) {
        wasConnected = true;
        failures = 0;
        yield news;
      }
      // The service ended it: it stops, or the key is no more.
      yield { event: 'lost', reason: 'the service ended the connection' };
    } catch (error) {
      if (options.signal.aborted || !wasConnected || !mayPass(error)) throw error;
      yield { event: 'lost', reason: error instanceof Error ? error.message : String(error) };
    }
    await sleep(PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)], undefined, { signal: options.signal });
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof CommandError && (!(error instanceof RefusedError) || PASSING.has(error.status));
}

async function* connect(options: FeedOptions): AsyncGenerator<WatchNews> {
  try {
    yield* streamed(options);
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    yield* pollSessions(options);
  }
}

async function* streamed({ api, workflow }: FeedOptions): AsyncGenerator<WatchNews> {
  let isConnected = false;
  for await (const { event, data } of api.events('api/v1/events', { workflow })) {
    if (!isConnected) yield { event: 'connected', isPolling: false };
    isConnected = true;
    // A newer service may have more to tell than this program knows.
    const news = readNews(event, data);
    if (news !== undefined && isWanted(news, workflow)) yield news;
  }
}

function isWanted(news: SessionNews, workflow: string | undefined): boolean {
  return (
    workflow === undefined || news.event === 'ready' || news.data.workflow === workflow || news.data.workflow === null
  );
}
