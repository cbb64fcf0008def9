// GET /producers

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { producersDocument, producersSchema } from '../documents/producers-document.ts';
import { dayOf, dayParameter } from '../parameters.ts';
import { answers } from '../responses.ts';

const DAYS_DEFAULT = 7;
const DAY_US = 86_400_000_000;

const producersQuery = z.strictObject({
  from: dayParameter(
    `Records that arrived on this day, UTC, or later. Left out: the last ${DAYS_DEFAULT} days.`,
  ).optional(),
});

export function addProducersRoute(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/producers',
    schema: {
      operationId: 'listProducers',
      tags: ['books'],
      summary: 'Who sent records, and what of them was recognized',
      querystring: producersQuery,
      response: answers({ description: 'The producers.', schema: producersSchema }, 422),
    },
    handler: async (request, reply) => {
      const { from: firstDay = dayOf(nowUs() - DAYS_DEFAULT * DAY_US) } = request.query;
      const asking = queries.cancelledBy(whileWaiting(reply));
      return producersDocument(firstDay, await asking.producers(tenantAsking(request), { firstDay }));
    },
  });
}
