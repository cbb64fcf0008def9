// GET /data-quality

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { dataQualityDocument, dataQualitySchema } from '../documents/data-quality-document.ts';
import { timeParameter } from '../parameters.ts';
import { answers } from '../responses.ts';

const DAY_US = 86_400_000_000;

const dataQualityQuery = z.strictObject({
  from: timeParameter('What arrived at this time or later. Left out: the last 24 hours.').optional(),
});

export function addDataQualityRoute(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/data-quality',
    schema: {
      operationId: 'getDataQuality',
      tags: ['books'],
      summary:
        'What is wrong with the data that arrived lately: calls without tokens, session or price, copies, clocks',
      querystring: dataQualityQuery,
      response: answers({ description: 'What was found.', schema: dataQualitySchema }, 422),
    },
    handler: async (request, reply) => {
      const now = nowUs();
      const query = { fromUs: request.query.from ?? now - DAY_US, nowUs: now };
      const asking = queries.cancelledBy(whileWaiting(reply));
      return dataQualityDocument(query, await asking.dataQuality(tenantAsking(request), query));
    },
  });
}
