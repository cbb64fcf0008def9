import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Transform, type Writable } from 'node:stream';
import { ClickHouseException } from '../clickhouse-exception.ts';
import type { QuerySummary, ResultSink } from '../query/execution.ts';
import type { Progress } from '../query/running-queries.ts';
import { chooseEncoding, createEncoder, type ContentEncoding } from './content-encoding.ts';
import type { AnswerOptions } from './request-parameters.ts';

/** What the engine is, as the headers tell it. */
export interface ServerInfo {
  readonly version: string;
  readonly timezone: string;
  readonly displayName: string;
  /** By the format's name in lower case. */
  readonly formats: ReadonlyMap<string, { readonly name: string; readonly contentType: string }>;
}

/** What the headers of one answer say. */
export interface AnswerHead {
  readonly queryId: string;
  /** Undefined if the statement gives no rows. */
  readonly format: string | undefined;
  readonly timezone: string;
  /** Sixteen letters that mark an exception in the middle of the rows. */
  readonly exceptionTag: string;
}

/**
 * The answer to one query. The beginning of the rows is kept back, so that a query that fails early is answered with its
 * own status; a query that fails later ends the rows with a marked exception and breaks the connection, as ClickHouse does.
 */
export class Answer implements ResultSink {
  readonly #response: ServerResponse;
  readonly #info: ServerInfo;
  readonly #head: AnswerHead;
  readonly #options: AnswerOptions;
  readonly #bufferedBytesMax: number;
  readonly #encoding: ContentEncoding | undefined;
  readonly #startedAt = process.hrtime.bigint();
  readonly #progress: Progress[] = [];
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Where rows go once the headers are out: the response, or what compresses into it. */
  #body: Writable | undefined;

  constructor(
    response: ServerResponse,
    info: ServerInfo,
    head: AnswerHead,
    options: AnswerOptions & { readonly bufferedBytesMax: number },
  ) {
    this.#response = response;
    this.#info = info;
    this.#head = head;
    this.#options = options;
    this.#bufferedBytesMax = options.bufferedBytesMax;
    this.#encoding = chooseEncoding(options.acceptEncoding);
  }

