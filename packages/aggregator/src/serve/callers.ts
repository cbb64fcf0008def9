// Who asks, and for how long somebody waits for the answer.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type Caller, type Scopes, ScopesOf, tenantOf } from './access.ts';
import type { Api, ApiContext } from './api-context.ts';
import { Gate } from './gate.ts';

const CALLER = 'caller';
/** Requests answered at a time; each asks the database up to five times. */
const REQUESTS_MAX = 32;
const REQUESTS_MAX_EACH = 16;

/** Nobody gets to the routes registered from here on without being known, nor too many of them. Bodies are read afterwards. */
export function admitCallers(api: Api, context: Pick<ApiContext, 'keyring'>): void {
  const gate = new Gate({ name: 'requests', max: REQUESTS_MAX, maxEach: REQUESTS_MAX_EACH });
  admitOthers(api, context, { scopes: ScopesOf.READERS, gate });
}

export interface Admission {
  readonly scopes: Scopes;
  /** How many may ask at a time; undefined where the routes see to it. */
  readonly gate: Gate | undefined;
}

/** The same for routes that are answered from memory, asked by others, or for longer. */
export function admitOthers(api: Api, { keyring }: Pick<ApiContext, 'keyring'>, { scopes, gate }: Admission): void {
  api.decorateRequest(CALLER, null);
  api.addHook('onRequest', async (request, reply) => {
    const caller = authenticate(request.headers, keyring, scopes);
    request.setDecorator<Caller>(CALLER, caller);
    if (gate !== undefined) reply.raw.once('close', gate.enter(nameOf(caller)));
  });
}

export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/** Who writes where there are no keys. */
const ANONYMOUS = 'anonymous';

/** Under which name what somebody writes is kept. */
export function authorOf(request: FastifyRequest): string {
  const { key } = callerOf(request);
  return key === '' ? ANONYMOUS : key;
}

/** The one tenant that a request is about. @throws Problem 400 */
export function tenantAsking(request: FastifyRequest): string {
  return tenantOf(callerOf(request));
}

/** Takes a place until the answer is sent. @throws Problem 429 */
export function enterUntilAnswered(gate: Gate, request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('close', gate.enter(nameOf(callerOf(request))));
}

function nameOf({ tenants }: Caller): string {
  return tenants === 'every' ? '*' : tenants.tenant;
}

/** Aborted when whoever asked has gone away without the answer. */
export function whileWaiting(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** For answers that take minutes: a connection on which nothing moves is not cut. Only for what few may ask for at a time. */
export function allowSilence(request: FastifyRequest): void {
  request.raw.socket.setTimeout(0);
}
