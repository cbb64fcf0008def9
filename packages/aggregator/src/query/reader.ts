// What the reading side asks of ClickHouse: fixed SQL, bound parameters, and limits on time, memory and rows for every query.

import { pipeline, type Readable } from 'node:stream';
import {
  type BaseQueryParams,
  type ClickHouseClient,
  ClickHouseError,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { MarkedException } from './marked-exception.ts';
import { QueryError, QueryErrorCode } from './query-error.ts';
import type { Sql } from './sql.ts';

/** Values by name. Times are µs as numbers, see {@link sqlTime}. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[]>>;

/** What one query may take. */
export interface ReadLimits {
  /** @default 10 */
  readonly secondsMax?: number;
  /** @default 1 GiB */
  readonly memoryBytesMax?: number;
  /** Rows of the answer. @default 1_000_000 */
  readonly rowsMax?: number;
}

export interface ReadOptions extends ReadLimits {
  /**
   * Which sums of the ledger answer the query. Finding the one that fits takes ClickHouse as long as the answer, so it is told.
   * @default none: rows are read
   */
  readonly projection?: 'session_sums' | 'session_part_sums' | 'workflow_5min_sums' | 'hour_sums' | 'day_sums';
  /** Threads of ClickHouse; background work takes one. @default all */
  readonly threadsMax?: number;
}

const SECONDS_MAX = 10;
const MEMORY_BYTES_MAX = 1024 ** 3;
const ROWS_MAX = 1_000_000;

export class Reader {
  readonly #client: ClickHouseClient;
  readonly #limits: ReadLimits;
  readonly #signal: AbortSignal | undefined;

  constructor(client: ClickHouseClient, limits: ReadLimits = {}, signal?: AbortSignal) {
    this.#client = client;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** Reads for somebody who may go away: what is being read then is cancelled in ClickHouse too. */
  cancelledBy(signal: AbortSignal): Reader {
    return new Reader(this.#client, this.#limits, signal);
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** Rows of a query. 64-bit integers are text unless `safeIntegers` says that they fit a number. */
  async rows<Row>(
    query: Sql,
    parameters: Parameters,
    options: ReadOptions & { readonly safeIntegers?: boolean } = {},
  ): Promise<readonly Row[]> {
    return told(async () => {
      const result = await this.#client.query({
        ...this.#request(query, parameters),
        format: 'JSONEachRow',
        clickhouse_settings: {
          ...this.#settings(options),
          output_format_json_quote_64bit_integers: options.safeIntegers === true ? 0 : 1,
        },
      });
      return result.json<Row>();
    });
  }

  /** The one row of a query that always has one. */
  async row<Row>(query: Sql, parameters: Parameters, options: ReadOptions = {}): Promise<Row> {
    const [row] = await this.rows<Row>(query, parameters, options);
    if (row === undefined) {
      throw new QueryError(QueryErrorCode.databaseRefused, 'A query of one row was answered with none');
    }
    return row;
  }

  /** The answer as ClickHouse writes it. Whoever stops reading ends the query. */
  async stream(query: Sql, parameters: Parameters, options: ReadOptions = {}): Promise<Readable> {
    return told(async () => {
      const { stream, response_headers } = await this.#client.exec({
        ...this.#request(query, parameters),
        clickhouse_settings: this.#settings(options),
      });
      const tag = response_headers['x-clickhouse-exception-tag'];
      if (typeof tag !== 'string') return stream;
      const rows = new MarkedException(tag);
      // Errors of either end both, and arrive at whoever reads the rows.
      pipeline(stream, rows, () => undefined);
      return rows;
    });
  }

  #request(query: Sql, parameters: Parameters): BaseQueryParams & { readonly query: string } {
    // The client hears of an abort only once it has begun.
    this.#signal?.throwIfAborted();
    return {
      query: query.text,
      query_params: parameters,
      // Names of a megabyte do not fit into an address.
      use_multipart_params_auto: true,
      ...(this.#signal === undefined ? {} : { abort_signal: this.#signal }),
    };
  }

  #settings(options: ReadOptions): ClickHouseSettings {
    const { secondsMax, memoryBytesMax, rowsMax } = { ...this.#limits, ...options };
    const { projection, threadsMax } = options;
    return {
      // Reads only; 2 and not 1, under which the limits themselves could not be sent.
      readonly: '2',
      cancel_http_readonly_queries_on_client_close: 1,
      max_execution_time: secondsMax ?? SECONDS_MAX,
      max_memory_usage: `${memoryBytesMax ?? MEMORY_BYTES_MAX}`,
      max_result_rows: `${rowsMax ?? ROWS_MAX}`,
      result_overflow_mode: 'throw',
      optimize_use_projections: projection === undefined ? 0 : 1,
      ...(projection === undefined ? {} : { preferred_optimize_projection_name: projection }),
      ...(threadsMax === undefined ? {} : { max_threads: threadsMax }),
    };
  }
}

/** ClickHouse's codes of what is about the query's size and time rather than its meaning. */
const CODES: ReadonlyMap<string, QueryErrorCode> = new Map([
  ['158', QueryErrorCode.tooLarge], // TOO_MANY_ROWS
  ['159', QueryErrorCode.tooSlow], // TIMEOUT_EXCEEDED
  ['160', QueryErrorCode.tooSlow], // TOO_SLOW
  ['202', QueryErrorCode.databaseUnavailable], // TOO_MANY_SIMULTANEOUS_QUERIES
  ['209', QueryErrorCode.databaseUnavailable], // SOCKET_TIMEOUT
  ['210', QueryErrorCode.databaseUnavailable], // NETWORK_ERROR
  ['241', QueryErrorCode.tooLarge], // MEMORY_LIMIT_EXCEEDED
  ['307', QueryErrorCode.tooLarge], // TOO_MANY_BYTES
  ['396', QueryErrorCode.tooLarge], // TOO_MANY_ROWS_OR_BYTES
  ['394', QueryErrorCode.databaseUnavailable], // QUERY_WAS_CANCELLED
]);

/** Runs what asks ClickHouse, with errors that say whether the same may succeed later. */
export async function told<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw queryError(error);
  }
}

function queryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const text = shorten(error instanceof Error ? error.message : String(error));
  if (error instanceof ClickHouseError) {
    const code = CODES.get(error.code) ?? QueryErrorCode.databaseRefused;
    return new QueryError(code, `ClickHouse answered with error ${error.code}: ${text}`, { cause: error });
  }
  return new QueryError(QueryErrorCode.databaseUnavailable, `ClickHouse could not be asked: ${text}`, { cause: error });
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
