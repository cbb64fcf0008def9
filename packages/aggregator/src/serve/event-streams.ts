// Server-sent events: answers that go on. Each takes a place of its tenant's, says now and then that it is alive, and ends when its reader
// does not keep up, when its key is taken away, or when the service stops.

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Telemetry } from '../telemetry.ts';
import { enterUntilAnswered } from './callers.ts';
import type { Gate } from './gate.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: object;
  /** What a client that was cut off sends as `Last-Event-ID`. */
  readonly id?: string;
}

export interface EventStreamsOptions {
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** How long nothing may have been sent before a sign of life is, ms. @default 15000 */
  readonly heartbeatMs?: number;
  /** What a reader may be behind before it is cut, bytes. @default 1 MiB */
  readonly behindBytesMax?: number;
}

export interface StreamAdmission {
  /** How many there may be. */
  readonly gate: Gate;
  /** Asked again and again: once it is not, the stream ends. */
  readonly isAllowed: () => boolean;
}

export interface EventStream {
  /** Ends it, as something is wrong here: its reader comes back. */
  fail(error: unknown): void;
  /** Nothing is sent any more once it has ended. */
  send(event: ServerEvent): void;
  /** Is called once, when it ends, from whichever side. */
  onEnd(callback: () => void): void;
  readonly isOver: boolean;
}

const HEARTBEAT_MS = 15_000;
const BEHIND_BYTES_MAX = 1024 * 1024;
/** How often streams are looked through, ms: a key that was taken away reads no longer than this. */
const LOOK_MS = 500;
/** After how long a client connects again, ms. */
const RETRY_MS = 1000;

export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<OpenStream>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /**
   * Begins to answer with a stream.
   * @throws Problem 429
   */
  open(request: FastifyRequest, reply: FastifyReply, { gate, isAllowed }: StreamAdmission): EventStream {
    enterUntilAnswered(gate, request, reply);
    const stream = new OpenStream(isAllowed, this.#options);
    this.#open.add(stream);
    stream.onEnd(() => this.#forget(stream));
    reply.raw.once('close', () => stream.end());
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    this.#options.telemetry.set('turnmeter_streams', this.#open.size);
    void reply
      .header('content-type', 'text/event-stream')
      // Proxies that gather what comes would keep it from the reader.
      .header('x-accel-buffering', 'no')
      .send(stream.readable);
    return stream;
  }

  /** Ends all. */
  stop(): void {
    for (const stream of this.#open) stream.end();
  }

  #forget(stream: OpenStream): void {
    this.#open.delete(stream);
    this.#options.telemetry.set('turnmeter_streams', this.#open.size);
    if (stream.cutBecause !== undefined) {
      this.#options.telemetry.count('turnmeter_streams_cut_total', { reason: stream.cutBecause });
    }
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const stream of this.#open) stream.look(this.#options.heartbeatMs ?? HEARTBEAT_MS);
  }
}

/** Why a stream is ended from this side. */
type CutReason = 'slow' | 'key' | 'failure';

class OpenStream implements EventStream {
  readonly readable: Readable;
  readonly #isAllowed: () => boolean;
  readonly #behindBytesMax: number;
  readonly #logger: Logger;
  readonly #onEnd: (() => void)[] = [];
  #sentMs = performance.now();
  #isOver = false;
  #cutBecause: CutReason | undefined;

  constructor(isAllowed: () => boolean, { behindBytesMax = BEHIND_BYTES_MAX, logger }: EventStreamsOptions) {
    this.#isAllowed = isAllowed;
    this.#behindBytesMax = behindBytesMax;
    this.#logger = logger;
    // What is not read stays in its buffer, which is why that is bounded here.
    this.readable = new Readable({ read: () => undefined, highWaterMark: behindBytesMax });
    this.readable.once('close', () => this.end());
    this.#push(`retry: ${RETRY_MS}\n\n`);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get cutBecause(): string | undefined {
    return this.#cutBecause;
  }

  send({ event, data, id }: ServerEvent): void {
    if (this.#isOver) return;
    this.#push(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (this.readable.readableLength > this.#behindBytesMax) this.#cut('slow');
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#logger.warn({ err: error }, 'a stream of events is ended');
    this.#cut('failure');
  }

  onEnd(callback: () => void): void {
    if (this.#isOver) callback();
    else this.#onEnd.push(callback);
  }

  look(heartbeatMs: number): void {
    if (!this.#isAllowed()) this.#cut('key');
    else if (performance.now() - this.#sentMs >= heartbeatMs) this.#push(':\n\n');
  }

  /** The reader gets what was sent, and no more. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.readable.push(null);
    for (const callback of this.#onEnd.splice(0)) callback();
  }

  /** Whoever does not read would not see an end either. */
  #cut(because: CutReason): void {
    this.#cutBecause = because;
    this.end();
    this.readable.destroy();
  }

  #push(text: string): void {
    if (this.#isOver) return;
    this.#sentMs = performance.now();
    this.readable.push(text);
  }
}
