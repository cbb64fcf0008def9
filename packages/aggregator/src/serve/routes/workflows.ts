// GET /workflows, GET /workflows/{name}

import { z } from 'zod';
import { SessionState } from '../../query/session-filter.ts';
import { noAverages } from '../../query/workflows.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { callerOf, tenantAsking, whileWaiting } from '../callers.ts';
import {
  workflowDetailDocument,
  workflowDetailSchema,
  workflowDocument,
  workflowSchema,
} from '../documents/workflow-document.ts';
import { noParameters } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { answers } from '../responses.ts';

const workflowsSchema = z
  .object({
    workflows: z.array(workflowSchema).readonly(),
    is_truncated: z.boolean().meta({ description: 'There are more workflows than one answer has.' }),
  })
  .meta({ id: 'Workflows' });

export function addWorkflowRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addOne(api, context);
}

function addList(api: Api, { queries }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/workflows',
    schema: {
      operationId: 'listWorkflows',
      tags: ['workflows'],
      summary: 'Workflows with the averages of their finalized sessions, those of the most sessions first',
      description: 'Operators may ask for all tenants: X-Scope-OrgID: *.',
      querystring: noParameters,
      response: answers({ description: 'The workflows.', schema: workflowsSchema }),
    },
    handler: async (request, reply) => {
      const asking = queries.cancelledBy(whileWaiting(reply));
      const { workflows, isTruncated } = await asking.workflows(callerOf(request).tenants);
      return { workflows: workflows.map(workflowDocument), is_truncated: isTruncated };
    },
  });
}

function addOne(api: Api, { queries }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/workflows/:name',
    schema: {
      operationId: 'getWorkflow',
      tags: ['workflows'],
      summary:
        'What a session of one workflow normally costs and takes, how its agents respond, and its versions beside one another',
      description: 'Averages are null while none of its sessions is finalized.',
      params: z.object({ name: z.string().describe('The workflow, percent-encoded.') }),
      querystring: noParameters,
      response: answers({ description: 'The workflow.', schema: workflowDetailSchema }, 404),
    },
    handler: async (request, reply) => {
      const tenant = tenantAsking(request);
      const asking = queries.cancelledBy(whileWaiting(reply));
      const { name } = request.params;
      const [averages, agents, versions] = await Promise.all([
        asking.workflow(tenant, name),
        asking.workflowAgents(tenant, name),
        asking.workflowVersions(tenant, name),
      ]);
      if (averages !== undefined) return workflowDetailDocument(averages, agents, versions);
      const { sessions } = await asking.sessions(tenant, {
        filter: { workflow: name, state: SessionState.RUNNING },
        limit: 1,
      });
      if (sessions.length > 0) return workflowDetailDocument(noAverages(tenant, name), [], versions);
      throw notFound('workflow', name, await asking.nearWorkflows(tenant, name));
    },
  });
}
