// POST /flush

import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import type { Unsaved } from '../operations.ts';
import { callerOf } from '../callers.ts';
import { noParameters } from '../parameters.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';

const flushSchema = z.object({ flushed: z.literal(true) }).meta({ id: 'Flushed' });

/** How long an answer is waited for. */
export const PATIENCE_SECONDS = 30;

export function addFlushRoute(api: Api, context: ApiContext): void {
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
      await flushPatiently(context, PATIENCE_SECONDS);
      return { flushed: true as const };
    },
  });
}

/** @throws Problem 503 when it takes longer */
export async function flushPatiently(
  { operations, nowUs }: Pick<ApiContext, 'operations' | 'nowUs'>,
  seconds: number,
): Promise<void> {
  const flushed = operations.flush().then(() => true);
  // Nobody may be left to hear of a failure that comes after the answer.
  flushed.catch(() => undefined);
  const answered = new AbortController();
  const late = wait(seconds * 1000, false, { ref: false, signal: answered.signal });
  late.catch(() => undefined);
  try {
    if (!(await Promise.race([flushed, late]))) throw notFlushed(operations.unsaved(), nowUs());
  } finally {
    answered.abort();
  }
}

function notFlushed({ pendingSegments, pendingBytes, unsavedSinceUs, lastFailure }: Unsaved, nowUs: number): Problem {
  const ageSeconds = Math.max(0, Math.round((nowUs - (unsavedSinceUs ?? nowUs)) / 1e6));
  const why = lastFailure === undefined ? '' : `; the last insert failed with ${lastFailure.code}`;
  return new Problem({
    status: 503,
    code: 'not_flushed',
    detail:
      'Not everything is in the database yet, which is slow or away: ' +
      `${pendingSegments} closed segments of ${pendingBytes} bytes wait, and the oldest row has waited for ${ageSeconds} s${why}. ` +
      'What was accepted is safe on disk.',
    retryAfterSeconds: 5,
  });
}
