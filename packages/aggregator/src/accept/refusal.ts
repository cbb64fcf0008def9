// Why a request was not taken, and what its sender should do: give up, or come back later. Senders judge by the status alone: a Collector
// drops a batch for good on anything but 429, 502, 503 and 504, so all that may heal is 503.

/** What a sender is told, and the status that says it over HTTP. */
export const RefusalReason = {
  /** The body is no OTLP; sending it again will not help. */
  BAD_DATA: { status: 400, code: 'bad_data' },
  BAD_TENANT: { status: 400, code: 'bad_tenant' },
  UNKNOWN_KEY: { status: 401, code: 'unknown_key' },
  READ_ONLY_KEY: { status: 403, code: 'read_only_key' },
  FOREIGN_TENANT: { status: 403, code: 'foreign_tenant' },
  UNKNOWN_PATH: { status: 404, code: 'unknown_path' },
  BAD_METHOD: { status: 405, code: 'bad_method' },
  TOO_LARGE: { status: 413, code: 'too_large' },
  BAD_MEDIA_TYPE: { status: 415, code: 'bad_media_type' },
  BAD_CONTENT_ENCODING: { status: 415, code: 'bad_content_encoding' },
  OVER_QUOTA: { status: 429, code: 'over_quota' },
  TOO_SLOW: { status: 503, code: 'too_slow' },
  OVERLOADED: { status: 503, code: 'overloaded' },
  STOPPING: { status: 503, code: 'stopping' },
  /** Our own fault, of any kind. */
  FAULT: { status: 503, code: 'fault' },
} as const;
export type RefusalReason = (typeof RefusalReason)[keyof typeof RefusalReason];

/** How long to stay away when nobody knows better (ms). */
const RETRY_AFTER_MS = 2000;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** HTTP's status code. */
  readonly status: number;
  /** Stable, for metrics. */
  readonly code: string;
  /** When to come back; undefined when there is no use in it. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: RefusalReason,
    message: string,
    options: { retryAfterMs?: number; code?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = reason.status;
    this.code = options.code ?? reason.code;
    const canHeal = reason.status === 429 || reason.status === 503;
    this.retryAfterMs = canHeal ? (options.retryAfterMs ?? RETRY_AFTER_MS) : undefined;
  }
}

/** What later stages throw on purpose: `DecodeError`, `OverloadError`, `SaveError` and their kin. */
interface StageError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

/** A refusal for whatever was thrown. Of errors that no stage declared, nothing is told: they may quote what they choked on. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!isStageError(error))
    return new Refusal(RefusalReason.FAULT, 'internal fault, please send again', { cause: error });
  const { code, retryAfterMs } = error;
  if (!error.retryable) return new Refusal(RefusalReason.BAD_DATA, error.message, { code, cause: error });
  return new Refusal(RefusalReason.OVERLOADED, error.message, {
    code,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function isStageError(error: unknown): error is StageError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'retryable' in error &&
    typeof error.retryable === 'boolean'
  );
}
