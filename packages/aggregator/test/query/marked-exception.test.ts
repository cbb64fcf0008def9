import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkedException } from '../../src/query/marked-exception.ts';

const TAG = 'abcdefghijklmnop';
const FAILURE = `\r\n__exception__\r\n${TAG}\r\nCode: 395. DB::Exception: secret\n33 ${TAG}\r\n__exception__\r\n`;

/** Text in pieces. */
function pieces(text: string, sizes: readonly number[]): Readable {
  const chunks: Buffer[] = [];
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return Readable.from(chunks);
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
/** Rows that look like the beginning of a mark. */
const rows = fc
  .array(
    fc.constantFrom(
      'row',
      '\r',
      '\n',
      '\r\n__exc',
      '__exception__',
      '\r\n__exception__\r\n',
      TAG,
      `\r\n__exception__\r\n${TAG.slice(0, -1)}`,
    ),
  )
  .map((parts) => parts.join(''))
  .filter((text) => !text.includes(`\r\n__exception__\r\n${TAG}`));

describe('rows without an exception', () => {
  it('come through as they are, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sizes, async (text, of) => {
        expect((await buffer(pieces(text, of).pipe(new MarkedException(TAG)))).toString()).toBe(text);
      }),
    );
  });
});

describe('rows that end with an exception', () => {
  it('end with an error, and nothing of the exception comes through', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sizes, async (text, of) => {
        const stream = pieces(text + FAILURE, of).pipe(new MarkedException(TAG));
        let received = '';
        const reading = async (): Promise<void> => {
          for await (const chunk of stream) received += (chunk as Buffer).toString();
        };
        await expect(reading()).rejects.toMatchObject({ name: 'QueryError', code: 'database_refused' });
        expect(text.startsWith(received)).toBe(true);
      }),
    );
  });
});
