// In: HTTP requests from those who may read. Out: figures as JSON. Refused, as problem details: whoever has no key, what is not understood,
// and more at a time than can be answered.

import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Api, ApiContext } from './api-context.ts';
import { ScopesOf } from './access.ts';
import { type Admission, admitCallers, admitOthers } from './callers.ts';
import { EventStreams } from './event-streams.ts';
import { Gate } from './gate.ts';
import { refuseForeignPages } from './local-only.ts';
import { addOpenApiRoute, documentRoutes } from './open-api.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addBackupRoutes } from './routes/backups.ts';
import { addBalanceRoutes } from './routes/balances.ts';
import { addCheckRoute } from './routes/check.ts';
import { addCostCheckRoute } from './routes/cost-check.ts';
import { addDataQualityRoute } from './routes/data-quality.ts';
import { addExplainRoute } from './routes/explain.ts';
import { addExportRoute } from './routes/export.ts';
import { addFlushRoute } from './routes/flush.ts';
import { addGuardEventsRoute, addGuardSyncRoute } from './routes/guard.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addPolicyRoutes } from './routes/policies.ts';
import { addPriceRoute } from './routes/prices.ts';
import { addProducersRoute } from './routes/producers.ts';
import { addProjectionRoute } from './routes/projection.ts';
import { addRepriceRoute } from './routes/reprice.ts';
import { addSessionEventRoutes } from './routes/session-events.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addStopRoutes } from './routes/stops.ts';
import { addTotalsRoute } from './routes/totals.ts';
import { addTrendRoutes } from './routes/trends.ts';
import { addWorkflowHistoryRoute } from './routes/workflow-history.ts';
import { addWorkflowRoutes } from './routes/workflows.ts';
import { answerBrokenRequest, sendProblem, sendProblems } from './send-problem.ts';
import { ServeError } from './serve-error.ts';
import { withUnknownPaths } from './unknown-paths.ts';

export interface ApiServerOptions extends Omit<ApiContext, 'nowUs' | 'streams'> {
  readonly logger: Logger;
  /** Address to listen on. Any but loopback needs keys. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** µs since the epoch. @default the system's clock */
  readonly nowUs?: () => number;
  readonly limits?: ApiLimits;
}

export interface ApiLimits {
  /** Time in which a request must have arrived, ms. @default 10000 */
  readonly requestTimeoutMs?: number;
  /** How long a client may neither send nor take anything while an answer is under way, ms. @default 60000 */
  readonly stallTimeoutMs?: number;
  /** How long answers that are under way may take when the server stops, ms. @default 10000 */
  readonly stopTimeoutMs?: number;
  /** How long nothing may have been sent on a stream of events before a sign of life is, ms. @default 15000 */
  readonly heartbeatMs?: number;
  /** What the reader of a stream may be behind before it is cut, bytes. @default 1 MiB */
  readonly behindBytesMax?: number;
}

export interface ApiServer {
  readonly port: number;
  /** Lets answers that are under way finish, within bounds, and closes. */
  stop(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const BODY_BYTES_MAX = 64 * 1024;
/** Session ids and cursors may be long. */
const HEAD_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 1024;
/** Checks and syncs of guards at a time. */
const CHECKS_MAX = 192;
const CHECKS_MAX_EACH = 128;
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than any query but an audit. */
const STALL_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
/** How often slow requests are looked for, ms. */
const CHECK_INTERVAL_MS = 1000;

/** Answers are one tenant's, and no page of another origin has a use for them. */
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** @throws ServeError */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { keyring, host, port, limits = {} } = options;
  if (keyring.isOpen && !LOOPBACK.has(host)) {
    throw new ServeError(
      'exposed_without_keys',
      `listening on ${host} needs keys: without them everybody who reaches the port can read all tenants`,
    );
  }
  const api = createHttp(limits);
  const state = { isStopping: false };
  addHooks(api, options, state);
  const streams = new EventStreams({ telemetry: options.telemetry, logger: options.logger, ...limits });
  await addRoutes(api, { ...options, streams, nowUs: options.nowUs ?? (() => Date.now() * 1000) });
  try {
    await api.listen({ host, port });
  } catch (cause) {
    await api.close();
    throw new ServeError('port_unavailable', `cannot listen on ${host}, port ${port}`, { cause });
  }
  return {
    port: (api.server.address() as AddressInfo).port,
    stop: async () => {
      state.isStopping = true;
      streams.stop();
      const timer = setTimeout(() => api.server.closeAllConnections(), limits.stopTimeoutMs ?? STOP_TIMEOUT_MS);
      await api.close();
      clearTimeout(timer);
    },
  };
}

function createHttp({ requestTimeoutMs = REQUEST_TIMEOUT_MS, stallTimeoutMs = STALL_TIMEOUT_MS }: ApiLimits): Api {
  const api: Api = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: stallTimeoutMs,
    forceCloseConnections: 'idle',
    // Those who ask while the service stops get a problem as all others do.
    return503OnClosing: false,
    routerOptions: { maxParamLength: HEAD_BYTES_MAX, ignoreTrailingSlash: true },
    clientErrorHandler: answerBrokenRequest,
    // Paths that cannot be decoded get to no hook and no route.
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemOf(error)),
    http: {
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
  }).withTypeProvider<ZodTypeProvider>();
  api.server.maxConnections = CONNECTIONS_MAX;
  // What forms of web pages can send anywhere is JSON to nobody.
  api.removeContentTypeParser('text/plain');
  api.setValidatorCompiler(validatorCompiler);
  // Schemas describe answers; that answers are so is for tests to find out, and not for every request.
  api.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  return api;
}

