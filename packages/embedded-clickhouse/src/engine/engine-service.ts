import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from '../errors.ts';
import type { ServerInfo } from '../http/answer.ts';
import { Connections } from '../http/connections.ts';
import { createHttpServer } from '../http/http-server.ts';
import { createQueryEndpoint } from '../http/query-endpoint.ts';
import { InsertSpool } from '../query/insert-spool.ts';
import { QueryRunner } from '../query/query-runner.ts';
import { makePipes } from '../query/result-pipe.ts';
import { RunningQueries } from '../query/running-queries.ts';
import { Sessions } from '../query/sessions.ts';
import { SlotPool } from '../query/slots.ts';
import { QUERY_ID_SETTING, writeEngineConfig, type EngineConfig } from './engine-config.ts';
import { NativeEngine, type EngineConnection } from './native-engine.ts';

/** The engine on its data directory, with the HTTP interface in front of it. */
export interface EngineService {
  readonly version: string;
  /** Takes a connection on which nothing has been read yet. */
  serve(connection: Socket): void;
  /** Lets running queries end for so long, stops the others, and closes the data directory. */
  close(graceMs: number): Promise<void>;
}

/** @throws EmbeddedClickHouseError if another process has the directory open; Error of the engine or of the system. */
export async function openService(config: EngineConfig): Promise<EngineService> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const runDir = mkdtempSync(path.join(config.dataDir, RUN_DIR_PREFIX));
  const engine = openEngine(config, runDir);
  removeOldRunDirs(config.dataDir, runDir);
  const control = engine.connect({ [QUERY_ID_SETTING]: 'control' });
  const info = await readServerInfo(control);
  const running = new RunningQueries(control);
  const sessions = new Sessions(engine);
  const slots = new SlotPool(makePipes(runDir, config.runningQueriesMax), config.waitingQueriesMax);
  const { allowExternalSources, bufferedResultBytesMax } = config;
  const handleQuery = createQueryEndpoint({
    runner: new QueryRunner({ engine, slots, running, sessions, allowExternalSources }),
    running,
    spool: new InsertSpool(runDir, config.insertBytesMax),
    info,
    bufferedBytesMax: bufferedResultBytesMax,
    makeId: randomUUID,
    makeTag: randomTag,
  });
  const server = createHttpServer({ info, password: config.password, handleQuery });
  const connections = new Connections(server);
  return {
    version: info.version,
    serve: (connection) => connections.add(connection),
    close: async (graceMs) => {
      await drain(connections, running, graceMs);
      sessions.closeAll();
      control.close();
      engine.close();
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}

/** Named pipes, data of inserts and the engine's configuration; nothing in it outlives the process. */
const RUN_DIR_PREFIX = 'run-';

function openEngine(config: EngineConfig, runDir: string): NativeEngine {
  try {
    return NativeEngine.open(config.dataDir, writeEngineConfig(config, path.join(runDir, 'config')));
  } catch (cause) {
    rmSync(runDir, { recursive: true, force: true });
    const holder = readHolder(config.dataDir);
    if (holder === undefined) throw cause;
    throw new EmbeddedClickHouseError(
      EmbeddedClickHouseErrorCode.dataDirInUse,
      `The data directory ${config.dataDir} is in use by process ${holder.pid} since ${holder.since}: ` +
        'stop that process, or choose another directory',
      { cause },
    );
  }
}

/**
 * The engine locks the file `status` and writes into it who it is. The lock is the kernel's, so it ends with the process
 * however that ends; a file that a dead process left says nothing.
 */
function readHolder(dataDir: string): { readonly pid: number; readonly since: string } | undefined {
  const status = readIfThere(path.join(dataDir, 'status'));
  const pid = Number(/^PID: (\d+)$/m.exec(status)?.[1]);
  const since = /^Started at: (.+)$/m.exec(status)?.[1];
  if (since === undefined || !isAlive(pid)) return undefined;
  return { pid, since };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Those of processes that were killed. The engine is open, so no living process has one here. */
function removeOldRunDirs(dataDir: string, current: string): void {
  for (const name of readdirSync(dataDir)) {
    const found = path.join(dataDir, name);
    if (name.startsWith(RUN_DIR_PREFIX) && found !== current) rmSync(found, { recursive: true, force: true });
  }
}

async function readServerInfo(connection: EngineConnection): Promise<ServerInfo> {
  const read = async (sql: string): Promise<string[][]> => {
    const { bytes } = await connection.query(sql, 'JSONCompactEachRow');
    return bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]);
  };
  const [[version = '', timezone = ''] = []] = await read('SELECT version(), timezone()');
  const formats = await read("SELECT name, content_type FROM system.formats WHERE content_type != ''");
  return {
    version,
    timezone,
    displayName: os.hostname(),
    formats: new Map(formats.map(([name = '', contentType = '']) => [name.toLowerCase(), { name, contentType }])),
  };
}

async function drain(connections: Connections, running: RunningQueries, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  connections.closeIdle();
  while (running.size > 0 && Date.now() < deadline) await delay(DRAIN_POLL_MS);
  // What still runs is stopped, as its client is gone.
  connections.closeAll();
  while (running.size > 0) await delay(DRAIN_POLL_MS);
}

const DRAIN_POLL_MS = 10;

/** As ClickHouse's: sixteen lower case letters. */
function randomTag(): string {
  return Array.from(randomBytes(16), (byte) => String.fromCharCode(0x61 + (byte % 26))).join('');
}
