import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownKeys } from '../../src/book/known-keys.ts';

describe('KnownKeys', () => {
  it('knows every key it was given, and hardly any other', () => {
    const keys = new KnownKeys(10_000);
    for (let index = 0; index < 10_000; index++) keys.add(`trace-${index}`);
    expect(Array.from({ length: 10_000 }, (_, index) => keys.has(`trace-${index}`)).every(Boolean)).toBe(true);
    // 64-bit fingerprints: a false yes among 10 000 strangers would be a fault of the hash.
    expect(Array.from({ length: 10_000 }, (_, index) => keys.has(`other-${index}`)).some(Boolean)).toBe(false);
  });

  it('forgets only the oldest keys when it has taken in many times its capacity', () => {
    const keys = new KnownKeys(1000);
    for (let index = 0; index < 20_000; index++) keys.add(`k${index}`);
    expect(Array.from({ length: 700 }, (_, index) => keys.has(`k${19_999 - index}`)).every(Boolean)).toBe(true);
    expect(keys.has('k0')).toBe(false);
  });

  it('takes any text for a key', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const keys = new KnownKeys(100);
        for (const text of texts) keys.add(text);
        expect(texts.every((text) => keys.has(text))).toBe(true);
      }),
    );
  });
});
