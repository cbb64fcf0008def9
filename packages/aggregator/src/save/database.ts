// What this stage asks of ClickHouse, with errors that say whether the same may succeed later.

import type { Readable } from 'node:stream';
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { onCluster } from './migrate/ddl.ts';
import { readBlocks } from './native/block-stream.ts';
import { columnsByName } from './native/block.ts';
import type { Column } from './native/column.ts';
import { SaveError, SaveErrorCode } from './save-error.ts';

export interface DatabaseOptions {
  /** `http://127.0.0.1:8123`, of a server or of the embedded engine. */
  readonly url: string;
  readonly database: string;
  /** @default 'default' */
  readonly username?: string | undefined;
  /** @default '' */
  readonly password?: string | undefined;
  /** For ON CLUSTER. Tables are then replicated. @default none */
  readonly cluster?: string | undefined;
  /** How long ClickHouse may be silent during a request before its outcome counts as unknown, ms. @default 120_000 */
  readonly timeoutMs?: number;
  /** Compresses what is inserted: worth its CPU over a network, not on one machine. @default false */
  readonly compress?: boolean;
}

export type QueryParameters = Readonly<Record<string, unknown>>;

const TIMEOUT_MS_DEFAULT = 120_000;
/** Rows of a block that is read: small enough to be decoded between two other tasks of the event loop. */
const READ_BLOCK_ROWS = 4096;

/** One database of a ClickHouse server or of the embedded engine. */
export class Database {
  readonly name: string;
  /** Name for ON CLUSTER. */
  readonly cluster: string | undefined;
  readonly #options: DatabaseOptions;
  readonly #client: ClickHouseClient;

  constructor(options: DatabaseOptions) {
    this.name = options.database;
    this.cluster = options.cluster;
    this.#options = options;
    this.#client = connect(options, options.database);
  }

  /** Makes the database itself, in which no statement can run before it is there. */
  async createIfMissing(): Promise<void> {
    const client = connect(this.#options, 'default');
    const name = this.name;
    try {
      await told(async () => {
        const found = await client.query({
          query: 'SELECT name FROM system.databases WHERE name = {name:String}',
          query_params: { name },
          format: 'JSONEachRow',
        });
        // Somebody else may have made it for a user who may not.
        if ((await found.json()).length > 0) return;
        const sql = `CREATE DATABASE IF NOT EXISTS {name:Identifier} ${onCluster(this.cluster)}`;
        await client.command({ query: sql, query_params: { name } });
      });
    } finally {
      await client.close();
    }
  }

  /** Runs a statement that gives no rows. */
  async command(sql: string, parameters: QueryParameters = {}, settings: ClickHouseSettings = {}): Promise<void> {
    await told(() => this.#client.command({ query: sql, query_params: parameters, clickhouse_settings: settings }));
  }

  /** Rows of a query whose answer is short. 64-bit numbers are text. */
  async rows<Row>(sql: string, parameters: QueryParameters = {}): Promise<readonly Row[]> {
    return told(async () => {
      const result = await this.#client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' });
      return result.json<Row>();
    });
  }

  /** Sends blocks in Native format. Settles when ClickHouse has answered. */
  async insert(
    sql: string,
    options: { readonly body: Readable; readonly queryId: string; readonly signal: AbortSignal },
  ): Promise<void> {
    await told(async () => {
      const { stream } = await this.#client.exec({
        query: sql,
        values: options.body,
        query_id: options.queryId,
        abort_signal: options.signal,
      });
      for await (const _ of stream) continue;
    });
  }

  /**
   * Rows of a query, read as they come. The query names the columns as the table has them; `FORMAT` is added here.
   *
   * @param columns what may be in the answer; what is not in it leaves the draft as it was made.
   */
  async *read<Draft, Row>(
    sql: string,
    options: {
      readonly parameters: QueryParameters;
      readonly columns: readonly Column<never, Draft>[];
      readonly makeDraft: () => Draft;
      readonly finish: (draft: Draft) => Row;
    },
  ): AsyncGenerator<readonly Row[]> {
    const { stream } = await told(() =>
      this.#client.exec({
        query: `${sql}\nFORMAT Native`,
        query_params: options.parameters,
        use_multipart_params_auto: true,
        clickhouse_settings: { max_block_size: `${READ_BLOCK_ROWS}` },
      }),
    );
    try {
      for await (const drafts of readBlocks(stream, columnsByName(options.columns), options.makeDraft)) {
        if (drafts.length > 0) yield drafts.map(options.finish);
      }
    } catch (error) {
      throw databaseError(error);
    } finally {
      // Whoever wants no more rows ends the query with it.
      stream.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function connect(options: DatabaseOptions, database: string): ClickHouseClient {
  return createClient({
    url: options.url,
    database,
    username: options.username ?? 'default',
    password: options.password ?? '',
    request_timeout: options.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    compression: { request: options.compress === true ? { codec: 'zstd', level: 1 } : false },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

async function told<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw databaseError(error);
  }
}

/** ClickHouse's own words are kept; they name tables and columns and hold no data of ours but the values of a failed parse. */
function databaseError(error: unknown): SaveError {
  if (error instanceof SaveError) return error;
  if (error instanceof ClickHouseError && error.code !== GOING_AWAY) {
    const isRetryable = !REFUSALS_OF_DATA.has(error.code);
    return new SaveError(
      SaveErrorCode.databaseRefused,
      `ClickHouse answered with error ${error.code}: ${shorten(error.message)}`,
      {
        cause: error,
        retryable: isRetryable,
        databaseCode: error.code,
      },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new SaveError(SaveErrorCode.databaseUnavailable, `ClickHouse could not be asked: ${shorten(reason)}`, {
    cause: error,
    retryable: true,
  });
}

/** ABORTED: by a server that shuts down, or in place of an engine that is just started anew. */
const GOING_AWAY = '236';

/** Errors that the same bytes will always get: they cannot be read, or not be put into the columns. */
const REFUSALS_OF_DATA: ReadonlySet<string> = new Set([
  '6', // CANNOT_PARSE_TEXT
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '33', // CANNOT_READ_ALL_DATA
  '53', // TYPE_MISMATCH
  '70', // CANNOT_CONVERT_TYPE
  '117', // INCORRECT_DATA
  '131', // TOO_LARGE_STRING_SIZE
]);

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 500 ? `${line.slice(0, 497)}...` : line;
}
