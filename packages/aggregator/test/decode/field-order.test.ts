import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCaptures } from './captures.ts';
import { decodeAll, type Dump } from './record-dump.ts';
import { reorderFields } from './reorder-fields.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const captures = readCaptures().filter(({ encoding }) => encoding === 'protobuf');

const decodeFile = (file: string): Dump =>
  decodeAll({ signal: 'span', encoding: 'protobuf', body: readFileSync(path.join(FIXTURES, file)) });

describe('fields in any order', () => {
  it('reads what a Collector wrote as what the SDK sent to it', () => {
    const fromSdk = decodeFile('sdk-order.pb');
    expect(decodeFile('collector-order.pb')).toEqual(fromSdk);
    expect(fromSdk).toMatchObject({ report: { records: 37 } });
  });

  it.each(captures)('reads $name backwards', ({ signal, encoding, body }) => {
    const backwards = reorderFields(signal, body, (fields) => fields.toSorted((a, b) => b - a));
    expect(decodeAll({ signal, encoding, body: backwards })).toEqual(decodeAll({ signal, encoding, body }));
  });

  it('reads any order', () => {
    const small = captures.filter(({ body }) => body.length < 20_000);
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.integer(), ({ signal, encoding, body }, seed) => {
        // Each message gets an order of its own from one stream of numbers.
        let state = seed;
        const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0);
        const shuffled = reorderFields(signal, body, (fields) =>
          fields
            .map((field) => [next(), field] as const)
            .toSorted(([a], [b]) => a - b)
            .map(([, field]) => field),
        );
        expect(decodeAll({ signal, encoding, body: shuffled })).toEqual(decodeAll({ signal, encoding, body }));
      }),
      { numRuns: 60 },
    );
  });
});
