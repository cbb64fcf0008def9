/** What can be wrong with a webhook's address, or with where it leads. Stable, of low cardinality. */
export type TargetProblem =
  'url_invalid' | 'https_required' | 'credentials_in_url' | 'private_target' | 'host_unknown' | 'secret_invalid';

/** A webhook that nothing is sent to. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code: TargetProblem;
  /** A name that is not known now may be known later; the rest stays wrong. */
  readonly retryable: boolean;

  constructor(code: TargetProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'host_unknown';
  }
}
