// Many senders in a process of their own, so that what they cost is not taken for what the service costs.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { SendOrder, SendReport } from './sender.ts';

export class Senders {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts the process and has it make so many requests, compressed, before anything is measured. */
  static async prepare(requests: number, encoding: 'gzip' | 'zstd' | 'identity'): Promise<Senders> {
    const child = fork(path.join(import.meta.dirname, 'sender.ts'), [`${requests}`, encoding]);
    const senders = new Senders(child);
    await senders.#answer();
    return senders;
  }

  /** Sends requests to a port, as fast as answers come; one that is refused with 503 is sent again when the answer says. */
  async send(order: SendOrder): Promise<SendReport> {
    this.#child.send(order);
    return (await this.#answer()) as SendReport;
  }

  stop(): void {
    this.#child.disconnect();
  }

  async #answer(): Promise<unknown> {
    const answered = new AbortController();
    const ended = once(this.#child, 'exit', answered).then(([code]) => {
      throw new Error(`the senders ended with exit code ${code}`);
    });
    try {
      const [message] = (await Promise.race([once(this.#child, 'message'), ended])) as [unknown];
      return message;
    } finally {
      ended.catch(() => undefined);
      answered.abort();
    }
  }
}
