// A webhook's receiver on loopback, which keeps what it gets and answers as a test says.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // Tests look into messages of every kind.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly message: any;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer never ends. */
  readonly isEndless?: boolean;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** What is answered from now on; undefined is no answer at all. @default 204 */
  answer: (request: Received) => ReceiverAnswer | undefined;
  stop(): Promise<void>;
}

export async function runReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body, message: JSON.parse(body) as unknown };
      received.push(one);
      const answer = receiver.answer(one);
      if (answer === undefined) return;
      response.writeHead(answer.status, answer.headers);
      if (answer.isEndless === true) response.write(answer.body);
      else response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    answer: () => ({ status: 204 }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** As `openssl rand -base64 32` makes them. */
export const SECRET: string = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
