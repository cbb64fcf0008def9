// The engine's process: it opens the data directory, takes connections from its supervisor and serves ClickHouse's HTTP
// interface on them. It refuses nothing by itself and stops when it is told to, or when its supervisor is gone.
import type { Socket } from 'node:net';
import process from 'node:process';
import type { EngineMessage, SupervisorMessage } from '../child-messages.ts';
import { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from '../errors.ts';
import { openService, type EngineService } from './engine-service.ts';

let service: EngineService | undefined;
let stopping: Promise<void> | undefined;

process.on('message', (message: SupervisorMessage, connection?: Socket) => {
  switch (message.kind) {
    case 'start':
      void start(message);
      break;
    case 'connection':
      send({ kind: 'taken', id: message.id });
      if (connection !== undefined) serve(connection);
      break;
    case 'stop':
      stop(message.graceMs);
      break;
  }
});

// Killed or crashed: nobody else would ever stop this process, and it holds the data directory.
process.on('disconnect', () => stop(ORPHAN_GRACE_MS));

// Ctrl-C and a service manager's stop reach all processes of a group; the supervisor decides when this one goes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function start(message: SupervisorMessage & { kind: 'start' }): Promise<void> {
  try {
    service = await openService(message.config);
    send({ kind: 'ready', version: service.version });
  } catch (error) {
    const code = error instanceof EmbeddedClickHouseError ? error.code : EmbeddedClickHouseErrorCode.startFailed;
    send({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    exitNow(1);
  }
}

function serve(connection: Socket): void {
  if (service === undefined) connection.destroy();
  else service.serve(connection);
}

/** The supervisor may go while this process stops for it already; it then has the shorter time. */
function stop(graceMs: number): void {
  // A query that cannot be stopped must not keep the directory from whoever comes next.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs + CLOSE_MS_MAX);
  stopping ??= closeAndExit(graceMs);
}

async function closeAndExit(graceMs: number): Promise<void> {
  await service?.close(graceMs);
  exitNow(0);
}

function send(message: EngineMessage): void {
  if (process.connected) process.send?.(message);
}

/** When the channel has been emptied: the message before may still be in it. */
function exitNow(code: number): void {
  setImmediate(() => process.exit(code));
}

/** For closing the data directory: merges are given up, parts are flushed. */
const CLOSE_MS_MAX = 10_000;

/** Long enough for an insert to end, short enough for who waits to start anew on the same directory. */
const ORPHAN_GRACE_MS = 2000;
