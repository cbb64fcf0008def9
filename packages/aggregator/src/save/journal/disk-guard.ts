import { statfs } from 'node:fs/promises';

/** How long an answer of the file system is believed. */
const FRESH_MS = 500;

/**
 * Knows how much room a disk has, so that nothing more is taken before it is full: then neither could a segment be finished, nor could
 * the database delete anything, which takes space as well.
 */
export class DiskGuard {
  readonly #directory: string;
  readonly #ask: (directory: string) => Promise<number>;
  #freeBytes = Number.POSITIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(directory: string, ask: (directory: string) => Promise<number> = askFileSystem) {
    this.#directory = directory;
    this.#ask = ask;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** Bytes that were written since the file system was asked. */
  spend(bytes: number): void {
    this.#freeBytes -= bytes;
  }

  /** Asks the file system again, if its answer is old. */
  async refresh(nowMs: number = performance.now()): Promise<void> {
    if (nowMs - this.#askedMs < FRESH_MS) return;
    this.#askedMs = nowMs;
    try {
      this.#freeBytes = await this.#ask(this.#directory);
    } catch {
      // A file system that does not answer this is not known to be full; a write will tell.
    }
  }
}

async function askFileSystem(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