  addProgress(progress: Progress): void {
    if (this.#progress.length < PROGRESS_HEADERS_MAX) this.#progress.push(progress);
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#body !== undefined) return this.#send(this.#body, chunk);
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#options.holdsAll) {
      if (this.#heldBytes > this.#bufferedBytesMax) throw tooMuchToHold(this.#bufferedBytesMax);
    } else if (this.#heldBytes > this.#options.holdBytes) {
      await this.#start();
    }
  }

  async finish(summary: QuerySummary): Promise<void> {
    if (this.#body === undefined && (this.#encoding === undefined || this.#held.length === 0)) {
      const bytes = Buffer.concat(this.#held);
      this.#response.writeHead(200, { ...this.#headers(summary), 'content-length': bytes.length });
      this.#response.end(bytes);
      return;
    }
    if (this.#body === undefined) await this.#start(summary);
    this.#body?.end();
  }

  /** Tells the client that the query failed, by the status if that is still to be sent. */
  fail(exception: ClickHouseException): void {
    const text = exception.toBody(this.#info.version);
    if (this.#body === undefined) {
      sendException(this.#response, exception, this.#info, this.#headers());
      return;
    }
    const body = this.#body;
    const tag = this.#head.exceptionTag;
    const message = Buffer.from(text).subarray(0, EXCEPTION_BYTES_MAX);
    const block = `\r\n__exception__\r\n${tag}\r\n${message.toString('utf8')}${message.length} ${tag}\r\n__exception__\r\n`;
    // No end of the chunks follows: whoever does not know the mark, notices that something is missing.
    if (!(body instanceof Transform)) body.write(block, () => destroyWhenSent(this.#response));
    else {
      // The client looks for the block at the end of a chunk, so it has to be a chunk of its own.
      flush(body, () => {
        body.write(block);
        flush(body, () => destroyWhenSent(this.#response, body));
      });
    }
  }

  async #start(summary?: QuerySummary): Promise<void> {
    const encoding =
      this.#encoding === undefined ? {} : { 'content-encoding': this.#encoding, vary: 'accept-encoding' };
    this.#response.writeHead(200, { ...this.#headers(summary), ...encoding });
    const encoder = this.#encoding === undefined ? undefined : createEncoder(this.#encoding, this.#options.zlibLevel);
    encoder?.pipe(this.#response);
    this.#body = encoder ?? this.#response;
    const held = this.#held;
    this.#held = [];
    for (const chunk of held) await this.#send(this.#body, chunk);
  }

  /** @throws ClickHouseException if the client takes nothing for too long, or is gone. */
  async #send(body: Writable, chunk: Uint8Array): Promise<void> {
    if (body.write(chunk)) return;
    const reason = await untilDrained(body, this.#response);
    if (reason === 'drain') return;
    this.#response.destroy();
    if (reason === 'close')
      throw ClickHouseException.of('QUERY_WAS_CANCELLED', 'Query was cancelled: its client is gone');
    throw ClickHouseException.of('SOCKET_TIMEOUT', `The client has taken nothing for ${SEND_TIMEOUT_MS} ms`);
  }

  #headers(summary?: QuerySummary): OutgoingHttpHeaders {
    const format = this.#info.formats.get(this.#head.format?.toLowerCase() ?? '');
    return {
      'content-type': format?.contentType ?? 'text/plain; charset=UTF-8',
      // Bytes of UTF-8, as Node takes a header for latin1.
      'x-clickhouse-query-id': Buffer.from(this.#head.queryId, 'utf8').toString('latin1'),
      'x-clickhouse-server-display-name': this.#info.displayName,
      'x-clickhouse-timezone': this.#head.timezone,
      'x-clickhouse-exception-tag': this.#head.exceptionTag,
      'x-clickhouse-summary': JSON.stringify(this.#summary(summary)),
      ...(format === undefined ? {} : { 'x-clickhouse-format': format.name }),
      ...(this.#progress.length === 0
        ? {}
        : { 'x-clickhouse-progress': this.#progress.map((progress) => JSON.stringify(progress)) }),
    };
  }

  /** The engine does not tell what a query has read in the end, so that is what was seen of it while it ran. */
  #summary(summary: QuerySummary | undefined): Readonly<Record<string, string>> {
    const { resultRows = 0, resultBytes = 0, writtenRows = 0, writtenBytes = 0 } = summary ?? {};
    const seen = this.#progress.at(-1);
    return {
      read_rows: `${seen?.read_rows ?? writtenRows}`,
      read_bytes: `${seen?.read_bytes ?? writtenBytes}`,
      written_rows: `${writtenRows}`,
      written_bytes: `${writtenBytes}`,
      total_rows_to_read: seen?.total_rows_to_read ?? '0',
      result_rows: `${resultRows || writtenRows}`,
      result_bytes: `${resultBytes || writtenBytes}`,
      elapsed_ns: `${process.hrtime.bigint() - this.#startedAt}`,
    };
  }
}

/** Answers with an exception of ClickHouse and its status. */
export function sendException(
  response: ServerResponse,
  exception: ClickHouseException,
  info: { readonly version: string },
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(exception.toBody(info.version));
  response.writeHead(exception.httpStatus, {
    ...headers,
    'content-type': 'text/plain; charset=UTF-8',
    'content-length': body.length,
    'x-clickhouse-exception-code': exception.code,
    ...(exception.httpStatus === 503 ? { 'retry-after': '1' } : {}),
    ...(exception.httpStatus === 401 ? { 'www-authenticate': 'Basic realm="ClickHouse"' } : {}),
  });
  response.end(body);
}

/** Waits until more can be written; the response may be closed instead, of which what compresses into it knows nothing. */
function untilDrained(body: Writable, response: ServerResponse): Promise<'drain' | 'close' | 'timeout'> {
  if (response.destroyed) return Promise.resolve('close');
  return new Promise((resolve) => {
    const settle = (reason: 'drain' | 'close' | 'timeout'): void => {
      clearTimeout(timer);
      body.off('drain', onDrain);
      response.off('close', onClose);
      resolve(reason);
    };
    const onDrain = (): void => settle('drain');
    const onClose = (): void => settle('close');
    const timer = setTimeout(settle, SEND_TIMEOUT_MS, 'timeout');
    body.once('drain', onDrain);
    response.once('close', onClose);
  });
}

/** Compressors of `node:zlib` have a `flush` that streams in general have not. */
function flush(encoder: Transform & { flush?: (done: () => void) => void }, done: () => void): void {
  if (encoder.flush === undefined) done();
  else encoder.flush(done);
}

/**
 * Destroying it at once would take back what is still on its way, and a client that decompresses on another thread would
 * see the broken connection before the exception.
 */
function destroyWhenSent(response: ServerResponse, encoder?: Transform): void {
  const check = setInterval(() => {
    const waiting = response.writableLength + (encoder?.readableLength ?? 0);
    if (!response.destroyed && waiting > 0) return;
    clearInterval(check);
    response.destroy();
  }, SENT_CHECK_MS);
}

const SENT_CHECK_MS = 50;

/** ClickHouse gives up on a client that takes nothing for so long (`http_send_timeout`). */
const SEND_TIMEOUT_MS = 30_000;
/** ClickHouse's bound on an exception within the rows is 16 KiB with its marks. */
const EXCEPTION_BYTES_MAX = 16_000;
/** Clients take a limited number of headers; Node's take 2000, of 16 KiB together. */
const PROGRESS_HEADERS_MAX = 50;

function tooMuchToHold(bytesMax: number): ClickHouseException {
  return ClickHouseException.of(
    'TOO_MANY_ROWS_OR_BYTES',
    `The result is larger than ${bytesMax} bytes, the most that is kept for wait_end_of_query: read it as a stream`,
  );
}
