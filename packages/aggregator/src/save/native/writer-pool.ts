import { ByteWriter } from './byte-writer.ts';

/** What is kept: as many as requests are usually written at a time, and no longer those of rare giants. */
const IDLE_MAX = 16;
const CAPACITY_MAX = 1024 * 1024;

/**
 * Writers that are used again. Memory for blocks comes from outside the heap, and a garbage collector that is told of a megabyte
 * with every few requests runs all the time.
 */
export class WriterPool {
  readonly #idle: ByteWriter[] = [];

  /** `capacity`: bytes that a new one begins with. */
  take(capacity: number): ByteWriter {
    return this.#idle.pop() ?? new ByteWriter(capacity);
  }

  /** Takes a writer back whose bytes nobody reads any more. */
  give(writer: ByteWriter): void {
    if (this.#idle.length >= IDLE_MAX || writer.capacity > CAPACITY_MAX) return;
    writer.clear();
    this.#idle.push(writer);
  }
}
