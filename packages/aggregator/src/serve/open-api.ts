// The OpenAPI document, made from the schemas of the routes.

import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import type { $ZodType, JSONSchema } from 'zod/v4/core';
import type { Api } from './api-context.ts';

export const OPEN_API_PATH = '/api/v1/openapi.json';

const DESCRIPTION = `Figures of sessions and workflows, exactly as the ledger has them.

Keys go into \`Authorization: Bearer <key>\`; \`X-Scope-OrgID\` picks one of a key's tenants. A service without keys answers this machine
alone, for the tenant of \`X-Scope-OrgID\` or \`default\`.

Errors are problem details (RFC 9457). Names in paths are percent-encoded. Money is given in US dollars as a number and exactly, as an
integer number of billionths in a string. Times are ISO 8601, UTC.`;

/** Has routes that are registered from here on documented. */
export async function documentRoutes(api: Api): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Turnmeter', version: '1.0.0', description: DESCRIPTION },
      tags: [
        { name: 'sessions', description: 'What sessions took and cost.' },
        { name: 'workflows', description: 'What sessions of a workflow normally take and cost.' },
        { name: 'over time', description: 'What was used by day and hour, and what will be.' },
        { name: 'cost control', description: 'What sessions may cost, and who has to stop.' },
        { name: 'alerts', description: 'What a webhook is told of.' },
        { name: 'books', description: 'How figures came about.' },
        { name: 'service', description: 'The service itself.' },
      ],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key of the service, where it has keys.' },
          tenant: { type: 'apiKey', in: 'header', name: 'X-Scope-OrgID', description: 'One of the key’s tenants.' },
        },
      },
      security: [{ key: [] }, { key: [], tenant: [] }, { tenant: [] }, {}],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { override: simplify } }),
    transformObject: (document) => {
      const { components, ...whole } = writeComponents(document) as Partial<OpenAPIV3_1.Document>;
      // What is sent has no names; only what is answered has.
      const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'));
      return { ...whole, components: { ...components, schemas: Object.fromEntries(schemas) } };
    },
  });
}

const writeComponents = createJsonSchemaTransformObject({ zodToJsonConfig: { override: simplify } });

interface SchemaContext {
  readonly zodSchema: $ZodType;
  readonly jsonSchema: JSONSchema.BaseSchema;
}

/** Leaves out what nobody asked for: bounds that all integers have, patterns beside formats, and that answers will never have more fields. */
function simplify({ zodSchema, jsonSchema }: SchemaContext): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) delete jsonSchema.additionalProperties;
  delete jsonSchema.readOnly;
}

export function addOpenApiRoute(api: Api): void {
  let document: string | undefined;
  api.route({
    method: 'GET',
    url: OPEN_API_PATH,
    schema: { hide: true },
    handler: async (_request, reply) => {
      document ??= JSON.stringify(api.swagger());
      return reply.type('application/json').send(document);
    },
  });
}
