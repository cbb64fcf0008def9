// GET /workflows, GET /workflows/{name}

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { callerOf, tenantAsking } from '../callers.ts';
import {
  workflowDetailDocument,
  workflowDetailSchema,
  workflowDocument,
  workflowSchema,
} from '../documents/workflow-document.ts';
import { notFound } from '../problem.ts';
import { answers } from '../responses.ts';

const workflowsSchema = z.object({ workflows: z.array(workflowSchema).readonly() }).meta({ id: 'Workflows' });

export function addWorkflowRoutes(api: Api, { queries }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/workflows',
    schema: {
      operationId: 'listWorkflows',
      tags: ['workflows'],
      summary: 'Workflows with the averages of their finalized sessions, those of the most sessions first',
      description: 'Operators may ask for all tenants: X-Scope-OrgID: *.',
      querystring: z.strictObject({}),
      response: answers({ description: 'The workflows.', schema: workflowsSchema }),
    },
    handler: async (request) => {
      const workflows = await queries.workflows(callerOf(request).tenants);
      return { workflows: workflows.map(workflowDocument) };
    },
  });

  api.route({
    method: 'GET',
    url: '/workflows/:name',
    schema: {
      operationId: 'getWorkflow',
      tags: ['workflows'],
      summary: 'What a session of one workflow normally costs and takes, and how its agents respond',
      params: z.object({ name: z.string().describe('The workflow, percent-encoded.') }),
      querystring: z.strictObject({}),
      response: answers({ description: 'The workflow.', schema: workflowDetailSchema }, 404),
    },
    handler: async (request) => {
      const tenant = tenantAsking(request);
      const { name } = request.params;
      const [averages, agents] = await Promise.all([
        queries.workflow(tenant, name),
        queries.workflowAgents(tenant, name),
      ]);
      if (averages === undefined) throw notFound('workflow', name, await queries.nearWorkflows(tenant, name));
      return workflowDetailDocument(averages, agents);
    },
  });
}
