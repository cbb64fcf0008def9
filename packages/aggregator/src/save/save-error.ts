/** What can go wrong while saving. Stable, of low cardinality: metrics and answers carry it. */
export const SaveErrorCode = {
  /** More is waiting to be synced than may be held in memory. */
  queueFull: 'queue_full',
  /** The segments that wait for the database have used up their space. */
  spoolFull: 'spool_full',
  /** The disk of the segments is nearly full. */
  diskFull: 'disk_full',
  /** The machine's clock is before this program was written: what came now would be kept as if it were years old. */
  clockWrong: 'clock_wrong',
  /** A segment could not be written or synced. */
  writeFailed: 'write_failed',
  /** The store is stopping or has stopped. */
  stopped: 'stopped',
  /** Another process uses the directory of the segments. */
  directoryInUse: 'directory_in_use',
  /** A file of a segment does not hold what was written. */
  segmentDamaged: 'segment_damaged',
  /** The database holds a part of a segment, which one part cannot be. */
  segmentTorn: 'segment_torn',
  /** Bytes are not the block that was expected. */
  blockInvalid: 'block_invalid',
  /** The database answered with an error; `databaseCode` says which. */
  databaseRefused: 'database_refused',
  /** The database could not be reached, or the connection broke. */
  databaseUnavailable: 'database_unavailable',
  /** The migrations that ran are not those at hand. */
  migrationMismatch: 'migration_mismatch',
} as const;
export type SaveErrorCode = (typeof SaveErrorCode)[keyof typeof SaveErrorCode];

/** Saving failed. Message: what happened, what was expected, what was received. */
export class SaveError extends Error {
  override readonly name = 'SaveError';
  readonly code: SaveErrorCode;
  /** Whether the same may succeed later: a sender is then told to come back. */
  readonly retryable: boolean;
  /** ClickHouse's number of the error, `60` for an unknown table. */
  readonly databaseCode: string | undefined;

  constructor(
    code: SaveErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryable?: boolean; readonly databaseCode?: string | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.databaseCode = options.databaseCode;
  }
}

/** What the disk said while a segment was written. */
export function writeFailed(cause: unknown): SaveError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SaveError(
    SaveErrorCode.writeFailed,
    `A segment could not be written: expected it on disk, received ${reason}`,
    { cause, retryable: true },
  );
}
