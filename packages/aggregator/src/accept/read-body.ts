// Reads a body from the wire, within its own limit and that of all bodies together.

import type { Readable } from 'node:stream';
import type { Holding } from './byte-budget.ts';
import { Refusal, RefusalReason } from './refusal.ts';

/** `declared` is the Content-Length, undefined for a body that comes in chunks. */
export async function readBody(
  stream: Readable,
  { bytesMax, declared, holding }: { bytesMax: number; declared: number | undefined; holding: Holding },
): Promise<Buffer> {
  if (declared !== undefined) checkLength(declared, bytesMax);
  // What was announced is held before the first byte comes, so that it is refused early and not half way.
  holding.grow(declared ?? 0);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    checkLength(length, bytesMax);
    holding.grow(length);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, length);
}

function checkLength(length: number, bytesMax: number): void {
  if (length > bytesMax)
    throw new Refusal(RefusalReason.TOO_LARGE, `body is too large: expected at most ${bytesMax} bytes`);
}