function addHooks(
  api: Api,
  { keyring, logger, telemetry }: ApiServerOptions,
  state: { readonly isStopping: boolean },
): void {
  sendProblems(api, logger);
  api.addHook('onRequest', async (request, reply) => {
    void reply.headers(HEADERS);
    if (keyring.isOpen) refuseForeignPages(request.headers);
    if (!state.isStopping) return;
    throw new Problem({ status: 503, code: 'stopping', detail: 'The service stops.', retryAfterSeconds: 5 });
  });
  api.addHook('onSend', async (_request, reply) => {
    // A connection that is kept would be waited for.
    if (state.isStopping) void reply.header('connection', 'close');
  });
  api.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    telemetry.count('turnmeter_api_requests_total', { route, code: String(reply.statusCode) });
    telemetry.observe('turnmeter_api_request_duration_seconds', reply.elapsedTime / 1000, { route });
  });
}

async function addRoutes(api: Api, context: ApiContext): Promise<void> {
  await documentRoutes(api);
  await withUnknownPaths(api, async () => {
    addHealthRoutes(api, context);
    addOpenApiRoute(api);
    await api.register(
      async (routes: Api) => {
        admitCallers(routes, context);
        addSessionRoutes(routes, context);
        addProjectionRoute(routes, context);
        addWorkflowRoutes(routes, context);
        addWorkflowHistoryRoute(routes, context);
        addTotalsRoute(routes, context);
        addTrendRoutes(routes, context);
        addExplainRoute(routes, context);
        addProducersRoute(routes, context);
        addDataQualityRoute(routes, context);
        addCheckRoute(routes, context);
        addExportRoute(routes, context);
        addBackupRoutes(routes, context);
        addPriceRoute(routes, context);
        addRepriceRoute(routes, context);
        addFlushRoute(routes, context);
        addPolicyRoutes(routes, context);
        addKeyRoutes(routes, context);
        addAlertRoutes(routes, context);
      },
      { prefix: '/api/v1' },
    );
    await addWithoutDatabase(api, context);
  });
}

/**
 * What is answered from memory or by the control store, or goes on for long, takes no place of those who ask the database: a stop is obeyed
 * while dashboards are busy, and a hundred processes reserve at once.
 */
async function addWithoutDatabase(api: Api, context: ApiContext): Promise<void> {
  const gate = new Gate({ name: 'checks', max: CHECKS_MAX, maxEach: CHECKS_MAX_EACH });
  const changes = new Gate({ name: 'changes', max: CHECKS_MAX, maxEach: CHECKS_MAX_EACH });
  const inScope = async (admission: Admission, add: (routes: Api) => void): Promise<void> => {
    const addAll = async (routes: Api): Promise<void> => {
      admitOthers(routes, context, admission);
      add(routes);
    };
    await api.register(addAll, { prefix: '/api/v1' });
  };
  await inScope({ scopes: ScopesOf.EVERYBODY, gate }, (routes) => addCostCheckRoute(routes, context));
  await inScope({ scopes: ScopesOf.APPS, gate }, (routes) => addGuardSyncRoute(routes, context));
  await inScope({ scopes: ScopesOf.APPS, gate: undefined }, (routes) => addGuardEventsRoute(routes, context));
  await inScope({ scopes: ScopesOf.READERS, gate: undefined }, (routes) => addSessionEventRoutes(routes, context));
  await inScope({ scopes: ScopesOf.READERS, gate: changes }, (routes) => {
    addStopRoutes(routes, context);
    addBalanceRoutes(routes, context);
  });
}
