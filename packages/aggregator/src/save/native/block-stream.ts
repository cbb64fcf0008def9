import { SaveError, SaveErrorCode } from '../save-error.ts';
import { readBlock } from './block.ts';
import { ByteReader, TruncatedError } from './byte-reader.ts';
import type { Column } from './column.ts';

/** A block is looked at only when so much of it is there, and then when there is twice as much: each byte is read twice at most. */
const LOOK_BYTES_MIN = 65_536;
/** Of a body that is no block, for the message: ClickHouse writes errors that come late into the body. */
const TAIL_BYTES = 500;

/**
 * Blocks of a body in Native format, as they come.
 *
 * @throws SaveError `block_invalid` if the body ends within a block or holds something else.
 */
export async function* readBlocks<Draft>(
  body: AsyncIterable<Uint8Array>,
  columns: ReadonlyMap<string, Column<never, Draft>>,
  makeDraft: () => Draft,
): AsyncGenerator<readonly Draft[]> {
  let pending: Buffer = Buffer.alloc(0);
  let arrived: Uint8Array[] = [];
  let arrivedBytes = 0;
  let lookAt = LOOK_BYTES_MIN;
  for await (const chunk of body) {
    arrived.push(chunk);
    arrivedBytes += chunk.length;
    if (pending.length + arrivedBytes < lookAt) continue;
    pending = Buffer.concat([pending, ...arrived]);
    arrived = [];
    arrivedBytes = 0;
    for (;;) {
      const block = tryRead(pending, columns, makeDraft);
      if (block === undefined) break;
      yield block.drafts;
      pending = pending.subarray(block.end);
    }
    lookAt = Math.max(LOOK_BYTES_MIN, pending.length * 2);
  }
  pending = Buffer.concat([pending, ...arrived]);
  while (pending.length > 0) {
    const block = tryRead(pending, columns, makeDraft);
    if (block === undefined) throw brokenOff(pending);
    yield block.drafts;
    pending = pending.subarray(block.end);
  }
}

function tryRead<Draft>(
  bytes: Buffer,
  columns: ReadonlyMap<string, Column<never, Draft>>,
  makeDraft: () => Draft,
): { readonly drafts: readonly Draft[]; readonly end: number } | undefined {
  if (bytes.length === 0) return undefined;
  const reader = new ByteReader(bytes);
  try {
    const drafts = readBlock(reader, columns, makeDraft);
    return { drafts, end: reader.at };
  } catch (error) {
    if (error instanceof TruncatedError) return undefined;
    throw error instanceof SaveError ? brokenOff(bytes, error) : error;
  }
}

function brokenOff(bytes: Buffer, cause?: unknown): SaveError {
  const tail = bytes.subarray(-TAIL_BYTES).toString('utf8');
  return new SaveError(
    SaveErrorCode.blockInvalid,
    `A result broke off: expected a whole block, received ${JSON.stringify(tail)}`,
    { cause, retryable: true },
  );
}
