// GET /workflows/{name}/history

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { workflowHistoryDocument, workflowHistorySchema } from '../documents/workflow-history-document.ts';
import { expecting } from '../parameters.ts';
import { answers } from '../responses.ts';

/** Sessions in an answer: some kilobyte each. */
const SESSIONS_MAX = 5000;
const SESSIONS_DEFAULT = 1000;

const historyQuery = z.strictObject({
  limit: z.coerce
    .number({ error: expecting(`a whole number from 1 to ${SESSIONS_MAX}`) })
    .int({ error: expecting('a whole number') })
    .min(1, { error: expecting('at least 1') })
    .max(SESSIONS_MAX, { error: expecting(`at most ${SESSIONS_MAX}`) })
    .default(SESSIONS_DEFAULT)
    .describe('Sessions, those that began last.'),
});

export function addWorkflowHistoryRoute(api: Api, { queries }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/workflows/:name/history',
    schema: {
      operationId: 'getWorkflowHistory',
      tags: ['workflows'],
      summary: 'What finalized sessions of a workflow had spent by each of their turns',
      description:
        'Without those in which something has no price, and those without turns. Empty for an unknown workflow.',
      params: z.object({ name: z.string().describe('The workflow, percent-encoded.') }),
      querystring: historyQuery,
      response: answers({ description: 'The sessions.', schema: workflowHistorySchema }),
    },
    handler: async (request, reply) => {
      const asking = queries.cancelledBy(whileWaiting(reply));
      const { name } = request.params;
      return workflowHistoryDocument(
        name,
        await asking.workflowHistory(tenantAsking(request), name, request.query.limit),
      );
    },
  });
}
