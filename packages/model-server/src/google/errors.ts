import type { ErrorDialect } from '../dialect.ts';
import type { Failure } from '../failures.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';

// google.rpc.Code by HTTP status, with the messages of https://ai.google.dev/gemini-api/docs/troubleshooting.
const KNOWN: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'API key not valid. Please pass a valid API key.'],
  403: ['PERMISSION_DENIED', 'Method does not allow unregistered callers.'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  429: ['RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan and billing details.'],
  500: ['INTERNAL', 'An internal error has occurred. Please retry.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'The request timed out. Please try again.'],
};

/** How Gemini's API refuses. */
export const googleErrors: ErrorDialect = {
  // Not a header of the real API: its responses carry their id in the body only.
  newRequestId: () => newId('', 22),
  headers: () => ({ 'x-content-type-options': 'nosniff', server: 'scaffolding on HTTPServer2' }),
  errorBody,
};

function errorBody({ status, message }: Failure): JsonObject {
  const [name, usual] = KNOWN[status] ?? (status < 500 ? ['INVALID_ARGUMENT', ''] : ['INTERNAL', '']);
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0s' };
  return {
    error: { code: status, message: message ?? usual, status: name, ...(status === 429 ? { details: [retry] } : {}) },
  };
}
