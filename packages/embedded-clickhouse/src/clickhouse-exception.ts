/** The exceptions that this package raises itself, numbered and named as ClickHouse does. */
const ExceptionCode = {
  BAD_ARGUMENTS: 36,
  NOT_IMPLEMENTED: 48,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_COMPRESSION_METHOD: 89,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  SOCKET_TIMEOUT: 209,
  QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING: 216,
  QUERY_IS_TOO_LARGE: 229,
  ABORTED: 236,
  CANNOT_DECOMPRESS: 271,
  INTO_OUTFILE_NOT_ALLOWED: 358,
  SESSION_NOT_FOUND: 372,
  SESSION_IS_LOCKED: 373,
  INVALID_SESSION_TIMEOUT: 374,
  READONLY: 164,
  HTTP_LENGTH_REQUIRED: 381,
  QUERY_WAS_CANCELLED: 394,
  TOO_MANY_ROWS_OR_BYTES: 396,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
  SESSION_ID_EMPTY: 744,
  UNKNOWN_EXCEPTION: 1002,
} as const;

/** The name of an exception that this package raises itself. */
export type ExceptionName = keyof typeof ExceptionCode;

/** An error that goes to the client the way ClickHouse tells it: number, text, name. */
export class ClickHouseException extends Error {
  override readonly name = 'ClickHouseException';
  readonly code: number;
  /** ClickHouse's name for the code, such as `UNKNOWN_TABLE`. */
  readonly type: string;

  constructor(code: number, type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.type = type;
  }

  /** One that this package raises itself. */
  static of(type: ExceptionName, message: string, options?: ErrorOptions): ClickHouseException {
    return new ClickHouseException(ExceptionCode[type], type, message, options);
  }

  /** Reads what the engine threw, and leaves out what only the engine's own files and layers explain. */
  static fromEngine(error: unknown): ClickHouseException {
    const text = error instanceof Error ? error.message : String(error);
    // Code: 36. DB::Exception: Code: 36. DB::Exception: text. (BAD_ARGUMENTS) (version 26.7.2.1). (BAD_ARGUMENTS)
    let code: number = ExceptionCode.UNKNOWN_EXCEPTION;
    let rest = text;
    for (let match = PREFIX.exec(rest); match !== null; match = PREFIX.exec(rest)) {
      code = Number(match[1]);
      rest = rest.slice(match[0].length);
    }
    let type = 'UNKNOWN_EXCEPTION';
    for (let match = SUFFIX.exec(rest); match !== null; match = SUFFIX.exec(rest)) {
      type = match[1] ?? type;
      rest = rest.slice(0, match.index);
    }
    return new ClickHouseException(code, type, rest.replace(OWN_FILE, '').replace(FROM_FILE, ''), { cause: error });
  }

  /** The body of the answer, as `@clickhouse/client` parses it. */
  toBody(engineVersion: string | undefined): string {
    const end = /[.!?]$/.test(this.message) ? '' : '.';
    const version = engineVersion === undefined ? '' : ` (version ${engineVersion})`;
    return `Code: ${this.code}. DB::Exception: ${this.message}${end} (${this.type})${version}\n`;
  }

  /** The HTTP status that ClickHouse gives to this code; 500 for most. */
  get httpStatus(): number {
    return HTTP_STATUS.get(this.code) ?? 500;
  }
}

const PREFIX = /^Code: (\d+)\. DB::Exception: /;
/** ` (UNKNOWN_TABLE)` and ` (version 26.7.2.1)`, each with the full stop that another layer has put behind it. */
const SUFFIX = / \(([A-Z][A-Z0-9_]+)\)\.?$| \(version [^()]*\)\.?$/;
/** An insert's body is read from a private file; its name means nothing to the client. */
const OWN_FILE = /: \(in file\/uri [^)]*\)/;
const FROM_FILE = /: data for INSERT was parsed from file/;

/** From ClickHouse's `exceptionCodeToHTTPStatus.cpp`, 26.7. What is not listed is 500. */
const HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [194, 401],
  ...[192, 193, 497, 512, 516].map((code) => [code, 403] as const),
  ...[6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676].map(
    (code) => [code, 400] as const,
  ),
  ...[46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511].map((code) => [code, 404] as const),
  [159, 408],
  [381, 411],
  [229, 413],
  [779, 415],
  [48, 501],
  ...[76, 209, 439].map((code) => [code, 503] as const),
  // Not in ClickHouse's list, where these are 500: they heal by themselves, so a client may try again.
  ...[202, 236].map((code) => [code, 503] as const),
]);
