import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { EngineMessage, SupervisorMessage } from './child-messages.ts';
import type { EngineConfig } from './engine/engine-config.ts';
import { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from './errors.ts';

/** The process that the engine runs in. */
export class EngineChild {
  /** Settles when the process has ended and all it said has been heard, with how it ended. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  /** Connections that were sent to it and may not have arrived; they stay open here until they have. */
  readonly #onTheirWay = new Map<number, Socket>();
  #connections = 0;
  /** The end of what it wrote to standard error: the engine says there why it died. */
  #stderr = '';

  constructor(runningQueriesMax: number) {
    this.#process = fork(ENTRY, [], {
      execArgv: [],
      // The engine reads data of an INSERT from standard input where it finds some.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: `${runningQueriesMax + SPARE_THREADS}` },
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS_MAX);
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('close', (code, signal) => {
        const end = this.#describeEnd(code, signal);
        // Its last messages may still be in the channel.
        if (this.#process.connected) this.#process.once('disconnect', () => resolve(end));
        else resolve(end);
      });
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /**
   * Opens the data directory.
   *
   * @returns the engine's version.
   * @throws EmbeddedClickHouseError
   */
  async start(config: EngineConfig, timeoutMs: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(startTimeout(timeoutMs)), timeoutMs);
    });
    const died = this.ended.then((end) => {
      throw new EmbeddedClickHouseError(EmbeddedClickHouseErrorCode.startFailed, `The engine did not start: ${end}`);
    });
    try {
      return await Promise.race([this.#firstAnswer({ kind: 'start', config }), died, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Hands a connection over. False if the process cannot take one any more. */
  take(connection: Socket): boolean {
    if (!this.#process.connected) return false;
    const id = this.#connections++;
    this.#onTheirWay.set(id, connection);
    const message: SupervisorMessage = { kind: 'connection', id };
    // Where it fails the process has gone, or is about to: the connection stays among those that did not arrive.
    this.#process.send(message, connection, { keepOpen: true }, () => undefined);
    return true;
  }

  /** The connections that did not arrive before the process ended. Nothing was read of them, so that another process can have them. */
  takeBack(): Socket[] {
    const connections = [...this.#onTheirWay.values()];
    this.#onTheirWay.clear();
    return connections;
  }

  /** Lets running queries end for so long, then ends the process, at last by force. */
  async stop(graceMs: number): Promise<void> {
    const message: SupervisorMessage = { kind: 'stop', graceMs };
    if (this.#process.connected) this.#process.send(message, () => undefined);
    const force = setTimeout(() => this.kill(), graceMs + CLOSE_MS_MAX);
    await this.ended;
    clearTimeout(force);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #letGo(id: number): void {
    this.#onTheirWay.get(id)?.destroy();
    this.#onTheirWay.delete(id);
  }

  #firstAnswer(message: SupervisorMessage): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#process.on('message', (answer: EngineMessage) => {
        if (answer.kind === 'ready') resolve(answer.version);
        else if (answer.kind === 'taken') this.#letGo(answer.id);
        else reject(new EmbeddedClickHouseError(answer.code, this.#withStderr(answer.message)));
      });
      this.#process.send(message, (error) => error !== null && reject(error));
    });
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
    return this.#withStderr(how);
  }

  #withStderr(text: string): string {
    const stderr = this.#stderr.trim();
    return stderr === '' ? text : `${text}; it wrote: ${stderr}`;
  }
}

const ENTRY = path.join(import.meta.dirname, 'engine', `engine-process${path.extname(import.meta.filename)}`);
/** Threads of libuv's pool that no running query can take: for files, compression, and for stopping queries. */
const SPARE_THREADS = 8;
const STDERR_CHARS_MAX = 4000;
/** The process ends itself by force after 10 s more; this is for the case that it hangs in native code. */
const CLOSE_MS_MAX = 15_000;

function startTimeout(timeoutMs: number): EmbeddedClickHouseError {
  return new EmbeddedClickHouseError(
    EmbeddedClickHouseErrorCode.startTimeout,
    `The engine was not ready: expected it within ${timeoutMs} ms`,
  );
}
