export const AccessErrorCode = {
  /** A variable, or a file that one names, is missing or is not what it should be. */
  badSettings: 'bad_settings',
  /** ClickHouse or Grafana did not do what it was asked for. */
  refused: 'refused',
} as const;
export type AccessErrorCode = (typeof AccessErrorCode)[keyof typeof AccessErrorCode];

export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
