import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseException } from '../clickhouse-exception.ts';
import type { QueryRequest, SessionRequest } from '../query/query-request.ts';
import { isPlainName } from '../sql/literals.ts';

/** What the URL, the headers and the fields of a form say; the body apart. */
export interface RequestParameters {
  readonly request: QueryRequest;
  /** SQL from the URL, with a line break if there is some: the body continues it. */
  readonly sql: Buffer;
  readonly answer: AnswerOptions;
}

/** How the client wants its answer. */
export interface AnswerOptions {
  /** How much of a result is kept back, so that an error in it is still told by the status. */
  readonly holdBytes: number;
  /** `wait_end_of_query`: all of it is kept back. */
  readonly holdsAll: boolean;
  readonly acceptEncoding: string;
  readonly zlibLevel: number;
  readonly sendsProgress: boolean;
  readonly progressIntervalMs: number;
}

/** Parameters by name, in the order they came, as bytes. */
export type ParameterList = readonly (readonly [name: string, value: Buffer])[];

/** Reads the query string of a URL: `+` is a space, `%FF` is a byte. */
export function parseQueryString(queryString: string): ParameterList {
  return queryString
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decodePercent(name).toString('utf8'), decodePercent(value)] as const;
    });
}

/** @throws ClickHouseException if a parameter is not what it has to be. */
export function readParameters(
  list: ParameterList,
  headers: IncomingHttpHeaders,
  method: string,
  makeId: () => string,
): RequestParameters {
  const first = (name: string): string | undefined => list.find(([key]) => key === name)?.[1].toString('utf8');
  const header = (name: string): string | undefined => nonEmpty(headers[`x-clickhouse-${name}`]);
  refuseUnsupported(first);
  const settings = new Map(
    list.filter(([name]) => isSetting(name)).map(([name, value]) => [name, value.toString('utf8')]),
  );
  const sql = Buffer.concat(list.filter(([name]) => name === 'query').map(([, value]) => value));
  return {
    sql: sql.length === 0 ? sql : Buffer.concat([sql, LINE_BREAK]),
    answer: readAnswerOptions(first, settings, headers),
    request: {
      queryId: withoutControls(nonEmpty(first('query_id')) ?? header('query-id') ?? '') || makeId(),
      database: header('database') ?? nonEmpty(first('database')),
      defaultFormat: readFormat(header('format') ?? nonEmpty(first('default_format')) ?? 'TabSeparated'),
      parameters: readQueryParameters(list),
      settings,
      roles: list.filter(([name]) => name === 'role').map(([, value]) => value.toString('utf8')),
      isReadOnly: method === 'GET' || method === 'HEAD',
      session: readSession(first),
    },
  };
}

/** Everything that is not one of these, nor a query parameter, is a setting. */
const RESERVED: ReadonlySet<string> = new Set([
  'query',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'query_id',
  'stacktrace',
  'role',
  'buffer_size',
  'wait_end_of_query',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'compress',
  'decompress',
  'client_protocol_version',
]);

const PARAMETER_PREFIX = 'param_';
const LINE_BREAK = Buffer.from('\n');

function isSetting(name: string): boolean {
  return name !== '' && !RESERVED.has(name) && !name.startsWith(PARAMETER_PREFIX);
}

/** The first of two with the same name counts, as in ClickHouse. */
function readQueryParameters(list: ParameterList): ReadonlyMap<string, Buffer> {
  const parameters = new Map<string, Buffer>();
  for (const [key, value] of list) {
    const name = key.slice(PARAMETER_PREFIX.length);
    if (key.startsWith(PARAMETER_PREFIX) && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

function refuseUnsupported(first: (name: string) => string | undefined): void {
  for (const name of ['compress', 'decompress']) {
    if (!isOn(first(name))) continue;
    throw ClickHouseException.of(
      'NOT_IMPLEMENTED',
      `${name}=1, the compression of ClickHouse's own, is not supported: use Content-Encoding and Accept-Encoding`,
    );
  }
}

function readAnswerOptions(
  first: (name: string) => string | undefined,
  settings: ReadonlyMap<string, string>,
  headers: IncomingHttpHeaders,
): AnswerOptions {
  const bufferSize = Number(settings.get('http_response_buffer_size') ?? first('buffer_size') ?? 0);
  const acceptEncoding = headers['accept-encoding'];
  return {
    holdBytes: Math.max(Number.isFinite(bufferSize) ? bufferSize : 0, HOLD_BYTES_MIN),
    holdsAll: isOn(settings.get('http_wait_end_of_query') ?? first('wait_end_of_query')),
    acceptEncoding: isOn(settings.get('enable_http_compression')) ? (acceptEncoding ?? '') : '',
    zlibLevel: Math.min(Math.max(Number(settings.get('http_zlib_compression_level') ?? 3) || 3, 1), 9),
    sendsProgress: isOn(settings.get('send_progress_in_http_headers')),
    progressIntervalMs: Math.max(Number(settings.get('http_headers_progress_interval_ms') ?? 100) || 100, 20),
  };
}

/** ClickHouse's own buffer (`DBMS_DEFAULT_BUFFER_SIZE`): a result that fits is sent when the query is done. */
const HOLD_BYTES_MIN = 1024 * 1024;

function readFormat(name: string): string {
  if (isPlainName(name)) return name;
  throw ClickHouseException.of('UNKNOWN_FORMAT', `Unknown format ${name.slice(0, 100)}`);
}

function readSession(first: (name: string) => string | undefined): SessionRequest | undefined {
  const id = first('session_id');
  if (id === undefined) return undefined;
  if (id === '') {
    throw ClickHouseException.of('SESSION_ID_EMPTY', 'Session id query parameter was provided, but it was empty');
  }
  const timeout = first('session_timeout') ?? `${SESSION_TIMEOUT_SECONDS}`;
  if (!/^\d+$/.test(timeout)) {
    throw ClickHouseException.of('INVALID_SESSION_TIMEOUT', `Invalid session timeout: '${timeout}'`);
  }
  if (Number(timeout) > SESSION_TIMEOUT_SECONDS_MAX) {
    throw ClickHouseException.of(
      'INVALID_SESSION_TIMEOUT',
      `Session timeout '${timeout}' is larger than max_session_timeout: ${SESSION_TIMEOUT_SECONDS_MAX}`,
    );
  }
  return {
    id,
    timeoutMs: Number(timeout) * 1000,
    mustExist: isOn(first('session_check')),
    isLast: isOn(first('close_session')),
  };
}

/** ClickHouse's defaults of `default_session_timeout` and `max_session_timeout`. */
const SESSION_TIMEOUT_SECONDS = 60;
const SESSION_TIMEOUT_SECONDS_MAX = 3600;

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function nonEmpty(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The id comes back in a header. */
function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '');
}

function decodePercent(text: string): Buffer {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return Buffer.from(spaced, 'utf8');
  const bytes = spaced
    .split(/%([0-9A-Fa-f]{2})/)
    .map((part, index) => Buffer.from(part, index % 2 === 1 ? 'hex' : 'utf8'));
  return Buffer.concat(bytes);
}
