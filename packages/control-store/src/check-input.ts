// What comes from callers is checked once, at the door of the store: what is wrong is refused by the name of the field.

import { ControlStoreError, ControlStoreErrorCode } from './control-store-error.ts';
import type { JsonDocument } from './json-value.ts';

/** Ids and names that people and programs make up; longer ones cannot be in an index of PostgreSQL together. */
const NAME_LENGTH_MAX = 512;
const NOTE_LENGTH_MAX = 2000;
/** A document is read as a whole, and sent to guards and pages. */
const DOCUMENT_BYTES_MAX = 1_048_576;
const SHOWN_LENGTH_MAX = 60;
/** The largest that both databases hold. */
const AMOUNT_MAX = 2n ** 63n - 1n;

export function invalid(field: string, expected: string, received: unknown): ControlStoreError {
  return new ControlStoreError(`${field} cannot be: expected ${expected}, received ${shown(received)}.`, {
    code: ControlStoreErrorCode.INVALID,
    field,
  });
}

function shown(value: unknown): string {
  // JSON has no whole numbers of this size, and no undefined.
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? 'nothing');
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}

/** One line of text, as ids and names are. */
export function checkName(field: string, value: string): void {
  const isName =
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= NAME_LENGTH_MAX &&
    value.isWellFormed() &&
    // PostgreSQL has no text with a zero in it, and no name has a reason to steer a terminal.
    !/\p{Cc}/u.test(value);
  if (!isName) throw invalid(field, `1 to ${NAME_LENGTH_MAX} characters without control characters`, value);
}

export function checkNames<Field extends string>(
  record: Readonly<Record<Field, string>>,
  fields: readonly Field[],
): void {
  for (const field of fields) checkName(field, record[field]);
}

/** What a person writes down: may have line breaks, may be empty. */
export function checkText(field: string, value: string, lengthMax: number = NOTE_LENGTH_MAX): void {
  if (typeof value === 'string' && value.length <= lengthMax && value.isWellFormed() && !value.includes('\0')) return;
  throw invalid(field, `text of at most ${lengthMax} characters`, value);
}

export function checkWhole(field: string, value: number, { min = 0 }: { readonly min?: number } = {}): void {
  if (Number.isSafeInteger(value) && value >= min) return;
  throw invalid(field, `a whole number from ${min} to 2^53 - 1`, value);
}

export function checkAmount(field: string, value: bigint, { min = 0n }: { readonly min?: bigint } = {}): void {
  if (typeof value === 'bigint' && value >= min && value <= AMOUNT_MAX) return;
  throw invalid(field, `a whole number from ${min} to 2^63 - 1`, value);
}

export function checkOneOf<Value extends string>(field: string, value: Value, values: readonly Value[]): void {
  if (!values.includes(value)) throw invalid(field, `one of ${values.join(', ')}`, value);
}

/** How many rows are asked for. */
export function checkLimit(limit: number, max: number): number {
  checkWhole('limit', limit, { min: 1 });
  return Math.min(limit, max);
}

export function writeDocument(field: string, document: JsonDocument | readonly JsonDocument[]): string {
  if (typeof document !== 'object' || document === null) throw invalid(field, 'an object', document);
  const text = JSON.stringify(document);
  if (Buffer.byteLength(text) <= DOCUMENT_BYTES_MAX) return text;
  throw invalid(field, `at most ${DOCUMENT_BYTES_MAX} bytes of JSON`, `${Buffer.byteLength(text)} bytes`);
}

export function readDocument(text: string): JsonDocument {
  return JSON.parse(text) as JsonDocument;
}
