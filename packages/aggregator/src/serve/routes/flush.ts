// POST /flush

import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import type { Operations } from '../operations.ts';
import { callerOf } from '../callers.ts';
import { noParameters } from '../parameters.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';

const flushSchema = z.object({ flushed: z.literal(true) }).meta({ id: 'Flushed' });

/** How long an answer is waited for, ms. */
const PATIENCE_MS = 30_000;

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
      await flushPatiently(operations);
      return { flushed: true as const };
    },
  });
}

/** @throws Problem 503 when it takes too long */
export async function flushPatiently({ flush }: Pick<Operations, 'flush'>): Promise<void> {
  const flushed = flush();
  // Nobody may be left to hear of a failure that comes after the answer.
  flushed.catch(() => undefined);
  const isFlushed = await Promise.race([flushed.then(() => true), wait(PATIENCE_MS, false, { ref: false })]);
  if (!isFlushed) throw notFlushed();
}

function notFlushed(): Problem {
  return new Problem({
    status: 503,
    code: 'not_flushed',
    detail: 'Not everything is in the figures yet: the database is slow or away. What was accepted is safe on disk.',
    retryAfterSeconds: 5,
  });
}
