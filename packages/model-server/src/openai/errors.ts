import type { ErrorDialect } from '../dialect.ts';
import type { Failure } from '../failures.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';

interface KnownError {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

// As in the list of https://platform.openai.com/docs/guides/error-codes.
const KNOWN: Readonly<Record<number, KnownError>> = {
  400: { type: 'invalid_request_error', code: null, message: 'Invalid request.' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided: sk-****.' },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  404: { type: 'invalid_request_error', code: null, message: 'Not found.' },
  429: {
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached for this model on requests per min (RPM): Limit 3, Used 3, Requested 1.',
  },
  503: { type: 'server_error', code: null, message: 'The engine is currently overloaded, please try again later.' },
};
const SERVER_ERROR: KnownError = {
  type: 'server_error',
  code: null,
  message: 'The server had an error while processing your request. Sorry about that!',
};

/** The error object of OpenAI's APIs. */
export function openaiError(failure: Failure): JsonObject {
  const known = KNOWN[failure.status] ?? (failure.status < 500 ? KNOWN[400] : undefined) ?? SERVER_ERROR;
  return {
    message: failure.message ?? known.message,
    type: known.type,
    param: failure.param ?? null,
    code: failure.code ?? known.code,
  };
}

/** How OpenAI's APIs refuse. */
export const openaiErrors: ErrorDialect = {
  newRequestId: () => newId('req_', 32, 'hex'),
  headers: (requestId) => ({
    'x-request-id': requestId,
    'openai-version': '2020-10-01',
    'openai-organization': 'org-scripted',
    'openai-processing-ms': '1',
  }),
  errorBody: (failure) => ({ error: openaiError(failure) }),
};
