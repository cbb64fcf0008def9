/** Why nothing could be inspected. */
export const DoctorErrorCode = {
  noApp: 'no_app',
  serviceUnreachable: 'service_unreachable',
  serviceRefused: 'service_refused',
  noService: 'no_service',
} as const;
export type DoctorErrorCode = (typeof DoctorErrorCode)[keyof typeof DoctorErrorCode];

/** There is nothing to inspect. Message: what happened, what was expected, what was received. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  readonly code: DoctorErrorCode;
  /** Whether the same may succeed later. */
  readonly retryable: boolean;

  constructor(code: DoctorErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = code === DoctorErrorCode.serviceUnreachable;
  }
}
