import type { Identity } from './identity.ts';
import { liveSessions } from './live-sessions.ts';
import { currentScope, runInScope, scopeBelow } from './scope.ts';

/**
 * Says whose work the code in it does, without a span of its own: for a request handler around a framework that is attached by itself.
 *
 * ```ts
 * app.post('/chat/:id', (request) => withSession({ session: request.params.id, workflow: 'support' }, () => run(agent, request.body)));
 * ```
 */
export function withSession<T>(identity: Identity, work: () => T): T {
  const outer = currentScope();
  const named = scopeBelow(outer, { identity });
  return runInScope({ ...named, live: outer.live ?? liveSessions().of(named.identity) }, work);
}
