// Requests to the aggregator that keep no process alive: an app ends when it is done, whatever is under way here.

import type { ClientRequest, IncomingMessage } from 'node:http';

/** Where the aggregator is, and who asks. */
export interface AggregatorAccess {
  /** Such as `http://127.0.0.1:8318`. */
  readonly url: string;
  readonly key: string | undefined;
  readonly tenant: string | undefined;
}

/** One request. */
export interface HttpAsk {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly accept: string;
  /** Gives up then. */
  readonly signal: AbortSignal;
}

/** What was answered. */
export interface HttpAnswer {
  readonly status: number;
  /** Undefined where it is no JSON, or too much of it. */
  readonly body: unknown;
}

/** Asks for JSON. Rejects where nobody answers. */
export async function askJson(access: AggregatorAccess, ask: Omit<HttpAsk, 'accept'>): Promise<HttpAnswer> {
  const response = await open(access, { ...ask, accept: 'application/json' });
  const parts: string[] = [];
  let length = 0;
  response.setEncoding('utf8');
  for await (const part of response as AsyncIterable<string>) {
    length += part.length;
    if (length > BODY_CHARACTERS_MAX) {
      response.destroy();
      return { status: response.statusCode ?? 0, body: undefined };
    }
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, body: parsed(parts.join('')) };
}

/** Asks for a stream of events, and tells of each. Resolves when it has ended; rejects where it was not to be had. */
export async function listen(
  access: AggregatorAccess,
  ask: Pick<HttpAsk, 'path' | 'signal'>,
  tell: (event: string, data: unknown) => void,
): Promise<void> {
  const response = await open(access, { ...ask, method: 'GET', accept: 'text/event-stream' });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`status ${response.statusCode}`);
  }
  response.setEncoding('utf8');
  let pending = '';
  for await (const part of response as AsyncIterable<string>) {
    pending += part;
    const events = pending.split(/\r?\n\r?\n/);
    pending = events.pop() ?? '';
    if (pending.length > BODY_CHARACTERS_MAX) throw new Error('an event is too long');
    for (const event of events) tellEvent(event, tell);
  }
}

/** Policies and baselines of a tenant; a server that sends more is none. */
const BODY_CHARACTERS_MAX = 8 * 1024 * 1024;

/** Sample: `event: stop_session\ndata: {"session_id":"s-1", …}`; lines that begin with a colon keep the connection open. */
function tellEvent(text: string, tell: (event: string, data: unknown) => void): void {
  let name = 'message';
  const data: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('event:')) name = line.slice('event:'.length).trim();
    else if (line.startsWith('data:')) data.push(line.slice('data:'.length).trimStart());
  }
  if (data.length > 0) tell(name, parsed(data.join('\n')));
}

async function open({ url, key, tenant }: AggregatorAccess, ask: HttpAsk): Promise<IncomingMessage> {
  const address = new URL(`/api/v1${ask.path}`, url);
  const { request } = address.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked: ClientRequest = request(address, {
    method: ask.method,
    signal: ask.signal,
    headers: {
      accept: ask.accept,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    },
  });
  asked.once('socket', (socket) => socket.unref());
  asked.once('response', resolve);
  asked.once('error', reject);
  asked.end(body);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
