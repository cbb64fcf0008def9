// GET, POST /keys, DELETE /keys/{name}: keys that are made and revoked while the service runs. For whoever may do anything for all tenants.

import { createHash, randomBytes } from 'node:crypto';
import { KeyScope, type StoredKey } from '@turnmeter/control-store';
import { z } from 'zod';
import { TENANT_NAME } from '../../tenant-name.ts';
import { refuseTenants } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { authorOf, callerOf } from '../callers.ts';
import { expecting, noParameters } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { answers } from '../responses.ts';

/** So that a key is known for one wherever it turns up. */
const KEY_PREFIX = 'tm_';
const KEY_BYTES = 32;
const TENANTS_MAX = 1000;
/** A key for single tenants that made others would be one for all. */
const DOING = 'Keys are made and revoked';

const NAME_EXPECTED = expecting('letters, digits and . _ @ -, at most 128 of them');
const nameSchema = z.string({ error: NAME_EXPECTED }).regex(TENANT_NAME, { error: NAME_EXPECTED });

const TENANTS_EXPECTED = expecting('a list of tenants, or "*" for all');

const addBody = z.strictObject(
  {
    name: nameSchema.describe('What logs and errors call the key; of a revoked key it cannot be used again.'),
    tenants: z
      .union([z.array(nameSchema).min(1).max(TENANTS_MAX), z.literal('*')], { error: TENANTS_EXPECTED })
      .describe('Tenants it may speak for and read; "*" is every tenant, for operators.'),
    scope: z.enum(KeyScope, { error: expecting('ingest, read or all') }).default(KeyScope.ALL),
  },
  { error: expecting('a JSON object with name, tenants and scope') },
);

export interface KeyDocument {
  readonly name: string;
  readonly tenants: readonly string[] | '*';
  readonly scope: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly revoked_by: string | null;
  readonly revoked_at: string | null;
}

/** The only answer that has the key itself. */
export interface NewKeyDocument extends KeyDocument {
  readonly key: string;
}

const keyShape = {
  name: z.string(),
  tenants: z.union([z.array(z.string()).readonly(), z.literal('*')]),
  scope: z.enum(KeyScope),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  revoked_by: z.string().nullable(),
  revoked_at: z.iso.datetime().nullable(),
};
const keySchema = z.object(keyShape).meta({ id: 'Key' });
const newKeySchema = z
  .object({ ...keyShape, key: z.string().meta({ description: 'The key. It is shown here and never again.' }) })
  .meta({ id: 'NewKey' });
const keysSchema = z.object({ keys: z.array(keySchema).readonly() }).meta({ id: 'Keys' });

export function addKeyRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addAdd(api, context);
  addRevoke(api, context);
}

function addList(api: Api, { control }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/keys',
    schema: {
      operationId: 'listKeys',
      tags: ['service'],
      summary: 'Keys that were made while the service ran, without what opens',
      description: 'Those of the configuration are not among them. For keys of all tenants: X-Scope-OrgID: *.',
      querystring: noParameters,
      response: answers({ description: 'The keys.', schema: keysSchema }),
    },
    handler: async (request) => {
      refuseTenants(callerOf(request), DOING);
      return { keys: (await control.store.keys.list()).map(keyDocument) };
    },
  });
}

function addAdd(api: Api, { control, keyring, nowUs }: ApiContext): void {
  api.route({
    method: 'POST',
    url: '/keys',
    schema: {
      operationId: 'addKey',
      tags: ['service'],
      summary: 'Makes a key, and shows it this once',
      description: 'It holds from the answer on, with other aggregators on the same store within a second.',
      querystring: noParameters,
      body: addBody,
      response: answers({ description: 'The key.', schema: newKeySchema }, 409),
    },
    handler: async (request) => {
      refuseTenants(callerOf(request), DOING);
      const { name, tenants, scope } = request.body;
      if (keyring.isOpen && (tenants !== '*' || scope !== KeyScope.ALL)) throw lockedOut();
      const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
      const sha256 = createHash('sha256').update(key).digest('hex');
      const stored = await control.store.keys.add({
        name,
        tenants,
        scope,
        sha256,
        by: authorOf(request),
        atMs: msOf(nowUs),
      });
      await control.catchUp();
      return { ...keyDocument(stored), key };
    },
  });
}

function addRevoke(api: Api, { control, nowUs }: ApiContext): void {
  api.route({
    method: 'DELETE',
    url: '/keys/:name',
    schema: {
      operationId: 'revokeKey',
      tags: ['service'],
      summary: 'Takes a key back for good',
      description: 'It opens nothing from the answer on, with other aggregators on the same store within a second.',
      params: z.object({ name: nameSchema.describe('The key.') }),
      querystring: noParameters,
      response: answers(
        { description: 'It is revoked.', schema: z.object({ revoked: z.literal(true) }).meta({ id: 'Revoked' }) },
        404,
      ),
    },
    handler: async (request) => {
      refuseTenants(callerOf(request), DOING);
      const { name } = request.params;
      const isRevoked = await control.store.keys.revoke({ name, by: authorOf(request), atMs: msOf(nowUs) });
      if (!isRevoked) throw notFound('key', name);
      await control.catchUp();
      return { revoked: true as const };
    },
  });
}

/** The first key closes a service that was open: whoever makes it must be able to go on. */
function lockedOut(): Problem {
  return new Problem({
    status: 409,
    code: 'first_key_must_operate',
    detail:
      'The first key closes the service to all who have none: expected one for all tenants ("*") with the scope all, with which others can be made.',
    errors: [{ parameter: 'tenants', detail: 'expected "*", as it is the first key' }],
  });
}

function keyDocument(key: StoredKey): KeyDocument {
  return {
    name: key.name,
    tenants: key.tenants,
    scope: key.scope,
    created_by: key.createdBy,
    created_at: new Date(key.createdAtMs).toISOString(),
    revoked_by: key.revokedBy,
    revoked_at: key.revokedAtMs === null ? null : new Date(key.revokedAtMs).toISOString(),
  };
}

function msOf(nowUs: () => number): number {
  return Math.floor(nowUs() / 1000);
}
