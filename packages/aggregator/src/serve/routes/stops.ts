// POST and DELETE /sessions/{id}/stop and /workflows/{name}/stop, GET /stops

import { type Stop, StopKind } from '@turnmeter/control-store';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { nameBody } from '../bodies.ts';
import { authorOf, callerOf, tenantAsking } from '../callers.ts';
import { stopSchema, stopDocument } from '../documents/stop-document.ts';
import { expecting, noParameters } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { answers } from '../responses.ts';

const stopBody = z
  .strictObject(
    { reason: nameBody('why').optional().describe('For those whose session it is; they read it in the error.') },
    { error: expecting('a JSON object with reason, or nothing') },
  )
  .nullish();

const REASON_DEFAULT = 'stopped by hand';

const stopsSchema = z.object({ stops: z.array(stopSchema).readonly() }).meta({ id: 'Stops' });
const releasedSchema = z.object({ released: z.literal(true) }).meta({ id: 'Released' });

export function addStopRoutes(api: Api, context: ApiContext): void {
  addKind(api, context, {
    kind: StopKind.SESSION,
    url: '/sessions/:id/stop',
    parameter: 'id',
    what: 'session',
    operation: 'Session',
    description: 'The session, percent-encoded; it need not have begun.',
  });
  addKind(api, context, {
    kind: StopKind.WORKFLOW,
    url: '/workflows/:name/stop',
    parameter: 'name',
    what: 'workflow',
    operation: 'Workflow',
    description: 'The workflow, percent-encoded: all of its sessions, also those that would begin.',
  });
  addList(api, context);
}

interface StoppedKind {
  readonly kind: StopKind;
  readonly url: string;
  readonly parameter: 'id' | 'name';
  readonly what: string;
  readonly operation: string;
  /** Of the parameter. */
  readonly description: string;
}

function addKind(api: Api, { control, nowUs }: ApiContext, of: StoppedKind): void {
  const { kind, url, parameter, what, operation } = of;
  const name = nameBody(`the ${parameter} of a ${what}`).describe(of.description);
  const params = z.object({ [parameter]: name } as Record<typeof parameter, z.ZodString>);
  const writer = (request: FastifyRequest): { readonly tenant: string; readonly by: string; readonly atMs: number } => {
    refuseReaders(callerOf(request));
    return { tenant: tenantAsking(request), by: authorOf(request), atMs: Math.floor(nowUs() / 1000) };
  };
  api.route({
    method: 'POST',
    url,
    schema: {
      operationId: `stop${operation}`,
      tags: ['cost control'],
      summary: `Has guards stop a ${what} before its next model call`,
      description: 'Within a second where a guard listens. Doing it twice is the same as once: the first order stays.',
      params,
      querystring: noParameters,
      body: stopBody,
      response: answers({ description: 'The order that stands.', schema: stopSchema }),
    },
    handler: async (request) => {
      const reason = request.body?.reason ?? REASON_DEFAULT;
      return stopDocument(await control.order({ ...writer(request), kind, target: request.params[parameter], reason }));
    },
  });
  api.route({
    method: 'DELETE',
    url,
    schema: {
      operationId: `release${operation}`,
      tags: ['cost control'],
      summary: `Takes back that a ${what} is to stop`,
      params,
      querystring: noParameters,
      response: answers({ description: 'It may go on.', schema: releasedSchema }, 404),
    },
    handler: async (request) => {
      const target = request.params[parameter];
      if (!(await control.release({ ...writer(request), kind, target }))) throw notFound(`stop of the ${what}`, target);
      return { released: true as const };
    },
  });
}

function addList(api: Api, { control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/stops',
    schema: {
      operationId: 'listStops',
      tags: ['cost control'],
      summary: 'What is stopped, the latest first',
      querystring: noParameters,
      response: answers({ description: 'Orders that stand.', schema: stopsSchema }),
    },
    handler: (request) => {
      return { stops: control.stops.list(tenantAsking(request)).toSorted(latestFirst).map(stopDocument) };
    },
  });
}

function latestFirst(a: Stop, b: Stop): number {
  return b.atMs - a.atMs;
}
