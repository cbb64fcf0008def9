import type { ErrorDialect } from '../dialect.ts';
import type { Failure } from '../failures.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';

// As in the list of https://docs.claude.com/en/api/errors.
const KNOWN: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'Invalid request.'],
  401: ['authentication_error', 'invalid x-api-key'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', "This request would exceed your organization's rate limit."],
  500: ['api_error', 'Internal server error'],
  504: ['timeout_error', 'The request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};
const BAD_REQUEST = ['invalid_request_error', 'Invalid request.'] as const;
const SERVER_ERROR = ['api_error', 'Internal server error'] as const;

/** The error envelope of Anthropic's API. */
export function anthropicError(failure: Failure, requestId: string): JsonObject {
  const [type, message] = KNOWN[failure.status] ?? (failure.status < 500 ? BAD_REQUEST : SERVER_ERROR);
  return { type: 'error', error: { type, message: failure.message ?? message }, request_id: requestId };
}

/** How Anthropic's API refuses. */
export const anthropicErrors: ErrorDialect = {
  newRequestId: () => newId('req_011C', 20),
  headers: (requestId) => ({
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
  }),
  errorBody: anthropicError,
};
