// The embedded engine for clients written in Go. They ask who is there in the newest layout of blocks, which depends on the revision of the
// native protocol; who answers 0 is asked and told in the plain layout from then on, which is what the engine writes over HTTP.

import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ClickHouseDoor {
  readonly url: string;
  stop(): Promise<void>;
}

/** Listens on a free port of loopback, and hands everything else on to the engine as it is. */
export async function openClickHouseDoor(engineUrl: string, version: string): Promise<ClickHouseDoor> {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const target = new URL(request.url ?? '/', engineUrl);
    // An older protocol's blocks are the ones that are written.
    target.searchParams.delete('client_protocol_version');
    if (target.searchParams.get('query') === null && request.method === 'POST') {
      void answerStatement(target, { request, response, agent }, version);
    } else {
      request.pipe(handOn(target, { request, response, agent }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly agent: http.Agent;
}

/** A statement whose text is the body. */
async function answerStatement(target: URL, exchange: Exchange, version: string): Promise<void> {
  const body = await bodyOf(exchange.request);
  if (body.includes('revision()')) exchange.response.end(helloOf(version));
  else handOn(target, exchange).end(body);
}

function handOn(target: URL, { request, response, agent }: Exchange): http.ClientRequest {
  const { host: _host, 'content-length': length, ...headers } = request.headers;
  const sized = length === undefined ? headers : { ...headers, 'content-length': length };
  const onward = http.request(target, { method: request.method, headers: sized, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => response.destroy());
  return onward;
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A block of one row in the layout of new protocols: displayName(), version(), revision(), timezone(). */
function helloOf(version: string): Buffer {
  const blockInfo = Buffer.from([1, 0, 2, 255, 255, 255, 255, 0]);
  const column = (name: string, type: string, data: Buffer): Buffer =>
    Buffer.concat([text(name), text(type), Buffer.from([0]), data]);
  return Buffer.concat([
    blockInfo,
    Buffer.from([4, 1]),
    column('displayName()', 'String', text('embedded')),
    column('version()', 'String', text(version)),
    column('revision()', 'UInt32', Buffer.alloc(4)),
    column('timezone()', 'String', text('UTC')),
  ]);
}

/** Shorter than 128 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}
