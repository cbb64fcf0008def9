// A program that was started: ready when it says so, ended when it is asked to, and what it wrote last where it ends by itself.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of its output, for those who ask why it ended. */
const OUTPUT_KEPT = 20_000;
const READY_POLL_MS = 100;
const READY_MS_MAX = 120_000;

export interface ProgramOptions {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it writes when it is ready, or an address that answers 200 then. */
  readonly ready: RegExp | string;
  /** Out of reach of Ctrl-C, which a terminal sends to all in the foreground at once: whoever started it ends it in its turn. @default false */
  readonly detached?: boolean;
}

export class ProgramEndedError extends Error {
  readonly code = 'program_ended';

  constructor({ name, how, output }: { readonly name: string; readonly how: string; readonly output: string }) {
    super(`${name} ended by itself (${how}). It wrote last:\n${indent(output)}`);
    this.name = 'ProgramEndedError';
  }
}

export class RunningProgram {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #readiness: RegExp | string;
  /** Fulfilled when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  #output = '';
  #isWanted = true;

  /** Started here, and ready when `ready` says so. */
  constructor({ name, file, args, cwd, env = {}, ready, detached = false }: ProgramOptions) {
    this.name = name;
    this.#readiness = ready;
    this.#child = spawn(file, [...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (piece: string) => (this.#output = (this.#output + piece).slice(-OUTPUT_KEPT)));
    }
    this.ended = once(this.#child, 'close').then(
      () => undefined,
      (error: Error) => void (this.#output += error.message),
    );
  }

  /** Rejects with what it wrote where it ends before. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_MS_MAX;
    while (!(await this.#isReady())) {
      if (this.#hasEnded) {
        await this.ended;
        throw this.#endedError();
      }
      if (Date.now() > deadline) {
        throw new Error(
          `${this.name} was not ready within ${READY_MS_MAX / 1000} s. It wrote:\n${indent(this.#output)}`,
        );
      }
      await sleep(READY_POLL_MS);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Rejects when it ends without having been asked to; pending otherwise. */
  async failure(): Promise<never> {
    await this.ended;
    if (this.#isWanted) throw this.#endedError();
    return new Promise<never>(() => undefined);
  }

  /** SIGTERM: it finishes what it can. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGKILL: nothing has time for anything. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isWanted = false;
    if (this.#hasEnded) return;
    this.#child.kill(signal);
    await this.ended;
  }

  get #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #endedError(): ProgramEndedError {
    const { exitCode, signalCode } = this.#child;
    // Where there is no such file, the code is that of the system's error, below 0.
    const hasRun = exitCode !== null && exitCode >= 0;
    const how = signalCode ?? (hasRun ? `exit code ${exitCode}` : 'could not be started');
    return new ProgramEndedError({ name: this.name, how, output: this.#output });
  }

  #isReady(): Promise<boolean> | boolean {
    return typeof this.#readiness === 'string' ? answers(this.#readiness) : this.#readiness.test(this.#output);
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

function indent(output: string): string {
  const lines = output.trimEnd().split('\n').slice(-20);
  return lines.map((line) => `  ${line}`).join('\n');
}
