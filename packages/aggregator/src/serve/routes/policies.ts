// GET and PUT /policies, GET /policies/history, GET /policies/resolved

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EVERY_TENANT } from '../../control/policy-book.ts';
import { POLICIES_MAX } from '../../control/policy-writing.ts';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { authorOf, callerOf, tenantAsking } from '../callers.ts';
import {
  policiesDocument,
  type PoliciesDocument,
  policiesSchema,
  policySetDocument,
  policySetSchema,
  resolvedPolicyDocument,
  resolvedPolicySchema,
} from '../documents/policies-document.ts';
import { expecting, nameParameter, noParameters } from '../parameters.ts';
import { Problem, shown } from '../problem.ts';
import { answers } from '../responses.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const HISTORY_MAX = 200;
const HISTORY_DEFAULT = 20;

const putBody = z.strictObject(
  {
    policies: z
      .array(z.unknown(), { error: expecting('a list of policies') })
      .max(POLICIES_MAX, { error: `expected at most ${POLICIES_MAX} policies` })
      .describe('All policies of the tenant; what is left out is taken away.'),
  },
  { error: expecting('a JSON object with policies') },
);

const historyQuery = z.strictObject({
  before: z.coerce
    .number({ error: expecting('a version') })
    .int({ error: expecting('a version') })
    .min(1, { error: expecting('a version of at least 1') })
    .optional()
    .describe('Versions before this one.'),
  limit: z.coerce
    .number({ error: expecting(`a whole number from 1 to ${HISTORY_MAX}`) })
    .int({ error: expecting('a whole number') })
    .min(1, { error: expecting('at least 1') })
    .max(HISTORY_MAX, { error: expecting(`at most ${HISTORY_MAX}`) })
    .default(HISTORY_DEFAULT)
    .describe('Versions in one answer.'),
});

const historySchema = z
  .object({ versions: z.array(policySetSchema).readonly(), next_before: z.number().int().nullable() })
  .meta({ id: 'PolicyHistory' });

const resolvedQuery = z.strictObject({
  workflow: nameParameter('Sessions of this workflow.'),
  agent: nameParameter('The part of a session that this agent spends.'),
  model: nameParameter('The part of a session that this model costs.'),
});

export function addPolicyRoutes(api: Api, context: ApiContext): void {
  addRead(api, context);
  addWrite(api, context);
  addHistory(api, context);
  addResolved(api, context);
}

function addRead(api: Api, { control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/policies',
    schema: {
      operationId: 'getPolicies',
      tags: ['cost control'],
      summary: 'What sessions may cost: the tenant’s policies, and those for all tenants',
      description: 'Operators ask for those for all tenants with X-Scope-OrgID: *. The ETag is the version.',
      querystring: noParameters,
      response: answers({ description: 'The policies.', schema: policiesSchema }),
    },
    handler: async (request, reply) => sendPolicies(reply, await readPolicies(control, request)),
  });
}

function addWrite(api: Api, { control, nowUs }: ApiContext): void {
  api.route({
    method: 'PUT',
    url: '/policies',
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      operationId: 'putPolicies',
      tags: ['cost control'],
      summary: 'Replaces the tenant’s policies',
      description:
        'If-Match with the ETag that was read refuses to write over what somebody else wrote meanwhile (412). With X-Scope-OrgID: * an operator writes those for all tenants.',
      querystring: noParameters,
      body: putBody,
      response: answers({ description: 'The policies as they are now.', schema: policiesSchema }, 412),
    },
    handler: async (request, reply) => {
      refuseReaders(callerOf(request));
      const tenant = ownerAsked(request);
      const written = await control.writePolicies({
        tenant,
        list: request.body.policies,
        by: authorOf(request),
        atMs: nowUs() / 1000,
        expectedVersion: versionExpected(request),
      });
      if (written.problems !== undefined) {
        const errors = written.problems.map(({ field, message }) => ({ parameter: field, detail: message }));
        const detail = errors.map(({ parameter, detail: what }) => `${parameter}: ${what}`).join('; ');
        throw new Problem({ status: 400, code: 'policy_invalid', detail: shown(detail), errors });
      }
      return sendPolicies(reply, await readPolicies(control, request));
    },
  });
}

function addHistory(api: Api, { control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/policies/history',
    schema: {
      operationId: 'getPolicyHistory',
      tags: ['cost control'],
      summary: 'Who wrote which policies when, the latest first',
      querystring: historyQuery,
      response: answers({ description: 'Versions.', schema: historySchema }),
    },
    handler: async (request) => {
      const { before, limit } = request.query;
      const tenant = ownerAsked(request);
      const versions = await control.store.policies.history(tenant, { before, limit: limit + 1 });
      const page = versions.slice(0, limit);
      return {
        versions: page.map((set) => policySetDocument(set, tenant === EVERY_TENANT ? null : tenant)),
        next_before: versions.length > limit ? (page.at(-1)?.version ?? null) : null,
      };
    },
  });
}

function addResolved(api: Api, { control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/policies/resolved',
    schema: {
      operationId: 'resolvePolicy',
      tags: ['cost control'],
      summary: 'What holds for a session of a workflow, or for a part of it, and which policy says so',
      querystring: resolvedQuery,
      response: answers({ description: 'Each number with where it came from.', schema: resolvedPolicySchema }),
    },
    handler: async (request) => {
      const tenant = tenantAsking(request);
      const { policy, version } = await control.resolve({ tenant, ...request.query });
      return resolvedPolicyDocument(policy, version);
    },
  });
}

async function readPolicies(control: ApiContext['control'], request: FastifyRequest): Promise<PoliciesDocument> {
  const owner = ownerAsked(request);
  if (owner !== EVERY_TENANT) return policiesDocument(await control.policies.of(owner));
  return { ...policySetDocument(await control.policySet(EVERY_TENANT), null), inherited: null };
}

function sendPolicies(reply: FastifyReply, document: PoliciesDocument): PoliciesDocument {
  void reply.header('etag', `"${document.version}"`);
  return document;
}

/** Whose policies a request is about; `*` can only be asked for with a key for all tenants. */
function ownerAsked(request: FastifyRequest): string {
  const { tenants } = callerOf(request);
  return tenants === 'every' ? EVERY_TENANT : tenants.tenant;
}

/** The version of `If-Match: "3"`; undefined where any will do. */
function versionExpected({ headers }: FastifyRequest): number | undefined {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  const expected = 'expected one version as ETag has it, such as "3"';
  throw new Problem({
    status: 400,
    code: 'parameter_invalid',
    detail: `If-Match: ${expected}, received ${shown(header)}`,
    errors: [{ parameter: 'If-Match', detail: expected }],
  });
}
