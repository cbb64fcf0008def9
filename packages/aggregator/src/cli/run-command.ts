// in: a command line. out: what it prints, and an exit code: 0 done, 1 failed or not found, 2 used wrongly, 130 interrupted.

import { CommanderError } from 'commander';
import { ExitCode } from './command-error.ts';
import { describeError } from './describe-error.ts';
import { Invocation, type Terminal } from './invocation.ts';
import { describeProgram } from './program.ts';

/** Runs a command to its end. @returns its exit code. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const invocation = new Invocation(terminal);
  const release = listenForStop(invocation);
  try {
    const program = await describeProgram(argv, invocation);
    await program.parseAsync([...argv]);
    return invocation.exitCode;
  } catch (error) {
    return explainFailure(error, invocation);
  } finally {
    release();
  }
}

function explainFailure(error: unknown, invocation: Invocation): ExitCode {
  if (invocation.signal.aborted) return exitCodeOfStop(invocation.signal.reason);
  // Its message, help or version is written already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
  const { lines, exitCode } = describeError(error, invocation.errorPaint);
  invocation.note(...lines);
  return exitCode;
}

function exitCodeOfStop(cause: unknown): ExitCode {
  if (cause === 'SIGINT') return ExitCode.INTERRUPTED;
  return cause === 'SIGTERM' ? ExitCode.TERMINATED : ExitCode.OK;
}

/** One Ctrl-C under `npm run` arrives twice: from the terminal, and handed on by npm. Nobody presses it twice so fast. */
const SAME_SIGNAL_MS = 500;

/** The first signal asks the command to end, the second ends it as if nobody listened. A closed pipe (`| head`) is no error. */
function listenForStop(invocation: Invocation): () => void {
  const { terminal } = invocation;
  let stoppedAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!invocation.signal.aborted) {
      stoppedAt = performance.now();
      invocation.stop(signal);
      return;
    }
    if (performance.now() - stoppedAt < SAME_SIGNAL_MS) return;
    release();
    terminal.kill(terminal.pid, signal);
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    invocation.stop('output closed');
  };
  const release = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) terminal.off(signal, onSignal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) terminal.on(signal, onSignal);
  // These stay: what is still in a buffer is written after the command has ended.
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', onError);
  return release;
}
