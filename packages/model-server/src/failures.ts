/** What a call is refused with, before a dialect gives it the provider's form. */
export interface Failure {
  readonly status: number;
  readonly message?: string | undefined;
  /** The field of the request that is wrong. */
  readonly param?: string | undefined;
  /** The provider's own name of the mistake, where it has one beside the status. */
  readonly code?: string | undefined;
}

/** A request that the real API would refuse. */
export class RequestError extends Error {
  readonly code = 'request_refused';
  readonly failure: Failure;

  constructor(failure: Failure & { readonly message: string }) {
    super(failure.message);
    this.name = 'RequestError';
    this.failure = failure;
  }
}

/** A script that asks for what cannot be. */
export class ScriptError extends Error {
  readonly code = 'script_wrong';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ScriptError';
  }
}

/** The model that a request names. @throws RequestError without one. */
export function requireModel(model: unknown): string {
  if (typeof model === 'string' && model !== '') return model;
  throw new RequestError({ status: 400, message: 'you must provide a model parameter', param: 'model' });
}

/** The list in a field that has to be one. @throws RequestError where it is none. */
export function requireList(value: unknown, param: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new RequestError({ status: 400, message: `Missing required parameter: '${param}'.`, param });
}
