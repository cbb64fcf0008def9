import { createHash } from 'node:crypto';

const SIZE_MAX = 8192;

/** A vector for a text, the same each time, of numbers between -1 and 1. */
export function vectorOf(text: string, size: number): readonly number[] {
  const outputLength = Number.isInteger(size) && size > 0 ? Math.min(size, SIZE_MAX) : SIZE_MAX;
  const bytes = createHash('shake256', { outputLength }).update(text).digest();
  return Array.from(bytes, (byte) => (byte - 128) / 128);
}
