/** Why an embedded ClickHouse could not be started. Stable, for programs. */
export const EmbeddedClickHouseErrorCode = {
  /** An option is missing or out of its range. */
  invalidOption: 'invalid_option',
  /** The port cannot be listened on. */
  listenFailed: 'listen_failed',
  /** Another process has the data directory open. */
  dataDirInUse: 'data_dir_in_use',
  /** The engine's process ended, or reported an error, before it was ready. */
  startFailed: 'start_failed',
  /** The engine was not ready in time. */
  startTimeout: 'start_timeout',
} as const;

/** Why an embedded ClickHouse could not be started. Stable, for programs. */
export type EmbeddedClickHouseErrorCode =
  (typeof EmbeddedClickHouseErrorCode)[keyof typeof EmbeddedClickHouseErrorCode];

/** An embedded ClickHouse could not be started. */
export class EmbeddedClickHouseError extends Error {
  override readonly name = 'EmbeddedClickHouseError';
  readonly code: EmbeddedClickHouseErrorCode;

  constructor(code: EmbeddedClickHouseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
