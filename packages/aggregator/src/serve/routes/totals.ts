// GET /totals

import { z } from 'zod';
import { TotalsBy } from '../../query/totals.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { totalsDocument, totalsSchema } from '../documents/totals-document.ts';
import { dayOf, dayParameter, expecting } from '../parameters.ts';
import { answers } from '../responses.ts';

const DAYS_DEFAULT = 30;
const DAY_US = 86_400_000_000;

const totalsQuery = z.strictObject({
  by: z
    .enum(TotalsBy, { error: expecting(Object.values(TotalsBy).join(', ')) })
    .default(TotalsBy.DAY)
    .describe('What the total is split by.'),
  from: dayParameter(`First day, UTC. Left out: ${DAYS_DEFAULT} days up to the last.`).optional(),
  to: dayParameter('Last day, which is included. Left out: today.').optional(),
});

export function addTotalsRoute(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/totals',
    schema: {
      operationId: 'getTotals',
      tags: ['sessions'],
      summary: 'Sums over days: all sessions, and calls of no session',
      querystring: totalsQuery,
      response: answers({ description: 'The sums.', schema: totalsSchema }),
    },
    handler: async (request, reply) => {
      const { by, to: lastDay = dayOf(nowUs()) } = request.query;
      const { from: firstDay = dayOf(Math.max(0, Date.parse(lastDay) * 1000 - (DAYS_DEFAULT - 1) * DAY_US)) } =
        request.query;
      const query = { by, firstDay, lastDay };
      return totalsDocument(query, await queries.cancelledBy(whileWaiting(reply)).totals(tenantAsking(request), query));
    },
  });
}
