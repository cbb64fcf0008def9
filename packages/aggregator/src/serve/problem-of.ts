import { ControlStoreError, ControlStoreErrorCode } from '@turnmeter/control-store';
import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { QueryError, QueryErrorCode } from '../query/query-error.ts';
import { type ParameterProblem, Problem, shown } from './problem.ts';

/** How long those wait who are told to come back, seconds. */
const RETRY_AFTER_SECONDS = 5;

/** The problem that an error amounts to for whoever asked. What is our own fault says no more than that. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueryError) return problemOfQuery(error);
  if (error instanceof ControlStoreError) return problemOfControlStore(error);
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error);
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) return problemOfRequest(error);
  if (isRetryable(error)) return unavailable('not_ready', error.message, error);
  return new Problem({
    status: 500,
    code: 'internal_error',
    detail: 'The answer could not be made. The log of the service says why.',
    cause: error,
  });
}

function problemOfQuery(error: QueryError): Problem {
  switch (error.code) {
    case QueryErrorCode.cursorInvalid:
      return new Problem({
        status: 400,
        code: error.code,
        detail: error.message,
        errors: [
          { parameter: 'cursor', detail: 'expected next_cursor of an answer to the same list in the same order' },
        ],
      });
    case QueryErrorCode.databaseUnavailable:
      return unavailable(
        error.code,
        'The database cannot be reached. What is sent is kept and will be counted.',
        error,
      );
    case QueryErrorCode.tooSlow:
      return unavailable(error.code, 'The answer took longer than it may. Ask for less, or again later.', error);
    case QueryErrorCode.tooLarge:
      return new Problem({
        status: 422,
        code: error.code,
        detail: 'The answer is larger than one may be. Ask for fewer days, or for a part of it.',
        cause: error,
      });
    case QueryErrorCode.databaseRefused:
      return new Problem({
        status: 500,
        code: error.code,
        detail: 'The database could not answer. The log of the service says why.',
        cause: error,
      });
  }
}

function problemOfControlStore(error: ControlStoreError): Problem {
  const { code, message, field } = error;
  const errors = field === undefined ? {} : { errors: [{ parameter: field, detail: shown(message) }] };
  switch (code) {
    case ControlStoreErrorCode.BUSY:
    case ControlStoreErrorCode.UNAVAILABLE:
    case ControlStoreErrorCode.STOPPED:
      return unavailable(
        'control_store_unavailable',
        'What holds policies, stops and balances cannot be reached.',
        error,
      );
    case ControlStoreErrorCode.INVALID:
      return new Problem({ status: 400, code: 'parameter_invalid', detail: shown(message), ...errors });
    case ControlStoreErrorCode.NOT_FOUND:
      return new Problem({ status: 404, code, detail: shown(message) });
    case ControlStoreErrorCode.VERSION_CONFLICT:
      return new Problem({ status: 412, code, detail: shown(message) });
    case ControlStoreErrorCode.INSUFFICIENT_BALANCE:
      return new Problem({ status: 402, code, detail: shown(message), ...errors });
    case ControlStoreErrorCode.ALREADY_EXISTS:
    case ControlStoreErrorCode.IDEMPOTENCY_CONFLICT:
    case ControlStoreErrorCode.LIMIT_REACHED:
    case ControlStoreErrorCode.REFUND_TOO_HIGH:
    case ControlStoreErrorCode.RESERVATION_CLOSED:
      return new Problem({ status: 409, code, detail: shown(message), ...errors });
  }
}

function unavailable(code: string, detail: string, cause: unknown): Problem {
  return new Problem({ status: 503, code, detail, retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

interface Issue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: { readonly keys?: readonly string[] };
}

function invalidRequest(error: {
  readonly validation: readonly unknown[];
  readonly validationContext?: string;
}): Problem {
  const errors = (error.validation as readonly Issue[]).flatMap(problemsOf);
  return new Problem({
    status: 400,
    code: 'parameter_invalid',
    detail: errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; '),
    errors,
  });
}

function problemsOf({ instancePath, message, params }: Issue): readonly ParameterProblem[] {
  const path = instancePath.replace(/^\//, '').replaceAll('/', '.');
  const unknown = params?.keys ?? [];
  if (unknown.length > 0)
    return unknown.map((key) => ({ parameter: shown(key), detail: 'there is no such parameter' }));
  return [{ parameter: path === '' ? 'body' : shown(path), detail: shown(message ?? 'not what was expected') }];
}

/** What Fastify itself refuses: bodies that are no JSON or too large, paths that cannot be decoded. */
function problemOfRequest(error: FastifyError): Problem {
  const status = error.statusCode ?? 400;
  return new Problem({ status, code: codeOf(status), detail: shown(error.message), cause: error });
}

function codeOf(status: number): string {
  switch (status) {
    case 413:
      return 'body_too_large';
    case 415:
      return 'media_type_unsupported';
    case 429:
      return 'too_many_requests';
    default:
      return 'request_invalid';
  }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error;
}

/** Errors of other stages say by themselves whether the same may succeed later. */
function isRetryable(error: unknown): error is Error {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
