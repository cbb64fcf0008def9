import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ClickHouseException } from './clickhouse-exception.ts';
import { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from './errors.ts';
import { sendException } from './http/exception-answer.ts';

/** Takes a connection over, or says that it cannot. */
export type ConnectionTaker = (connection: Socket) => boolean;

/**
 * Owns the listening socket, so that the port stays the same while the engine's process is replaced. Connections go to that
 * process as they are accepted; while there is none they wait for a moment, and are then answered with 503.
 */
export class FrontDoor {
  readonly #server: Server;
  readonly #apology: HttpServer;
  readonly #waitMs: number;
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  #taker: ConnectionTaker | undefined;
  #isClosedForGood = false;

  constructor(waitMs: number, unavailable: () => string) {
    this.#waitMs = waitMs;
    // The connection is read by whoever gets it.
    this.#server = createServer({ pauseOnConnect: true }, (connection) => {
      connection.on('error', () => connection.destroy());
      this.admit(connection);
    });
    this.#apology = createHttpServer({ keepAliveTimeout: 1 }, (_, response) => {
      response.setHeader('connection', 'close');
      const exception = ClickHouseException.of('ABORTED', unavailable());
      sendException(response, exception, exception.toBody(undefined));
    });
  }

  /**
   * @returns the port, also where any free one was asked for.
   * @throws EmbeddedClickHouseError `listen_failed`
   */
  async listen(port: number, host: string): Promise<number> {
    try {
      this.#server.listen(port, host);
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new EmbeddedClickHouseError(
        EmbeddedClickHouseErrorCode.listenFailed,
        `Cannot listen on ${host}, port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on connections go there, those that wait first. */
  open(taker: ConnectionTaker): void {
    this.#taker = taker;
    for (const [connection, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#waiting.delete(connection);
      this.admit(connection);
    }
  }

  /** Lets connections through of which nothing was read yet, or has them wait. */
  admit(...connections: readonly Socket[]): void {
    for (const connection of connections) {
      if (this.#taker?.(connection) === true) continue;
      if (this.#isClosedForGood || this.#waiting.size >= WAITING_MAX) this.#apologize(connection);
      else this.#waiting.set(connection, setTimeout(() => this.#apologize(connection), this.#waitMs).unref());
    }
  }

  /** From now on connections wait; if it is for good, they are answered at once. */
  shut(isForGood = false): void {
    this.#taker = undefined;
    this.#isClosedForGood = isForGood;
    if (isForGood) for (const connection of this.#waiting.keys()) this.#apologize(connection);
  }

  /** Stops listening, at once. (The server itself would wait for all connections, also those handed over.) */
  close(): void {
    this.shut(true);
    this.#server.close();
  }

  #apologize(connection: Socket): void {
    clearTimeout(this.#waiting.get(connection));
    this.#waiting.delete(connection);
    this.#apology.emit('connection', connection);
    connection.resume();
    connection.setTimeout(APOLOGY_MS, () => connection.destroy());
  }
}

/** Connections that wait for the engine; one more is answered with 503 at once. */
const WAITING_MAX = 256;
/** For sending a request to be answered with 503. */
const APOLOGY_MS = 5000;
