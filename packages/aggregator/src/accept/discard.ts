/**
 * Gives the memory of a buffer back at once. It is outside the heap: left to the garbage collector, bodies of half a megabyte bring on a
 * look through the whole heap for every hundred requests. Nobody may read the buffer afterwards.
 */
export function discard(buffer: Buffer): void {
  const { buffer: memory } = buffer;
  // What is no larger may be the pool, which small buffers share.
  if (memory instanceof ArrayBuffer && memory.byteLength > Buffer.poolSize && !memory.detached) memory.transfer(0);
}
