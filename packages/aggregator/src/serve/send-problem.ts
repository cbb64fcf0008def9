// How problems are sent: by status and headers for clients, in the log for operators where they are our own fault.

import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Api } from './api-context.ts';
import { Problem, PROBLEM_TYPE } from './problem.ts';
import { problemOf } from './problem-of.ts';

/** Whatever goes wrong on a route becomes a problem. */
export function sendProblems(api: Api, logger: Logger): void {
  api.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    // Of whoever has gone away nobody hears how it ended.
    if (problem.status >= 500 && !reply.raw.destroyed) {
      const details = { err: problem.cause ?? error, code: problem.code, route: request.routeOptions.url };
      logger.error(details, 'a request could not be answered');
    }
    return sendProblem(reply, problem);
  });
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, details, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  // The rest of a body that nobody will read is not worth a connection.
  if (status === 413) void reply.header('connection', 'close');
  return reply.code(status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(details);
}

const BROKEN: Readonly<Record<string, { readonly status: number; readonly title: string; readonly detail: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', detail: 'The request did not arrive in time.' },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: 'Request Header Fields Too Large',
    detail: 'Path and headers are longer than they may be.',
  },
};
const NO_HTTP = { status: 400, title: 'Bad Request', detail: 'The request is no HTTP/1.1.' };

/** What is no HTTP, or did not arrive in time, never gets to a route. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, title, detail } = BROKEN[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify(new Problem({ status, code: 'request_broken', detail }).details);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
