// Answers in the request's own encoding. Beside `decode`, the only place that knows how protobuf looks: three small messages, written by hand.

import type { Signal } from '@turnmeter/accounting';

export type Encoding = 'protobuf' | 'json';

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Longest message that is sent (characters): answers stay far below the 4 MiB that clients read. */
const MESSAGE_MAX = 4096;

const REJECTED: Readonly<Record<Signal, string>> = {
  span: 'rejectedSpans',
  log: 'rejectedLogRecords',
  metric: 'rejectedDataPoints',
};

/**
 * Export…ServiceResponse: 1 partial_success LENGTH { 1 rejected_… int64 VARINT · 2 error_message string LENGTH }. Left unset when all
 * was taken, as OTLP demands; with 0 rejected the message is a warning.
 */
export function encodeAnswer(
  encoding: Encoding,
  signal: Signal,
  result: { rejected: number; message: string },
): Buffer {
  const message = result.message.slice(0, MESSAGE_MAX);
  const isFull = result.rejected === 0 && message === '';
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED[signal]]: String(result.rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  return isFull ? Buffer.alloc(0) : lengthField(1, varintField(1, result.rejected), textField(2, message));
}

/** What went wrong: `code` is gRPC's. */
export interface Failure {
  readonly code: number;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

const ANY = 'type.googleapis.com/';

/** google.rpc.Status: 1 code int32 VARINT · 2 message string LENGTH · 3 details Any, repeated, LENGTH { 1 type_url · 2 value }. */
export function encodeFailure(encoding: Encoding, failure: Failure): Buffer {
  const { code, retryAfterMs } = failure;
  const message = failure.message.slice(0, MESSAGE_MAX);
  if (encoding === 'json') {
    const retryInfo = { '@type': `${ANY}google.rpc.RetryInfo`, retryDelay: `${(retryAfterMs ?? 0) / 1000}s` };
    return Buffer.from(
      JSON.stringify({ code, message, ...(retryAfterMs === undefined ? {} : { details: [retryInfo] }) }),
    );
  }
  const parts = [varintField(1, code), textField(2, message)];
  if (retryAfterMs !== undefined) {
    // RetryInfo: 1 retry_delay Duration LENGTH { 1 seconds int64 VARINT · 2 nanos int32 VARINT }.
    const delay = [varintField(1, Math.floor(retryAfterMs / 1000)), varintField(2, (retryAfterMs % 1000) * 1_000_000)];
    parts.push(lengthField(3, textField(1, `${ANY}google.rpc.RetryInfo`), lengthField(2, lengthField(1, ...delay))));
  }
  return Buffer.concat(parts);
}

/** Zero is protobuf's default and is not written. */
function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([field << 3, ...varint(Math.floor(value))]);
}

function textField(field: number, text: string): Buffer {
  return text === '' ? Buffer.alloc(0) : lengthField(field, Buffer.from(text));
}

function lengthField(field: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
