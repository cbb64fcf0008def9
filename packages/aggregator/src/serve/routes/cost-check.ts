// POST /cost/check

import { z } from 'zod';
import type { Api, ApiContext } from '../api-context.ts';
import { CostChecks } from '../../control/cost-check.ts';
import { tenantAsking } from '../callers.ts';
import { costCheckDocument, costCheckSchema } from '../documents/cost-check-document.ts';
import { countBody, nameBody } from '../bodies.ts';
import { expecting, noParameters } from '../parameters.ts';
import { answers } from '../responses.ts';

/** Nano-USD are whole, and numbers hold them exactly up to 2^53. */
const USD_MAX = 9_000_000;
const USD_EXPECTED = expecting(`US dollars from 0 to ${USD_MAX} as a number`);

const checkBody = z
  .strictObject(
    {
      workflow: nameBody('the name of a workflow'),
      current_cost: z
        .number({ error: USD_EXPECTED })
        .min(0, { error: USD_EXPECTED })
        .max(USD_MAX, { error: USD_EXPECTED })
        .optional()
        .describe('US dollars that the session has cost so far; may be left out with session_id.'),
      current_tokens: countBody('Tokens of prompts and answers so far; may be left out with session_id.').optional(),
      session_id: nameBody('the id of a session')
        .optional()
        .describe('With it the figures of the ledger count where they are higher.'),
      workflow_version: nameBody('a version').optional(),
      turns: countBody('Turns so far: projections are better with them.').optional(),
    },
    { error: expecting('a JSON object with workflow, current_cost and current_tokens') },
  )
  .superRefine(({ session_id, current_cost, current_tokens }, context) => {
    if (session_id !== undefined) return;
    const missing = { current_cost, current_tokens };
    for (const [field, value] of Object.entries(missing)) {
      if (value === undefined) {
        context.addIssue({ code: 'custom', path: [field], message: 'expected a number, received none' });
      }
    }
  });

export function addCostCheckRoute(api: Api, { control, queries }: ApiContext): void {
  const { standings, costs, versions } = control;
  const checks = new CostChecks({ standings, costs, versions, queries });
  api.route({
    method: 'POST',
    url: '/cost/check',
    schema: {
      operationId: 'checkCost',
      tags: ['cost control'],
      summary: 'Whether a session is still within what sessions of its workflow may cost',
      description:
        'Answered from memory. What is expected is at most some 5 seconds old, policies a quarter of a second; what the ledger has of the session is what it had at the check before, where that was in the last 30 seconds.',
      querystring: noParameters,
      body: checkBody,
      response: answers({ description: 'How it stands, and what to do.', schema: costCheckSchema }),
    },
    handler: async (request) => {
      const { workflow, current_cost = 0, current_tokens = 0, session_id, workflow_version, turns } = request.body;
      const check = await checks.check({
        tenant: tenantAsking(request),
        workflow,
        version: workflow_version,
        nanoUsd: Math.round(current_cost * 1e9),
        tokens: current_tokens,
        turns,
        sessionId: session_id,
      });
      return costCheckDocument(workflow, check);
    },
  });
}
