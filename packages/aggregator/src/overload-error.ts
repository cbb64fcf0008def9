/** There is more to do than can be done now; the sender may come back. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';
  readonly code: string;
  readonly retryable = true;
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retryAfterMs: number = 2000) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
