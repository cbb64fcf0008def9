import { Transform, type TransformCallback } from 'node:stream';
import { QueryError, QueryErrorCode } from './query-error.ts';

/**
 * Ends a stream of rows with an error where ClickHouse has broken it off. A query that fails while its rows are being sent ends them,
 * since 25.11, with `\r\n__exception__\r\n<tag>\r\n<message>…`, the tag being in the headers; readers are to get neither the message
 * nor what looks like all rows.
 */
export class MarkedException extends Transform {
  readonly #mark: Buffer;
  /** The end of what came, as far as it may be the beginning of a mark. */
  #held: Buffer = Buffer.alloc(0);

  constructor(tag: string) {
    super();
    this.#mark = Buffer.from(`\r\n__exception__\r\n${tag}`);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (bytes.includes(this.#mark)) {
      done(new QueryError(QueryErrorCode.databaseRefused, 'ClickHouse broke off in the middle of the rows'));
      return;
    }
    const end = bytes.length - beginningOf(this.#mark, bytes);
    this.#held = bytes.subarray(end);
    done(null, bytes.subarray(0, end));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#held);
  }
}

/** How many of the last bytes are the first of the mark. */
function beginningOf(mark: Buffer, bytes: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
