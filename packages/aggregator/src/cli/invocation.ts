// One run of a command: the streams it talks to, and how it learns that it should end.

import { ExitCode } from './command-error.ts';
import { type Paint, paintFor } from './text/paint.ts';

/** What a command needs of the process that it runs in; `process` is one. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly pid: number;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

/** Why a command was stopped before its end. */
export type StopCause = NodeJS.Signals | 'output closed';

/** Narrower, and lines of a table are blocks anyway. */
const WIDTH_MIN = 20;

export class Invocation {
  readonly terminal: Terminal;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** What the process will end with. */
  exitCode: ExitCode = ExitCode.OK;
  readonly #stop = new AbortController();

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.paint = paintFor(terminal.stdout);
    this.errorPaint = paintFor(terminal.stderr);
  }

  /** Aborted by the first SIGINT or SIGTERM, and when nobody reads the output any more; the reason is a {@link StopCause}. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(cause: StopCause): void {
    this.#stop.abort(cause);
  }

  /** Columns of the terminal; undefined where the output goes elsewhere. */
  get width(): number | undefined {
    const { isTTY, columns } = this.terminal.stdout;
    return isTTY && columns > 0 ? Math.max(WIDTH_MIN, columns) : undefined;
  }

  /** Writes lines for people to standard output. */
  print(...lines: readonly string[]): void {
    if (lines.length > 0) this.terminal.stdout.write(`${lines.join('\n')}\n`);
  }

  /** Writes one JSON document to standard output: on lines of their own for people, on one line for programs. */
  printJson(document: unknown): void {
    this.print(JSON.stringify(document, null, this.terminal.stdout.isTTY ? 2 : 0));
  }

  /** Writes lines to standard error: progress, advice, warnings. Standard output is for results. */
  note(...lines: readonly string[]): void {
    if (lines.length > 0) this.terminal.stderr.write(`${lines.join('\n')}\n`);
  }
}
