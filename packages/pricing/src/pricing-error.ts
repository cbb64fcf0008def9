/** The stable codes of {@link PricingError}. */
export const PricingErrorCode = {
  /** A price override is not understood, or asks for something that is refused. */
  OverrideInvalid: 'override_invalid',
  /** Two price overrides of equal rank could both apply to one call. */
  OverrideConflict: 'override_conflict',
  /** Snapshot data does not have the form that is expected. */
  SnapshotInvalid: 'snapshot_invalid',
  /** The snapshot that was fetched is not the one that was asked for. */
  SnapshotChanged: 'snapshot_changed',
  /** The snapshot could not be fetched. */
  SnapshotUnavailable: 'snapshot_unavailable',
} as const;

/** One of the stable codes of {@link PricingError}. */
export type PricingErrorCode = (typeof PricingErrorCode)[keyof typeof PricingErrorCode];

/** What this package throws: while a price book is made or prices are fetched, never while a call is priced. */
export class PricingError extends Error {
  override readonly name = 'PricingError';
  /** Stable, low cardinality. */
  readonly code: PricingErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  /** Message: what happened, what was expected, what was received. */
  constructor(code: PricingErrorCode, message: string, options: ErrorOptions & { readonly retryable?: boolean } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** A received value for a message: typed, on one line, shortened. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describeValue(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`;
}
