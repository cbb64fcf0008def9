// Stands between a Collector and Turnmeter: passes requests on, remembers what went through, and can be away. Or is an end itself, for
// what is somebody else's.

import { once } from 'node:events';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface RecordingProxy {
  readonly url: string;
  /** Bodies of requests that were passed on, inflated. */
  readonly bodies: readonly Buffer[];
  /** Answers 503 to everything from now on, or no longer. */
  setAway(isAway: boolean): void;
  stop(): Promise<void>;
}

export interface ProxyOptions {
  /** Takes requests and passes none on. @default false */
  readonly isSink?: boolean;
}

export async function startProxy(target: string, { isSink = false }: ProxyOptions = {}): Promise<RecordingProxy> {
  const bodies: Buffer[] = [];
  let isAway = false;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (isAway) {
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      }
      const body = Buffer.concat(chunks);
      void (isSink ? Promise.resolve(TAKEN) : passOn(target, request, body))
        .catch(() => ({ status: 503, answer: Buffer.alloc(0) }))
        .then(({ status, answer }) => {
          if (status === 200) bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
          return response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end(answer);
        });
    });
    request.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    setAway: (value) => (isAway = value),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TAKEN = { status: 200, answer: Buffer.alloc(0) };

async function passOn(
  target: string,
  request: http.IncomingMessage,
  body: Buffer,
): Promise<{ readonly status: number; readonly answer: Buffer }> {
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const answer = await fetch(`${target}${request.url ?? ''}`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  return { status: answer.status, answer: Buffer.from(await answer.arrayBuffer()) };
}
