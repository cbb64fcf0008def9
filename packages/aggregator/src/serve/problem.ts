// Errors as RFC 9457 problem details: what happened, what was expected, what was received.

/** A part of a request that is wrong. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly detail: string;
}

export interface ProblemDetails {
  /** Names the kind of problem; no address. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The last part of `type`, for programs. */
  readonly code: string;
  /** What may have been meant. */
  readonly suggestions?: readonly string[] | undefined;
  readonly errors?: readonly ParameterProblem[] | undefined;
}

export const PROBLEM_TYPE = 'application/problem+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  402: 'Not enough left',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Written by somebody else meanwhile',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'More than one answer can hold',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

export interface ProblemOptions {
  readonly status: number;
  /** Stable, of low cardinality, snake_case. */
  readonly code: string;
  readonly detail: string;
  readonly suggestions?: readonly string[];
  readonly errors?: readonly ParameterProblem[];
  /** When the same may succeed, seconds. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A request that cannot be answered as asked. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  readonly #options: ProblemOptions;

  constructor(options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.#options = options;
  }

  get details(): ProblemDetails {
    const { status, code, detail, suggestions, errors } = this.#options;
    return {
      type: `urn:turnmeter:problem:${code}`,
      title: TITLES[status] ?? 'Error',
      status,
      detail,
      code,
      ...(suggestions === undefined || suggestions.length === 0 ? {} : { suggestions }),
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

const SHOWN_MAX = 200;

/** Text of a request as errors may show it: in one line, and short. */
export function shown(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line;
}

/** `Nothing is known of the session x. Did you mean y or z?` */
export function notFound(what: string, name: string, suggestions: readonly string[] = []): Problem {
  const meant = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.map(shown).join(' or ')}?`;
  return new Problem({
    status: 404,
    code: 'not_found',
    detail: `Nothing is known of the ${what} ${shown(name)}.${meant}`,
    suggestions,
  });
}
