import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ClickHouseException } from '../clickhouse-exception.ts';
import { readStatement, type Statement } from '../sql/statement.ts';

/** A request's statement, with the data that follows it if it takes some. */
export interface StatementWithData {
  readonly statement: Statement;
  readonly data: AsyncIterable<Uint8Array>;
}

/**
 * The most SQL that is read into memory. What the engine accepts, its setting `max_query_size` says (256 KiB unless it is
 * raised, data of an INSERT not counted).
 */
const SQL_BYTES_MAX: number = 64 * 1024 * 1024;

/** The body, decompressed as its headers say. */
export function decodeBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  switch (encoding) {
    case 'identity':
    case '':
      return request;
    case 'gzip':
    case 'x-gzip':
      return decompressed(request, createGunzip());
    case 'deflate':
      return decompressed(request, createInflate());
    case 'br':
      return decompressed(request, createBrotliDecompress());
    case 'zstd':
      return decompressed(request, createZstdDecompress());
    default:
      throw ClickHouseException.of(
        'UNKNOWN_COMPRESSION_METHOD',
        `Unknown compression method in Content-Encoding: expected gzip, deflate, br or zstd, received ${encoding}`,
      );
  }
}

/** Not with `pipeline`, which would destroy the connection where the answer to a broken body is to be sent. */
function decompressed(request: IncomingMessage, decoder: Transform): Readable {
  request.once('error', (error) => decoder.destroy(error));
  return request.pipe(decoder);
}

/** Reads as much of the body as it takes to know the statement: all of it, unless it is an INSERT with data. */
export async function readStatementAndData(sql: Buffer, body: Readable): Promise<StatementWithData> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  let pending: Buffer[] = [sql];
  let bytes = sql.length;
  let nextTry = 0;
  for (;;) {
    const { value, done } = await nextChunk(chunks);
    if (done !== true) {
      pending.push(value);
      bytes += value.length;
    }
    // Twice as much each time, so that a long beginning is not read again for every chunk.
    if (done !== true && bytes < nextTry) continue;
    nextTry = Math.min(bytes * 2, Math.max(bytes, SQL_BYTES_MAX) + 1);
    const text = Buffer.concat(pending);
    const isTooLong = bytes > SQL_BYTES_MAX;
    const statement = readStatement(text, done === true && !isTooLong);
    if (statement !== undefined) return { statement, data: dataOf(statement, chunks) };
    if (isTooLong) throw tooLarge();
    pending = [text];
  }
}

async function* dataOf(statement: Statement, rest: AsyncIterableIterator<Buffer>): AsyncGenerator<Uint8Array> {
  if (statement.kind !== 'insert') return;
  const first = statement.sql.subarray(statement.head.dataStart);
  if (first.length > 0) yield first;
  for (;;) {
    const { value, done } = await nextChunk(rest);
    if (done === true) return;
    yield value;
  }
}

/** All of a body that is to be taken apart as a form. */
export async function readWhole(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const iterator = body[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  for (;;) {
    const { value, done } = await nextChunk(iterator);
    if (done === true) return Buffer.concat(chunks);
    chunks.push(value);
    bytes += value.length;
    if (bytes > SQL_BYTES_MAX) throw tooLarge();
  }
}

async function nextChunk(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer, undefined>> {
  try {
    return await chunks.next();
  } catch (cause) {
    const isZlib = cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number' && 'code' in cause;
    const code = isZlib ? String(cause.code) : '';
    if (code.startsWith('Z_') || code.startsWith('ERR_') || code.startsWith('ZSTD')) {
      throw ClickHouseException.of(
        'CANNOT_DECOMPRESS',
        `The body of the request is not what its Content-Encoding says: ${code}`,
        {
          cause,
        },
      );
    }
    throw ClickHouseException.of('ABORTED', 'The body of the request broke off', { cause });
  }
}

function tooLarge(): ClickHouseException {
  return ClickHouseException.of(
    'QUERY_IS_TOO_LARGE',
    `The query is too large: expected at most ${SQL_BYTES_MAX} bytes of SQL`,
  );
}
