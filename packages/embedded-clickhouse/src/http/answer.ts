import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { ClickHouseException } from '../clickhouse-exception.ts';
import type { QuerySummary, ResultSink } from '../query/execution.ts';
import type { Progress } from '../query/running-queries.ts';
import { chooseEncoding, createEncoder, type ContentEncoding } from './content-encoding.ts';
import { exceptionBlock, sendException } from './exception-answer.ts';
import type { AnswerOptions } from './request-parameters.ts';
import { breakOff, destroyIfStalled, SEND_TIMEOUT_MS, untilDrained } from './sending.ts';

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
  readonly format: string;
  /** Whether the statement gives rows, be it none; another one may. */
  readonly givesRows: boolean;
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
    } else if (this.#heldBytes > Math.min(this.#options.holdBytes, this.#bufferedBytesMax)) {
      await this.#start();
    }
  }

  async finish(summary: QuerySummary): Promise<void> {
    if (this.#body === undefined) await this.#start(summary, { 'content-length': this.#heldBytes });
    this.#body?.end();
    destroyIfStalled(this.#response);
  }

  /** Tells the client that the query failed, by the status if that is still to be sent. */
  fail(exception: ClickHouseException): void {
    const text = exception.toBody(this.#info.version);
    if (this.#body === undefined) sendException(this.#response, exception, text, this.#headers(), this.#encoding);
    else breakOff(this.#response, this.#body, exceptionBlock(text, this.#head.exceptionTag));
  }

  /** Sends the headers and what was kept back. */
  async #start(summary?: QuerySummary, whole?: { readonly 'content-length': number }): Promise<void> {
    const encoding = this.#heldBytes === 0 ? undefined : this.#encoding;
    const more = encoding === undefined ? whole : { 'content-encoding': encoding, vary: 'accept-encoding' };
    this.#response.writeHead(200, { ...this.#headers(summary), ...more });
    const encoder = encoding === undefined ? undefined : createEncoder(encoding, this.#options.zlibLevel);
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
    const hasRows = this.#head.givesRows || this.#heldBytes > 0;
    const format = hasRows ? this.#info.formats.get(this.#head.format.toLowerCase()) : undefined;
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

/** Clients take a limited number of headers; Node's take 2000, of 16 KiB together. */
const PROGRESS_HEADERS_MAX = 50;

function tooMuchToHold(bytesMax: number): ClickHouseException {
  return ClickHouseException.of(
    'TOO_MANY_ROWS_OR_BYTES',
    `The result is larger than ${bytesMax} bytes, the most that is kept for wait_end_of_query: read it as a stream`,
  );
}
