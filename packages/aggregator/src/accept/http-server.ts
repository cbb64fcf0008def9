// OTLP/HTTP: one path for each signal, protobuf and JSON, every answer in the request's own encoding.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import { Signal } from '@turnmeter/accounting';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Telemetry } from '../telemetry.ts';
import type { Holding } from './byte-budget.ts';
import { grpcStatusOf } from './grpc-status.ts';
import { type ContentEncoding, parseContentEncoding } from './inflate.ts';
import type { Intake } from './intake.ts';
import { encodeAnswer, encodeFailure, type Encoding, MEDIA_TYPES } from './otlp-answer.ts';
import { readBody } from './read-body.ts';
import { Refusal, refusalOf, RefusalReason } from './refusal.ts';

export interface HttpOptions {
  readonly intake: Intake;
  readonly telemetry: Telemetry;
  /** Origins of web pages that may send, for exporters in browsers; none by default. */
  readonly corsOrigins: readonly string[];
  /** Time in which a request must have arrived (ms). */
  readonly requestTimeoutMs: number;
}

const PATHS: Readonly<Record<string, Signal>> = {
  '/v1/traces': Signal.SPAN,
  '/v1/logs': Signal.LOG,
  '/v1/metrics': Signal.METRIC,
};

/** Headers come within this time, whatever the body takes (ms). */
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than load balancers keep idle connections (60 s), so that they close them and not we, in the middle of a request (ms). */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** How often the above are checked (ms). */
const CHECK_INTERVAL_MS = 1000;
const CONNECTIONS_MAX = 4096;

/** What was found out about a request before its body was read. */
interface Admission {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly contentEncoding: ContentEncoding;
  readonly tenants: ReturnType<Intake['admit']>;
  readonly holding: Holding;
}

export function createHttpServer(options: HttpOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // `intake` answers in our own form while the service stops.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerBrokenRequest,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  if (options.corsOrigins.length > 0) {
    // Preflights carry no key; only origins that were named are answered.
    void app.register(cors, { origin: [...options.corsOrigins], methods: ['POST'], maxAge: 600 });
  }
  const admissions = new WeakMap<FastifyRequest, Admission>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const holding = admissions.get(request)?.holding ?? options.intake.budget.open();
    try {
      const limits = { bytesMax: options.intake.bodyBytesMax, declared: lengthOf(request.headers), holding };
      return await readBody(payload, limits);
    } catch (error) {
      // Of a sender who went away half way, no later hook would hear.
      holding.release();
      throw error;
    }
  });
  app.addHook('onResponse', (request, reply, done) => {
    countRequest(options.telemetry, request, reply);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendRefusal(reply, request, refusalOf(error), options.telemetry));
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(
      reply,
      request,
      new Refusal(RefusalReason.UNKNOWN_PATH, `unknown path, expected ${Object.keys(PATHS).join(', ')}`),
      options.telemetry,
    ),
  );
  for (const [path, signal] of Object.entries(PATHS)) addRoutes(app, path, signal, { ...options, admissions });
  return app;
}

function addRoutes(
  app: FastifyInstance,
  path: string,
  signal: Signal,
  { intake, admissions }: HttpOptions & { admissions: WeakMap<FastifyRequest, Admission> },
): void {
  app.route({
    method: 'POST',
    url: path,
    onRequest: (request, _reply, done) => {
      const { headers } = request;
      const encoding = requireEncoding(headers);
      const contentEncoding = parseContentEncoding(headers['content-encoding']);
      const tenants = intake.admit({
        authorization: headers.authorization,
        tenant: headerOf(headers, 'x-scope-orgid'),
      });
      admissions.set(request, { signal, encoding, contentEncoding, tenants, holding: intake.budget.open() });
      done();
    },
    handler: async (request, reply) => {
      const admission = admissions.get(request);
      if (admission === undefined) throw new Refusal(RefusalReason.FAULT, 'request was not admitted');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const { encoding, holding } = admission;
      try {
        const result = await intake.take({ ...admission, body });
        return await reply.header('content-type', MEDIA_TYPES[encoding]).send(encodeAnswer(encoding, signal, result));
      } finally {
        holding.release();
      }
    },
  });
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    url: path,
    onRequest: (_request, reply, done) => {
      void reply.header('allow', 'POST');
      done(new Refusal(RefusalReason.BAD_METHOD, 'method not allowed, expected POST'));
    },
    handler: () => undefined,
  });
}

function encodingOf(headers: IncomingHttpHeaders): Encoding | undefined {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.protobuf) return 'protobuf';
  return mediaType === MEDIA_TYPES.json ? 'json' : undefined;
}

function requireEncoding(headers: IncomingHttpHeaders): Encoding {
  const encoding = encodingOf(headers);
  if (encoding !== undefined) return encoding;
  throw new Refusal(
    RefusalReason.BAD_MEDIA_TYPE,
    `unknown content type, expected ${Object.values(MEDIA_TYPES).join(' or ')}`,
  );
}

/** A header that was sent twice comes joined by a comma, which no tenant name has. */
function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function lengthOf(headers: IncomingHttpHeaders): number | undefined {
  const length = Number(headers['content-length']);
  return Number.isSafeInteger(length) ? length : undefined;
}

function sendRefusal(
  reply: FastifyReply,
  request: FastifyRequest,
  refusal: Refusal,
  telemetry: Telemetry,
): FastifyReply {
  telemetry.count('turnmeter_records_refused_total', { stage: 'accept', reason: refusal.code });
  const encoding = encodingOf(request.headers) ?? 'json';
  const { retryAfterMs } = refusal;
  if (retryAfterMs !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  if (refusal.status === 401) void reply.header('www-authenticate', 'Bearer');
  // The rest of a body that nobody will read is not worth a connection.
  if (refusal.status === 413) void reply.header('connection', 'close');
  return reply
    .code(refusal.status)
    .header('content-type', MEDIA_TYPES[encoding])
    .send(encodeFailure(encoding, { code: grpcStatusOf(refusal), message: refusal.message, retryAfterMs }));
}

function countRequest(telemetry: Telemetry, request: FastifyRequest, reply: FastifyReply): void {
  const signal = PATHS[request.routeOptions.url ?? ''] ?? 'none';
  const protocol = `http/${encodingOf(request.headers) ?? 'other'}`;
  telemetry.count('turnmeter_requests_total', { signal, protocol, code: String(reply.statusCode) });
  telemetry.observe('turnmeter_request_duration_seconds', reply.elapsedTime / 1000, { signal, protocol });
}

/** What is no HTTP, or did not arrive in time. A Collector drops a batch on 408, so a slow one gets 503. */
function answerBrokenRequest(this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = isSlow
    ? '503 Service Unavailable\r\nRetry-After: 2'
    : error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request';
  const body = encodeFailure('json', {
    code: isSlow ? 14 : 3,
    message: isSlow ? 'the request did not arrive in time' : 'the request is no HTTP/1.1',
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body.toString()}`,
  );
}
