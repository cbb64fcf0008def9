import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ClickHouseException } from '../clickhouse-exception.ts';
import { createEncoder, type ContentEncoding } from './content-encoding.ts';

/** Answers with an exception of ClickHouse and its status. */
export function sendException(
  response: ServerResponse,
  exception: ClickHouseException,
  text: string,
  headers: OutgoingHttpHeaders = {},
  encoding?: ContentEncoding,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(text);
  response.writeHead(exception.httpStatus, {
    ...headers,
    'content-type': 'text/plain; charset=UTF-8',
    ...(encoding === undefined ? { 'content-length': body.length } : { 'content-encoding': encoding }),
    'x-clickhouse-exception-code': exception.code,
    ...(exception.httpStatus === 503 ? { 'retry-after': '1' } : {}),
    ...(exception.httpStatus === 401 ? { 'www-authenticate': 'Basic realm="ClickHouse"' } : {}),
  });
  if (encoding === undefined) {
    response.end(body);
    return;
  }
  const encoder = createEncoder(encoding, 1);
  encoder.pipe(response);
  encoder.end(body);
}

/** An exception in the middle of rows, as ClickHouse has written it since 25.11: marked by the tag from the headers. */
export function exceptionBlock(text: string, tag: string): Buffer {
  const whole = Buffer.from(text);
  const message =
    whole.length <= MESSAGE_BYTES_MAX ? whole : Buffer.concat([whole.subarray(0, MESSAGE_BYTES_MAX), NEWLINE]);
  return Buffer.concat([
    Buffer.from(`\r\n__exception__\r\n${tag}\r\n`),
    message,
    Buffer.from(`${message.length} ${tag}\r\n__exception__\r\n`),
  ]);
}

/** ClickHouse's bound is 16 KiB with the marks. */
const MESSAGE_BYTES_MAX = 16_000;
const NEWLINE = Buffer.from('\n');
