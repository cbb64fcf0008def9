import os from 'node:os';
import path from 'node:path';
import { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from './errors.ts';
import type { EngineConfig, EngineLog } from './engine/engine-config.ts';

/** Where messages go. A pino logger is one. */
export interface EngineLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the engine's process is doing. */
export const EngineState = {
  ready: 'ready',
  /** It crashed and is being started again; requests wait for a moment and are then answered with 503. */
  restarting: 'restarting',
  /** It crashed too often. Requests are answered with 503; start a new one after the cause is removed. */
  failed: 'failed',
  stopped: 'stopped',
} as const;

/** What the engine's process is doing. */
export type EngineState = (typeof EngineState)[keyof typeof EngineState];

/** A change of the engine's state. */
export interface EngineStateChange {
  readonly state: EngineState;
  /** How often the process has been started again so far. */
  readonly restarts: number;
  /** How the process ended, with the end of what it wrote to standard error. */
  readonly reason?: string;
}

/** How to run an embedded ClickHouse. */
export interface EmbeddedClickHouseOptions {
  /** The database's directory, made if it is not there. One process may have it open. */
  readonly dataDir: string;
  /** TCP port to listen on; 0 takes any free one. @default 0 */
  readonly port?: number;
  /** Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`. @default '127.0.0.1' */
  readonly host?: string;
  /** Password of the user `default`, the only one there is. @default '' */
  readonly password?: string;
  /** Queries that run at the same time; each may hold one thread, as long as its client reads. 1 to 512. @default 32 */
  readonly runningQueriesMax?: number;
  /** Queries that wait for their turn; one more is answered with 503. At least 0. @default 1000 */
  readonly waitingQueriesMax?: number;
  /** Memory of the engine in bytes. A query that needs more fails. At least 256 MiB. @default half of the machine's */
  readonly memoryBytesMax?: number;
  /** Size of the body of one INSERT in bytes, uncompressed. It is kept in a file until it is complete. @default 4 GiB */
  readonly insertBytesMax?: number;
  /** Size of a result with `wait_end_of_query=1` in bytes. It is kept in memory. @default 64 MiB */
  readonly bufferedResultBytesMax?: number;
  /**
   * Whether SQL may reach outside of the data directory: `file()`, `url()`, `remote()`, `s3()` and their kin, dictionaries
   * (whose source may be any shell command) and databases on other servers. @default false
   */
  readonly allowExternalSources?: boolean;
  /** Settings of every query that does not set them itself. `async_insert` is 0 unless it is set here. @default none */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** ClickHouse's server settings, such as `mark_cache_size` or `background_pool_size`. @default small caches */
  readonly serverSettings?: Readonly<Record<string, string | number | boolean>>;
  /** The engine's own log. @default none */
  readonly engineLog?: EngineLog;
  /** How long the engine may take to open the data directory, in ms. At least 1000. @default 120 000 */
  readonly startTimeoutMs?: number;
  /** How long running queries may go on when `stop` is called, in ms. At least 0. @default 10 000 */
  readonly stopTimeoutMs?: number;
  /** How long a request waits while the engine is started again, in ms, before it is answered with 503. @default 5000 */
  readonly restartWaitMs?: number;
  /** Crashes within a minute after which the engine is not started again. At least 0. @default 5 */
  readonly restartsMax?: number;
  /** @default none */
  readonly logger?: EngineLogger;
  /** Called after each change of state but the first. @default none */
  readonly onStateChange?: (change: EngineStateChange) => void;
}

/** All options, checked and with their defaults. */
export interface ResolvedOptions {
  readonly port: number;
  readonly host: string;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly restartWaitMs: number;
  readonly restartsMax: number;
  readonly logger: EngineLogger;
  readonly onStateChange: (change: EngineStateChange) => void;
  readonly engine: EngineConfig;
}

/** @throws EmbeddedClickHouseError `invalid_option` */
export function resolveOptions(options: EmbeddedClickHouseOptions): ResolvedOptions {
  const host = options.host ?? '127.0.0.1';
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) throw invalid('host', '127.0.0.1, ::1 or localhost', host);
  return Object.freeze({
    host,
    port: integer(options, 'port', 0, 0, 65_535),
    startTimeoutMs: integer(options, 'startTimeoutMs', 120_000, 1000),
    stopTimeoutMs: integer(options, 'stopTimeoutMs', 10_000, 0),
    restartWaitMs: integer(options, 'restartWaitMs', 5000, 0),
    restartsMax: integer(options, 'restartsMax', 5, 0),
    logger: options.logger ?? SILENT,
    onStateChange: options.onStateChange ?? ((): void => {}),
    engine: resolveEngineConfig(options),
  });
}

function resolveEngineConfig(options: EmbeddedClickHouseOptions): EngineConfig {
  return {
    dataDir: resolveDataDir(options.dataDir),
    password: options.password ?? '',
    runningQueriesMax: integer(options, 'runningQueriesMax', 32, 1, 512),
    waitingQueriesMax: integer(options, 'waitingQueriesMax', 1000, 0),
    memoryBytesMax: integer(options, 'memoryBytesMax', Math.floor(os.totalmem() / 2), 256 * MIB),
    insertBytesMax: integer(options, 'insertBytesMax', 4096 * MIB, 1),
    bufferedResultBytesMax: integer(options, 'bufferedResultBytesMax', 64 * MIB, 1),
    allowExternalSources: options.allowExternalSources ?? false,
    settings: resolveSettings(options, 'settings'),
    serverSettings: resolveSettings(options, 'serverSettings'),
    engineLog: options.engineLog,
  };
}

/** The engine takes these characters in the name of a spool file for a pattern, and cannot be told otherwise. */
function resolveDataDir(dataDir: unknown): string {
  if (typeof dataDir !== 'string' || dataDir === '') throw invalid('dataDir', 'the path of a directory', dataDir);
  const resolved = path.resolve(dataDir);
  if (/[*?{}\\\0]/.test(resolved)) throw invalid('dataDir', 'a path without * ? { } \\', dataDir);
  return resolved;
}

function resolveSettings(
  options: EmbeddedClickHouseOptions,
  key: 'settings' | 'serverSettings',
): Readonly<Record<string, string>> {
  const entries = Object.entries(options[key] ?? {});
  for (const [name] of entries) {
    if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw invalid(key, 'names such as max_threads', name);
  }
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'boolean' ? (value ? '1' : '0') : `${value}`]),
  );
}

function integer(
  options: EmbeddedClickHouseOptions,
  key: keyof EmbeddedClickHouseOptions,
  byDefault: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value: unknown = options[key] ?? byDefault;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    const range =
      max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
    throw invalid(key, range, value);
  }
  return value;
}

function invalid(option: string, expected: string, received: unknown): EmbeddedClickHouseError {
  const shown = String(received).slice(0, 100);
  return new EmbeddedClickHouseError(
    EmbeddedClickHouseErrorCode.invalidOption,
    `The option ${option} is wrong: expected ${expected}, received ${shown}`,
  );
}

const MIB = 1024 * 1024;

const SILENT: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };
