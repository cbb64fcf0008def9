// GET /sessions, GET /sessions/{id}, POST /sessions/{id}/finalize

import { z } from 'zod';
import { SESSIONS_MAX } from '../../query/list-sessions.ts';
import type { Queries } from '../../query/queries.ts';
import { type SessionFilter, SessionOrder, SessionState } from '../../query/session-filter.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { refuseReaders } from '../access.ts';
import { callerOf, tenantAsking, whileWaiting } from '../callers.ts';
import { assessmentDocument, assessmentSchema } from '../documents/assessment-document.ts';
import { guardEntry } from '../documents/guard-entry.ts';
import { sessionDetailDocument, sessionDocument } from '../documents/session-document.ts';
import { sessionDetailSchema, sessionSchema } from '../documents/session-schema.ts';
import { expecting, nameParameter, noParameters, timeParameter } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { answers } from '../responses.ts';

const LIMIT_DEFAULT = 100;

const listQuery = z.strictObject({
  workflow: nameParameter('Sessions of this workflow.'),
  version: nameParameter('Sessions of this version of their workflow; empty for those that name none.'),
  state: z
    .enum(SessionState, { error: expecting('running or finalized') })
    .optional()
    .describe('Only running or only finalized sessions; calls of no session are neither.'),
  from: timeParameter('Sessions that began at or after this time; a day is its first moment, in UTC.').optional(),
  to: timeParameter('Sessions that began before this time.').optional(),
  user: nameParameter('Sessions of this user.'),
  agent: nameParameter('Sessions in which this agent spoke or made calls.'),
  model: nameParameter('Sessions in which this model was called.'),
  min_cost_usd: z.coerce
    .number({ error: expecting('an amount in US dollars') })
    .min(0, { error: expecting('an amount of at least 0') })
    .max(1e9, { error: expecting('an amount of at most a billion') })
    .optional()
    .describe('Sessions that cost at least this much.'),
  id_prefix: nameParameter('Sessions whose id begins so.'),
  order: z
    .enum(SessionOrder, { error: expecting(Object.values(SessionOrder).join(', ')) })
    .default(SessionOrder.START)
    .describe('What comes first: the latest, dearest, largest (tokens) or longest.'),
  limit: z.coerce
    .number({ error: expecting(`a whole number from 1 to ${SESSIONS_MAX}`) })
    .int({ error: expecting('a whole number') })
    .min(1, { error: expecting('at least 1') })
    .max(SESSIONS_MAX, { error: expecting(`at most ${SESSIONS_MAX}`) })
    .default(LIMIT_DEFAULT)
    .describe('Sessions in one answer.'),
  cursor: nameParameter('next_cursor of the answer before, for the same list in the same order.'),
});

const sessionsSchema = z
  .object({
    sessions: z.array(sessionSchema).readonly(),
    next_cursor: z.string().nullable().meta({ description: 'Null at the end of the list.' }),
  })
  .meta({ id: 'Sessions' });

const idPath = z.object({ id: z.string().describe('The session, percent-encoded.') });
export function addSessionRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addOne(api, context);
  addFinalize(api, context);
}

function addList(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/sessions',
    schema: {
      operationId: 'listSessions',
      tags: ['sessions'],
      summary: 'Sessions with their figures, the latest first',
      description: 'Calls that belong to no session are rows with session_id null, one for each workflow.',
      querystring: listQuery,
      response: answers({ description: 'A page of sessions.', schema: sessionsSchema }),
    },
    handler: async (request, reply) => {
      const { limit, cursor, order } = request.query;
      const asking = queries.cancelledBy(whileWaiting(reply));
      const filter = filterOf(request.query);
      const page = await asking.sessions(tenantAsking(request), { filter, order, limit, cursor });
      const at = nowUs();
      return {
        sessions: page.sessions.map((session) => sessionDocument(session, at)),
        next_cursor: page.nextCursor ?? null,
      };
    },
  });
}

function addOne(api: Api, { queries, control, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/sessions/:id',
    schema: {
      operationId: 'getSession',
      tags: ['sessions'],
      summary: 'One session, live or final, with its turns and handoffs',
      params: idPath,
      querystring: noParameters,
      response: answers({ description: 'The session.', schema: sessionDetailSchema }, 404),
    },
    handler: async (request, reply) => {
      const tenant = tenantAsking(request);
      const asking = queries.cancelledBy(whileWaiting(reply));
      const session = await asking.session(tenant, request.params.id);
      if (session === undefined) throw await noSession(asking, tenant, request.params.id);
      const guard = control.actions.of(tenant, request.params.id).map(guardEntry);
      return sessionDetailDocument(session, { nowUs: nowUs(), guard });
    },
  });
}

function addFinalize(api: Api, { queries, assessor, control }: ApiContext): void {
  api.route({
    method: 'POST',
    url: '/sessions/:id/finalize',
    schema: {
      operationId: 'finalizeSession',
      tags: ['sessions'],
      summary: 'Ends a session and compares it with the others of its workflow',
      description:
        'Doing it twice is the same as once, but that records which came in between are taken into the summary.',
      params: idPath,
      querystring: noParameters,
      response: answers({ description: 'The summary and the comparison.', schema: assessmentSchema }, 404),
    },
    handler: async (request) => {
      refuseReaders(callerOf(request));
      const tenant = tenantAsking(request);
      const assessment = await assessor.finalize(tenant, request.params.id);
      if (assessment === undefined) throw await noSession(queries, tenant, request.params.id);
      return assessmentDocument(assessment, await control.judge(assessment));
    },
  });
}

function filterOf(query: z.output<typeof listQuery>): SessionFilter {
  const { workflow, version, state, from, to, user, agent, model } = query;
  const { min_cost_usd: minCostUsd, id_prefix: idPrefix } = query;
  const minCostNanoUsd = minCostUsd === undefined ? undefined : BigInt(Math.round(minCostUsd * 1e9));
  return { workflow, version, state, fromUs: from, toUs: to, user, agent, model, minCostNanoUsd, idPrefix };
}

async function noSession(queries: Queries, tenant: string, id: string): Promise<Error> {
  return notFound('session', id, await queries.nearSessions(tenant, id));
}
