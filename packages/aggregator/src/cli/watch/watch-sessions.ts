// Runs `turnmeter watch`: news come in, and a view shows them.

import { ApiClient } from '../client/api-client.ts';
import { checkUrl } from '../client/with-service.ts';
import type { WatchOptions } from '../commands/watch.ts';
import type { Invocation } from '../invocation.ts';
import { DEFAULT_URL } from '../options.ts';
import { LiveView } from './live-view.ts';
import { LineView } from './line-view.ts';
import { followSessions } from './session-feed.ts';
import type { WatchedSession, WatchNews } from './watched-session.ts';
import { WatchedSessions } from './watched-sessions.ts';

/** Shows what is watched. */
export interface WatchView {
  /** Something happened, to a session or otherwise. */
  show(news: WatchNews, session: WatchedSession | undefined): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export async function watchSessions(invocation: Invocation, options: WatchOptions): Promise<void> {
  const { signal, terminal } = invocation;
  const { key, tenant, workflow } = options;
  const api = new ApiClient({ url: checkUrl(options.url ?? DEFAULT_URL), key, tenant, signal });
  const sessions = new WatchedSessions();
  const isLive = terminal.stdout.isTTY && options.json !== true;
  const view = isLive ? new LiveView(invocation, sessions) : new LineView(invocation, options);
  try {
    for await (const news of followSessions({ api, workflow, signal })) {
      view.show(news, sessions.apply(news, Date.now()));
    }
  } finally {
    view.end();
  }
}
