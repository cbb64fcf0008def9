import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';

/**
 * Makes named pipes. The engine writes a result into one with INTO OUTFILE, which keeps every format whole (its streaming
 * interface ends formats such as Parquet early) and stops the query when nobody reads (a file would fill the disk, a
 * buffer the memory). Node has no call for `mkfifo`.
 */
export function makePipes(directory: string, count: number): readonly string[] {
  const pipes = Array.from({ length: count }, (_, index) => path.join(directory, `result-${index}`));
  const made = spawnSync('mkfifo', ['-m', '600', ...pipes], { encoding: 'utf8' });
  if (made.status === 0) return pipes;
  throw new Error(`mkfifo could not make pipes in ${directory}: ${made.error?.message ?? made.stderr}`);
}

/** The end of a named pipe that the result of one query comes out of. */
export class ResultPipe {
  /** Ends after `end`, when all has been read. It must be read to its end, or the engine blocks. */
  readonly output: Readable;
  readonly #ownWriter: number;
  #isEnded = false;

  constructor(file: string) {
    // The reader has to be there before a writer, and does not wait for one. Our own writer keeps the pipe from ending
    // before the engine has opened it, which it does with the first block, or never.
    const reader = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#ownWriter = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    this.output = new net.Socket({ fd: reader, readable: true, writable: false });
  }

  /** The engine is done: what is in the pipe is the rest. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    closeSync(this.#ownWriter);
  }
}
