import { diag } from '@opentelemetry/api';
import { endUnreadCalls } from '../attach/model-call/unread-calls.ts';
import type { OwnSdk } from './own-sdk.ts';

/** Sends what is held back when the process ends, however it ends, without keeping it from ending. */
export function flushAtExit(
  sdk: Pick<OwnSdk, 'shutdown' | 'sendNow' | 'isRunning'>,
  process: NodeJS.Process = globalThis.process,
): void {
  let isOver = false;
  const finish = async (): Promise<boolean> => {
    if (isOver || !sdk.isRunning) return true;
    isOver = true;
    endUnreadCalls();
    const isDone = await within(FLUSH_MS_MAX, sdk.shutdown());
    if (!isDone) diag.warn(`turnmeter: the last telemetry could not be sent within ${FLUSH_MS_MAX} ms, and is lost`);
    return isDone;
  };
  const endQuietly = async (): Promise<void> => {
    const isDone = await finish();
    // The exporter would go on trying; unless somebody else has something to do before the end, nothing is left.
    if (!isDone && process.listenerCount('beforeExit') === 0) process.exit();
  };
  // Nothing more to do: the usual end of a script. What is begun here keeps the process for that long.
  process.once('beforeExit', () => void endQuietly());
  // `process.exit()` or an error that nobody caught: only what is done at once is done.
  process.once('exit', () => {
    if (isOver) return;
    endUnreadCalls();
    sdk.sendNow();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const endBySignal = async (): Promise<void> => {
      await finish();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    const onSignal = (): void => {
      // An app that handles the signal ends in its own time, by one of the ways above.
      if (process.listenerCount(signal) === 1) void endBySignal();
    };
    process.on(signal, onSignal);
  }
}

/** A backend that is away must not hold up a process that wants to end. */
const FLUSH_MS_MAX = 3000;

async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = work.then(() => true);
  try {
    return await Promise.race([inTime, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
