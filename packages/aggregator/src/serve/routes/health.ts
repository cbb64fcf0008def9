// GET /healthz, /readyz, /metrics: for those who run the service.

import { z } from 'zod';
import { authenticateOperator, mayOperate } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { PAGE_TYPES } from '../metrics-pages.ts';
import { answersOf } from '../responses.ts';

const readinessSchema = z
  .object({
    ready: z.boolean(),
    reasons: z
      .array(z.string())
      .readonly()
      .meta({ description: 'What is not as it should be; empty for those who have no key for all tenants.' }),
  })
  .meta({ id: 'Readiness' });
const healthSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Health' });

export function addHealthRoutes(api: Api, { operations, keyring, metricsPages }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/healthz',
    schema: {
      operationId: 'health',
      tags: ['service'],
      summary: 'Whether the process runs',
      security: [],
      response: { 200: { description: 'It runs.', content: { 'application/json': { schema: healthSchema } } } },
    },
    handler: () => ({ ok: true as const }),
  });

  api.route({
    method: 'GET',
    url: '/readyz',
    schema: {
      operationId: 'readiness',
      tags: ['service'],
      summary: 'Whether telemetry is taken, and what is not as it should be',
      security: [],
      response: {
        200: { description: 'It is ready.', content: { 'application/json': { schema: readinessSchema } } },
        503: { description: 'It is not.', content: { 'application/json': { schema: readinessSchema } } },
      },
    },
    handler: async (request, reply) => {
      const { isReady, reasons } = operations.readiness();
      // Anybody may know whether it is ready; why not is for whoever runs it.
      const shown = mayOperate(request.headers, keyring) ? reasons : [];
      return reply.code(isReady ? 200 : 503).send({ ready: isReady, reasons: shown });
    },
  });

  api.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      operationId: 'metrics',
      tags: ['service'],
      summary: 'Metrics for Prometheus: text, OpenMetrics or protobuf, as `Accept` asks; gzip',
      response: answersOf({
        description: 'Metrics.',
        content: Object.fromEntries(PAGE_TYPES.map((type) => [type, { schema: z.string() }])),
      }),
    },
    handler: async (request, reply) => {
      authenticateOperator(request.headers, keyring);
      const { accept, 'accept-encoding': encodings } = request.headers;
      const acceptEncoding = Array.isArray(encodings) ? encodings.join() : encodings;
      const { contentType, contentEncoding, body } = await metricsPages.write({ accept, acceptEncoding });
      if (contentEncoding !== undefined) void reply.header('content-encoding', contentEncoding);
      return reply.header('vary', 'accept, accept-encoding').type(contentType).send(body);
    },
  });
}
