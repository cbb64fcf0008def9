export const ControlStoreErrorCode = {
  /** Somebody else wrote a newer version since it was read. */
  VERSION_CONFLICT: 'version_conflict',
  /** The same idempotency key came with another request. */
  IDEMPOTENCY_CONFLICT: 'idempotency_conflict',
  /** More than the balance has free. */
  INSUFFICIENT_BALANCE: 'insufficient_balance',
  /** The reservation was settled or released before. */
  RESERVATION_CLOSED: 'reservation_closed',
  /** More was asked back than was spent. */
  REFUND_TOO_HIGH: 'refund_too_high',
  /** There is no such account, reservation, entry, key or rule. */
  NOT_FOUND: 'not_found',
  /** A name or hash that is taken. */
  ALREADY_EXISTS: 'already_exists',
  /** A value that cannot be; `field` says which. */
  INVALID: 'invalid',
  /** A limit of the store is reached; `field` says of what. */
  LIMIT_REACHED: 'limit_reached',
  /** Others held the database for longer than is waited. */
  BUSY: 'busy',
  /** The database cannot be reached, opened or read. */
  UNAVAILABLE: 'unavailable',
  /** The store was stopped. */
  STOPPED: 'stopped',
} as const;
export type ControlStoreErrorCode = (typeof ControlStoreErrorCode)[keyof typeof ControlStoreErrorCode];

const RETRYABLE: ReadonlySet<ControlStoreErrorCode> = new Set([
  ControlStoreErrorCode.BUSY,
  ControlStoreErrorCode.UNAVAILABLE,
]);

export interface ControlStoreErrorOptions extends ErrorOptions {
  readonly code: ControlStoreErrorCode;
  /** The name of the input that is wrong, as the caller wrote it. */
  readonly field?: string | undefined;
}

/** Whatever the store refuses or cannot do. Nothing of the operation has happened, unless it is `unavailable`: then it may have. */
export class ControlStoreError extends Error {
  override readonly name = 'ControlStoreError';
  readonly code: ControlStoreErrorCode;
  readonly field: string | undefined;

  constructor(message: string, { code, field, ...options }: ControlStoreErrorOptions) {
    super(message, options);
    this.code = code;
    this.field = field;
  }

  /** Whether the same request may succeed later as it is. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
