// GET /prices/{model}

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking } from '../callers.ts';
import { priceDocument, priceSchema } from '../documents/price-document.ts';
import { nameParameter, timeParameter } from '../parameters.ts';
import { answers } from '../responses.ts';

const priceQuery = z.strictObject({
  provider: nameParameter('Who serves the model. Left out: its maker.'),
  at: timeParameter('When. Left out: now.').optional(),
});

export function addPriceRoute(api: Api, { operations, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/prices/:model',
    schema: {
      operationId: 'getPrice',
      tags: ['books'],
      summary: 'What a model costs a tenant, and whose price that is',
      params: z.object({ model: z.string().describe('The model, percent-encoded.') }),
      querystring: priceQuery,
      response: answers({ description: 'The price; without tiers if nobody has one.', schema: priceSchema }),
    },
    handler: async (request) => {
      const { provider, at = nowUs() } = request.query;
      const { model } = request.params;
      const timeMs = at / 1000;
      const price = operations.prices.describe({ model, provider, tenant: tenantAsking(request), timeMs });
      return priceDocument({ model, timeMs, bookVersion: operations.prices.version }, price);
    },
  });
}
