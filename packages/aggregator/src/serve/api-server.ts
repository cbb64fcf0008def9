// In: HTTP requests from those who may read. Out: figures as JSON. Refused, as problem details: whoever has no key, what is not understood,
// and more at a time than can be answered.

import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyReply } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Api, ApiContext } from './api-context.ts';
import { authenticateAll } from './callers.ts';
import { refuseForeignPages } from './local-only.ts';
import { Problem, PROBLEM_TYPE, shown } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { addExplainRoute } from './routes/explain.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addWorkflowRoutes } from './routes/workflows.ts';

export interface ApiServerOptions extends Omit<ApiContext, 'nowUs'> {
  readonly logger: Logger;
  /** Address to listen on. Any but loopback needs keys. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** @default the system's clock */
  readonly nowUs?: () => number;
}

export interface ApiServer {
  readonly port: number;
  /** Answers what was asked, nothing more, and closes. */
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024;
/** Names in paths may be long; the whole of a request's head may have 64 KiB. */
const HEAD_BYTES_MAX = 64 * 1024;

export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { keyring, logger, host, port } = options;
  const context: ApiContext = { ...options, nowUs: options.nowUs ?? (() => Date.now() * 1000) };
  const api: Api = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: HEAD_BYTES_MAX },
    http: { maxHeaderSize: HEAD_BYTES_MAX },
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  // Schemas describe answers; that answers are so is for tests to find out, not for every request.
  api.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  api.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500)
      logger.error({ err: problem.cause ?? error, route: request.routeOptions.url }, problem.message);
    return sendProblem(reply, problem);
  });
  api.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new Problem({ status: 404, code: 'path_unknown', detail: `There is nothing at ${shown(request.url)}.` }),
    ),
  );
  if (keyring.isOpen) api.addHook('onRequest', async ({ headers }) => refuseForeignPages(headers));
  addHealthRoutes(api, context);
  await api.register(
    async (routes: Api) => {
      authenticateAll(routes, keyring);
      addSessionRoutes(routes, context);
      addWorkflowRoutes(routes, context);
      addExplainRoute(routes, context);
    },
    { prefix: '/api/v1' },
  );
  await api.listen({ host, port });
  return { port: (api.server.address() as AddressInfo).port, stop: () => api.close() };
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, details, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(details);
}
