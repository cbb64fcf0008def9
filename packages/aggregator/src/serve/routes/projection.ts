// GET /sessions/{id}/projection

import { z } from 'zod';
import { assessProgress } from '../../assess/progress.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { projectionDocument, projectionSchema } from '../documents/projection-document.ts';
import { noParameters } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { answers } from '../responses.ts';

export function addProjectionRoute(api: Api, { queries, control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/sessions/:id/projection',
    schema: {
      operationId: 'projectSession',
      tags: ['sessions'],
      summary: 'What a running session will have cost, how it stands beside others at its turn, and which were like it',
      description:
        'From finalized sessions of its workflow, nine of ten of which end within the interval: `turnmeter backtest` measures it on your history.',
      params: z.object({ id: z.string().describe('The session, percent-encoded.') }),
      querystring: noParameters,
      response: answers({ description: 'The projection.', schema: projectionSchema }, 404),
    },
    handler: async (request, reply) => {
      const tenant = tenantAsking(request);
      const asking = queries.cancelledBy(whileWaiting(reply));
      const { id } = request.params;
      const session = await asking.session(tenant, id);
      if (session === undefined) throw notFound('session', id, await asking.nearSessions(tenant, id));
      const known = await control.projector.historyOf(tenant, session.figures.workflow);
      const version = control.versions.of(tenant, session.figures);
      return projectionDocument(session, assessProgress(session, known.history, version), known);
    },
  });
}
