// GET /explain

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { explanationDocument, explanationSchema } from '../documents/explain-document.ts';
import { expecting } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { answers } from '../responses.ts';

const explainQuery = z.strictObject({
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/i, { error: expecting('32 hexadecimal digits') })
    .transform((id) => id.toLowerCase())
    .optional()
    .describe('A trace.'),
  span_id: z
    .string()
    .min(1, { error: expecting('the id of a span, or of another record') })
    .optional()
    .describe('A span of it; or, without a trace, the id of any record.'),
});

export function addExplainRoute(api: Api, { queries }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/explain',
    schema: {
      operationId: 'explain',
      tags: ['books'],
      summary: 'Why the records of a trace count or not, and how their costs came about',
      querystring: explainQuery,
      response: answers({ description: 'The explanation.', schema: explanationSchema }, 404, 422),
    },
    handler: async (request, reply) => {
      const { trace_id: traceId, span_id: recordId } = request.query;
      if (traceId === undefined && recordId === undefined) {
        throw new Problem({
          status: 400,
          code: 'parameter_invalid',
          detail: 'Nothing was asked about: expected trace_id, span_id or both.',
          errors: [{ parameter: 'trace_id', detail: 'expected 32 hexadecimal digits, received none' }],
        });
      }
      const asking = queries.cancelledBy(whileWaiting(reply));
      const tenant = tenantAsking(request);
      const explanation = await asking.explain(tenant, { traceId, recordId });
      if (explanation !== undefined) return explanationDocument(explanation);
      const { entries, seenSince } = await asking.findForgotten(tenant, { traceId, recordId });
      if (entries > 0) throw notKept(entries, seenSince);
      throw notFound(recordId === undefined ? 'trace' : 'record', recordId ?? traceId ?? '');
    },
  });
}

/** What was seen leaves before what was booked for it. */
function notKept(entries: number, seenSince: string | undefined): Problem {
  const since = seenSince === undefined ? '' : ` since ${seenSince}`;
  return new Problem({
    status: 404,
    code: 'no_longer_kept',
    detail:
      `What was seen is kept${since}, and this came before: its ${entries} ${entries === 1 ? 'entry counts' : 'entries count'} as booked, ` +
      'and why is no more told. See retention.observation_days, and turnmeter export entries.',
  });
}
