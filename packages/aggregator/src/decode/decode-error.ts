// What makes a whole request unreadable. Faults of single records are counted instead, and the rest is kept.

export const DecodeFault = {
  /** A length or a number reaches past the end of what holds it. */
  TRUNCATED: 'truncated',
  /** A varint longer than ten bytes. */
  VARINT_TOO_LONG: 'varint_too_long',
  /** A group (wire types 3 and 4, which proto3 has not), or a wire type that does not exist. */
  WIRE_TYPE: 'wire_type',
  /** Field number 0, which is none. */
  FIELD_NUMBER: 'field_number',
  TOO_MANY_PARTS: 'too_many_parts',
  INVALID_JSON: 'invalid_json',
  /** JSON where a list or an object was expected and something else stands. */
  WRONG_SHAPE: 'wrong_shape',
  NESTING_TOO_DEEP: 'nesting_too_deep',
} as const;
export type DecodeFault = (typeof DecodeFault)[keyof typeof DecodeFault];

const EXPECTATIONS: Readonly<Record<DecodeFault, string>> = {
  truncated: 'expected a field that ends inside its message',
  varint_too_long: 'expected a varint of at most 10 bytes',
  wire_type: 'expected wire type 0, 1, 2 or 5',
  field_number: 'expected a field number of at least 1',
  too_many_parts: 'expected fewer resources, scopes and metrics in one request',
  invalid_json: 'expected JSON',
  wrong_shape: 'expected lists of objects, as OTLP/JSON has them',
  nesting_too_deep: 'expected less deeply nested JSON',
};

/** The request cannot be read. The message tells where and never what stands there: bodies hold prompts. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: DecodeFault;
  /** Bytes from the beginning of the (inflated) body, -1 where only the parser of JSON knows. */
  readonly offset: number;
  /** The same bytes will not be readable tomorrow. */
  readonly retryable = false;

  constructor(code: DecodeFault, offset: number) {
    super(`request body is not OTLP (${code}): ${EXPECTATIONS[code]}${offset < 0 ? '' : `, not so at byte ${offset}`}`);
    this.code = code;
    this.offset = offset;
  }
}
