import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections that another process accepted for this server. (A server itself tracks only those it accepts.) */
export class Connections {
  readonly #server: Server;
  /** With the number of requests that are being answered on each. */
  readonly #open = new Map<Socket, number>();
  #isClosing = false;

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (request, response) => this.#onRequest(request, response));
  }

  /** Takes a connection on which nothing has been read yet. */
  add(connection: Socket): void {
    if (this.#isClosing || this.#open.size >= CONNECTIONS_MAX) {
      connection.destroy();
      return;
    }
    this.#open.set(connection, 0);
    connection.once('close', () => this.#open.delete(connection));
    this.#server.emit('connection', connection);
    connection.resume();
  }

  /** Closes the connections on which no request is being answered; the others close behind their answer. */
  closeIdle(): void {
    this.#isClosing = true;
    for (const [connection, requests] of this.#open) if (requests === 0) connection.destroy();
  }

  closeAll(): void {
    this.#isClosing = true;
    for (const connection of this.#open.keys()) connection.destroy();
  }

  #onRequest({ socket }: IncomingMessage, response: ServerResponse): void {
    if (this.#isClosing) response.setHeader('connection', 'close');
    this.#open.set(socket, (this.#open.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (!this.#open.has(socket)) return;
      this.#open.set(socket, (this.#open.get(socket) ?? 1) - 1);
      if (this.#isClosing) socket.end();
    });
  }
}

/** Each takes a file descriptor and some memory. ClickHouse's own limit is 4096. */
const CONNECTIONS_MAX = 4096;
