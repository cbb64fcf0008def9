import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ClickHouseException } from '../clickhouse-exception.ts';

/** The data of one INSERT, whole, in a file that only this user may read. */
export interface SpooledData {
  readonly file: string;
  remove(): Promise<void>;
}

/**
 * Puts the data of INSERTs into files until they are complete. Given inline, the engine would cut it at the first blank
 * line and run the rest as SQL; given as it arrives, a client that goes away would leave half of it in the table.
 */
export class InsertSpool {
  readonly #directory: string;
  readonly #bytesMax: number;
  #count = 0;

  constructor(directory: string, bytesMax: number) {
    this.#directory = directory;
    this.#bytesMax = bytesMax;
  }

  /** @throws ClickHouseException if it is too long; the source's own error if it breaks off. */
  async write(data: AsyncIterable<Uint8Array>): Promise<SpooledData> {
    const file = path.join(this.#directory, `insert-${++this.#count}`);
    const remove = (): Promise<void> => rm(file, { force: true });
    const target = createWriteStream(file, { flags: 'wx', mode: 0o600, highWaterMark: WRITE_BUFFER_BYTES });
    try {
      await pipeline(
        Readable.from(this.#limit(data), { objectMode: false, highWaterMark: WRITE_BUFFER_BYTES }),
        target,
      );
    } catch (error) {
      await remove();
      throw error;
    }
    return { file, remove };
  }

  async *#limit(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of data) {
      bytes += chunk.length;
      if (bytes > this.#bytesMax) {
        throw ClickHouseException.of(
          'QUERY_IS_TOO_LARGE',
          `The data of the INSERT is too large: expected at most ${this.#bytesMax} bytes`,
        );
      }
      yield chunk;
    }
  }
}

/** Chunks of a socket are 64 KiB; written many at once they cost a tenth of the calls. */
const WRITE_BUFFER_BYTES = 1024 * 1024;
