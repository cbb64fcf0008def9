import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { anthropicErrors } from '../anthropic/errors.ts';
import type { ErrorDialect } from '../dialect.ts';
import type { Failure } from '../failures.ts';
import { googleErrors } from '../google/errors.ts';
import { Outcome } from '../ledger/entry.ts';
import { openaiErrors } from '../openai/errors.ts';
import type { Desk } from './desk.ts';
import { openEntry } from './open-entry.ts';

/** Refuses what no route takes and what cannot be read, in the shape of the provider that the caller seems to mean. */
export function refuseUnknown(app: FastifyInstance, desk: Desk): void {
  app.setNotFoundHandler((request, reply) => {
    refuse(desk, { request, reply }, { status: 404, message: `Invalid URL (${request.method} ${request.url})` });
  });
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, request, reply) => {
    refuse(desk, { request, reply }, { status: error.statusCode ?? 500, message: error.message });
  });
}

function refuse(
  { ledger }: Desk,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  failure: Failure,
): void {
  const dialect = dialectOf(request);
  const requestId = dialect.newRequestId();
  const number = openEntry(ledger, request, { endpoint: 'unknown', requestId });
  ledger.note(number, { status: failure.status, outcome: Outcome.refused });
  reply.headers(dialect.headers(requestId)).code(failure.status).send(dialect.errorBody(failure, requestId));
}

/** The provider whose client a request seems to come from. */
export function dialectOf(request: FastifyRequest): ErrorDialect {
  if ('anthropic-version' in request.headers || request.url.startsWith('/v1/messages')) return anthropicErrors;
  if ('x-goog-api-key' in request.headers || /^\/v1(?:beta|alpha|\/projects)/u.test(request.url)) return googleErrors;
  return openaiErrors;
}
