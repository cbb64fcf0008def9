// What becomes of requests for paths that there are not, and with methods that paths do not have.

import type { HTTPMethods } from 'fastify';
import { nearest } from '../query/near-names.ts';
import type { Api } from './api-context.ts';
import { OPEN_API_PATH } from './open-api.ts';
import { Problem, shown } from './problem.ts';
import { sendProblem } from './send-problem.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies HTTPMethods[];

/** Runs `addRoutes`, and answers all that is asked of their paths otherwise, and of other paths. */
export async function withUnknownPaths(api: Api, addRoutes: () => Promise<void>): Promise<void> {
  const known = new Map<string, Set<string>>();
  let isComplete = false;
  api.addHook('onRoute', ({ url, method }) => {
    if (isComplete) return;
    const methods = known.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    known.set(url, methods);
  });
  await addRoutes();
  isComplete = true;
  for (const [url, methods] of known) addOtherMethods(api, url, methods);
  const paths = [...known.keys()].map(writePath);
  api.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const suggestions = nearest(path, paths);
    const meant = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.join(' or ')}?`;
    const detail = `There is nothing at ${shown(path)}.${meant} ${OPEN_API_PATH} lists all there is.`;
    return sendProblem(reply, new Problem({ status: 404, code: 'path_unknown', detail, suggestions }));
  });
}

function addOtherMethods(api: Api, url: string, methods: ReadonlySet<string>): void {
  const allow = [...methods].toSorted().join(', ');
  api.route({
    method: METHODS.filter((method) => !methods.has(method)),
    url,
    schema: { hide: true },
    // Before anything else of the request is looked at.
    onRequest: async (request, reply) => {
      void reply.header('allow', allow);
      throw new Problem({
        status: 405,
        code: 'method_not_allowed',
        detail: `${writePath(url)} cannot be asked with ${request.method}: expected ${allow}.`,
      });
    },
    handler: () => undefined,
  });
}

/** `/sessions/:id` as people write it: `/sessions/{id}`. */
function writePath(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}
