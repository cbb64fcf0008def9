import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../src/query/cursor.ts';

const anyName = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
const position = fc.record({
  key: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  sessionId: anyName,
  workflow: anyName,
});

describe('a cursor', () => {
  it('comes back as it was written, whatever the names', () => {
    fc.assert(
      fc.property(position, (at) => {
        expect(readCursor('list', writeCursor('list', at))).toEqual(at);
      }),
    );
  });

  it('is refused by another list', () => {
    const cursor = writeCursor('sessions by cost', { key: '1', sessionId: 's', workflow: 'w' });
    expect(() => readCursor('sessions by start', cursor)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
  });

  it('is refused if it was not made here, and nothing else happens', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          expect(() => readCursor('list', text)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
        },
      ),
    );
  });

  it.for(['1; DROP TABLE entries', '1e5', '', '-', '9'.repeat(20), '9223372036854775808'])(
    'is refused with the key %j, which no column has',
    (key) => {
      const cursor = Buffer.from(JSON.stringify(['list', key, 's', 'w'])).toString('base64url');
      expect(() => readCursor('list', cursor)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
    },
  );
});
