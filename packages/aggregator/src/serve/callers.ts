import type { FastifyRequest } from 'fastify';
import type { Keyring } from '../keyring.ts';
import { authenticate, type Caller, tenantOf } from './access.ts';
import type { Api } from './api-context.ts';

const CALLER = 'caller';

/** Nobody gets to the routes registered from here on without being known. Bodies are read afterwards. */
export function authenticateAll(api: Api, keyring: Keyring): void {
  api.decorateRequest(CALLER, null);
  api.addHook('onRequest', async (request) => {
    request.setDecorator<Caller>(CALLER, authenticate(request.headers, keyring));
  });
}

export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/** The one tenant that a request is about. @throws Problem 400 */
export function tenantAsking(request: FastifyRequest): string {
  return tenantOf(callerOf(request));
}
