/** What one HTTP request asks of the engine, its SQL and its data apart. */
export interface QueryRequest {
  /** Given by the client, or made for it. */
  readonly queryId: string;
  readonly database: string | undefined;
  /** The format of rows where the statement names none. */
  readonly defaultFormat: string;
  /** Values of `{name:Type}`, as bytes: a String of ClickHouse need not be text. */
  readonly parameters: ReadonlyMap<string, Uint8Array>;
  readonly settings: ReadonlyMap<string, string>;
  readonly roles: readonly string[];
  /** GET may not change anything. */
  readonly isReadOnly: boolean;
  readonly session: SessionRequest | undefined;
}

/** Settings, temporary tables and the current database that outlive a request. */
export interface SessionRequest {
  readonly id: string;
  readonly timeoutMs: number;
  /** `session_check=1`: it is an error if there is no such session. */
  readonly mustExist: boolean;
  /** `close_session=1` */
  readonly isLast: boolean;
}
