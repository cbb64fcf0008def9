import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ClickHouseException } from '../clickhouse-exception.ts';
import type { ServerInfo } from './answer.ts';
import { sendException } from './exception-answer.ts';
import { parseQueryString, type ParameterList } from './request-parameters.ts';

/** Answers one query. Never rejects. */
export type QueryHandler = (request: IncomingMessage, response: ServerResponse, list: ParameterList) => Promise<void>;

/** What the server serves. */
export interface HttpServerOptions {
  readonly info: ServerInfo;
  /** Password of the user `default`. */
  readonly password: string;
  readonly handleQuery: QueryHandler;
}

/**
 * ClickHouse's HTTP interface. Plain `node:http`, because nothing but routes would be left for a framework: answers are
 * raw streams that may have to break off, and connections come from another process.
 */
export function createHttpServer(options: HttpServerOptions): Server {
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS });
  server.on('request', (request, response) => {
    try {
      route(request, response, options);
    } catch (error) {
      const exception = error instanceof ClickHouseException ? error : ClickHouseException.fromEngine(error);
      sendException(response, exception, exception.toBody(options.info.version));
    }
  });
  return server;
}

function route(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): void {
  refuseOtherSites(request);
  const [path, queryString = ''] = split(request.url ?? '/');
  if (path === '/ping' || path === '/replicas_status') return sendText(response, 200, 'Ok.\n');
  if (path !== '/') {
    return sendText(response, 404, `There is no handle ${path.slice(0, 100)}\n\nUse / or /ping for health checks.\n`);
  }
  if (!METHODS.has(request.method ?? ''))
    return sendText(response, 405, `The method is not allowed\n`, 'GET, HEAD, POST, PUT');
  const list = parseQueryString(queryString);
  authenticate(request, list, options.password);
  const isProbe = request.method !== 'POST' && queryString === '';
  if (isProbe) return sendText(response, 200, 'Ok.\n');
  void options.handleQuery(request, response, list);
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT']);

/** ClickHouse takes URLs of 1 MiB. */
const HEADER_BYTES_MAX = 2 * 1024 * 1024;
/** As long as ClickHouse's; clients are told, and let go before. */
const KEEP_ALIVE_MS = 30_000;

/**
 * A loopback port is open to every page in a browser on this machine: a page may post to it, and its name may be made to
 * resolve to it. Neither is a client of this server.
 */
function refuseOtherSites(request: IncomingMessage): void {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isPage = origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin');
  if (isPage) throw ClickHouseException.of('ACCESS_DENIED', 'Requests of web pages are not answered');
  if (host !== undefined && !LOOPBACK.test(host)) {
    throw ClickHouseException.of(
      'ACCESS_DENIED',
      `The Host header is wrong: expected a loopback name, received ${host.slice(0, 100)}`,
    );
  }
}

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d+)?$/i;

/** Takes credentials where ClickHouse does: Basic, X-ClickHouse-User and -Key, or the URL. */
function authenticate(request: IncomingMessage, list: ParameterList, password: string): void {
  const parameter = (name: string): string | undefined => list.find(([key]) => key === name)?.[1].toString('utf8');
  const basic = /^Basic ([A-Za-z0-9+/=]*)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [basicUser, basicPassword] = split(Buffer.from(basic ?? '', 'base64').toString('utf8'), ':');
  const header = (name: string): string | undefined => request.headers[`x-clickhouse-${name}`]?.toString();
  const user = header('user') ?? (basicUser || undefined) ?? parameter('user') ?? 'default';
  const given = header('key') ?? basicPassword ?? parameter('password') ?? '';
  if (user === 'default' && isSame(given, password)) return;
  throw ClickHouseException.of(
    'AUTHENTICATION_FAILED',
    `${user.slice(0, 100)}: Authentication failed: password is incorrect, or there is no user with such name`,
  );
}

/** Takes the same time whatever is given. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function split(text: string, separator = '?'): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function sendText(response: ServerResponse, status: number, text: string, allow?: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
    ...(allow === undefined ? {} : { allow }),
  });
  response.end(text);
}
