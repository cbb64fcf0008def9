/** The API cannot be served at all. */
export class ServeError extends Error {
  override readonly name = 'ServeError';
  readonly code: 'exposed_without_keys' | 'port_unavailable';
  readonly retryable = false;

  constructor(code: ServeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
