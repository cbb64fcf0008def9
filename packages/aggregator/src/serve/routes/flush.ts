// POST /flush

import { z } from 'zod';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { callerOf } from '../callers.ts';
import { noParameters } from '../parameters.ts';
import { answers } from '../responses.ts';

const flushSchema = z.object({ flushed: z.literal(true) }).meta({ id: 'Flushed' });

export function addFlushRoute(api: Api, { operations }: ApiContext): void {
  api.route({
    method: 'POST',
    url: '/flush',
    schema: {
      operationId: 'flush',
      tags: ['service'],
      summary: 'Waits until all telemetry that was accepted before is in the figures',
      querystring: noParameters,
      response: answers({ description: 'It is.', schema: flushSchema }),
    },
    handler: async (request) => {
      refuseReaders(callerOf(request));
      await operations.flush();
      return { flushed: true as const };
    },
  });
}
