// POST /reprice

import { z } from 'zod';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { allowSilence, callerOf, enterUntilAnswered, tenantAsking } from '../callers.ts';
import { repriceDocument, repriceSchema } from '../documents/reprice-document.ts';
import { Gate } from '../gate.ts';
import { expecting, noParameters, timeParameter } from '../parameters.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';

/** It holds up bookings while it runs. */
const REPRICINGS_MAX = 1;

const repriceBody = z.strictObject(
  {
    from: timeParameter('Calls that ended at this time or later; a day is its first moment, in UTC.'),
    to: timeParameter('Calls that ended before this time.'),
    dry_run: z
      .boolean({ error: expecting('true or false') })
      .describe('Only tells what would change. Nobody books by having forgotten it.'),
  },
  { error: expecting('a JSON object with from, to and dry_run') },
);

export function addRepriceRoute(api: Api, { operations }: ApiContext): void {
  const gate = new Gate({ name: 'repricings', max: REPRICINGS_MAX });
  api.route({
    method: 'POST',
    url: '/reprice',
    schema: {
      operationId: 'reprice',
      tags: ['books'],
      summary: 'Prices a time again with the prices of now, and books the differences',
      querystring: noParameters,
      body: repriceBody,
      response: answers({ description: 'What changed, or would.', schema: repriceSchema }),
    },
    handler: async (request, reply) => {
      const { from: fromUs, to: toUs, dry_run: isDryRun } = request.body;
      if (!isDryRun) refuseReaders(callerOf(request));
      if (fromUs >= toUs) throw emptyTime();
      enterUntilAnswered(gate, request, reply);
      allowSilence(request);
      const result = await operations.reprice({ tenant: tenantAsking(request), fromUs, toUs, isDryRun });
      return repriceDocument(isDryRun, result);
    },
  });
}

function emptyTime(): Problem {
  return new Problem({
    status: 400,
    code: 'parameter_invalid',
    detail: 'Nothing lies between the two times: expected from before to.',
    errors: [{ parameter: 'to', detail: 'expected a time after from' }],
  });
}
