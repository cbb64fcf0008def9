import { createRequire } from 'node:module';

/** What a statement that gives rows, or nothing, left behind. */
export interface QueryOutcome {
  /** What it wrote where no INTO OUTFILE took it. */
  readonly bytes: Buffer;
  /** Rows and bytes of the result, not of what was scanned: the engine does not tell that. */
  readonly rowsRead: number;
  readonly bytesRead: number;
}

/** What an INSERT left behind, the rows of its materialized views included. */
export interface WriteOutcome {
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}

/**
 * The ClickHouse engine in this process, on one data directory. Opening it takes the directory's lock.
 *
 * This is chDB's native binding, reached behind its JavaScript API because `Session.close()` waits for the operations of
 * *all* sessions: while one long query runs, every connection closed meanwhile would pile up. The dependency is pinned to
 * one version for that reason.
 */
export class NativeEngine {
  readonly #binding: ChdbBinding;
  readonly #path: string;
  /** The engine lives as long as one connection does. */
  readonly #anchor: ChdbHandle;

  private constructor(binding: ChdbBinding, path: string, anchor: ChdbHandle) {
    this.#binding = binding;
    this.#path = path;
    this.#anchor = anchor;
  }

  /** @throws Error of chDB if the engine does not start; why, it writes to standard error. */
  static open(path: string, engineArguments: readonly string[]): NativeEngine {
    const binding = loadBinding();
    const engine = new NativeEngine(binding, path, binding.CreateConnection(path, [...engineArguments]));
    dieOfDeadlySignals();
    return engine;
  }

  /** A connection of its own: settings, parameters and temporary tables of one are not seen by another. */
  connect(settings: Readonly<Record<string, string>> = {}): EngineConnection {
    const settingArguments = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    return new EngineConnection(this.#binding, this.#binding.CreateConnection(this.#path, settingArguments));
  }

  /** Flushes and releases the data directory. All connections must have been closed. */
  close(): void {
    this.#binding.CloseConnection(this.#anchor);
  }
}

/** One connection to the engine. It runs one statement at a time, off the event loop. */
export class EngineConnection {
  readonly #binding: ChdbBinding;
  readonly #handle: ChdbHandle;

  constructor(binding: ChdbBinding, handle: ChdbHandle) {
    this.#binding = binding;
    this.#handle = handle;
  }

  query(sql: string, format = 'TabSeparated'): Promise<QueryOutcome> {
    return this.#binding.QueryAsyncConnection(this.#handle, sql, format);
  }

  /** Runs an INSERT. Its data is never given inline: the engine would cut it at the first blank line and run the rest. */
  write(sql: string): Promise<WriteOutcome> {
    return this.#binding.InsertRawAsyncConnection(this.#handle, sql, NO_INLINE_DATA, false);
  }

  /** Closing a connection whose statement still runs would abort the whole engine. */
  close(): void {
    this.#binding.CloseConnection(this.#handle);
  }
}

const NO_INLINE_DATA = Buffer.alloc(0);

type ChdbHandle = object & { readonly kind: 'connection of chDB' };

interface ChdbBinding {
  CreateConnection(path: string, engineArguments: string[]): ChdbHandle;
  CloseConnection(handle: ChdbHandle): void;
  QueryAsyncConnection(handle: ChdbHandle, sql: string, format: string): Promise<QueryOutcome>;
  InsertRawAsyncConnection(handle: ChdbHandle, sql: string, data: Buffer, countLines: boolean): Promise<WriteOutcome>;
}

function loadBinding(): ChdbBinding {
  const packageJson = createRequire(import.meta.url).resolve('chdb/package.json');
  const loader = createRequire(packageJson)('./dist/loader.js') as { loadNative(): ChdbBinding };
  return loader.loadNative();
}

/**
 * The engine's handlers of deadly signals sleep for minutes before the process dies (measured: more than one), and with
 * it everything that waits for it. Adding and removing a listener makes libuv restore the default, which is to die at
 * once; the supervisor then starts a new process.
 */
function dieOfDeadlySignals(): void {
  for (const signal of ['SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGSYS', 'SIGFPE', 'SIGTRAP'] as const) {
    process.on(signal, ignoreSignal);
    process.off(signal, ignoreSignal);
  }
}

function ignoreSignal(): void {}
