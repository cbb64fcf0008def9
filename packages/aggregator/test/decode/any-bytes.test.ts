// Whatever comes, decoding ends: with records or with a DecodeError, and soon.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/decode/decode-error.ts';
import { type DecodeInput, Decoder } from '../../src/decode/decoder.ts';
import { readCaptures } from './captures.ts';
import { fromProtobuf, toProtobuf } from './official-codec.ts';
import { decodeAll, dumpRecord, PROFILES } from './record-dump.ts';

// One decoder for all, as in the service: nothing that a body does may harm the next.
const decoder = new Decoder({ profiles: PROFILES });
const signals = fc.constantFrom('span' as const, 'log' as const, 'metric' as const);

/** Reads all of every record. False when the report miscounts; what is thrown and is no DecodeError fails the test by itself. */
function isHandled(input: DecodeInput): boolean {
  let visited = 0;
  try {
    const report = decoder.decode(input, (record) => {
      visited++;
      dumpRecord(record);
    });
    return report.records === visited;
  } catch (error) {
    if (error instanceof DecodeError) return true;
    throw error;
  }
}

const HEX_DIGITS = '123456789abcdef'.split('');

describe('any bytes', () => {
  it('give records or a DecodeError', () => {
    fc.assert(
      fc.property(signals, fc.uint8Array({ maxLength: 300 }), (signal, body) => {
        expect(isHandled({ signal, encoding: 'protobuf', body })).toBe(true);
      }),
      {
        numRuns: 3000,
      },
    );
  });

  it('that look like protobuf do too', () => {
    // Tags of known fields with small lengths come deeper than noise does.
    const byte = fc.oneof(
      fc.constantFrom(0x0a, 0x12, 0x18, 0x1a, 0x22, 0x2a, 0x32, 0x39, 0x3a, 0x4a, 0x5a, 0x6a, 0x7a, 0x80),
      fc.nat(40),
      fc.nat(255),
    );
    fc.assert(
      fc.property(signals, fc.array(byte, { maxLength: 120 }), (signal, bytes) => {
        const framed = [0x0a, bytes.length + 4, 0x12, bytes.length + 2, 0x12, bytes.length, ...bytes];
        expect(isHandled({ signal, encoding: 'protobuf', body: Uint8Array.from(framed) })).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('and any JSON give records or a DecodeError', () => {
    const name = fc.constantFrom(
      'resourceSpans', 'scopeSpans', 'spans', 'resource', 'attributes', 'key', 'value', 'stringValue', 'intValue', 'arrayValue', 'values', 'traceId',
      'spanId', 'links', 'events', 'status', 'scope', '__proto__', 'constructor',
    ); // prettier-ignore
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 8 },
        fc.constantFrom(null, 5, -1, 'x', true, '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(name, tie('json'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(signals, json, (signal, value) => {
        expect(isHandled({ signal, encoding: 'json', body: Buffer.from(JSON.stringify(value)) })).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

const small = readCaptures().filter(({ body }) => body.length < 30_000);

describe('real bodies that were changed', () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

  it('by cutting them off, flipping bits, cutting out or doubling parts, give records or a DecodeError', () => {
    const change = fc.record({
      kind: fc.constantFrom('cut', 'flip', 'remove', 'double', 'overwrite'),
      at: place,
      length: fc.nat(64),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        ({ signal, encoding, body }, changes) => {
          let bytes = Buffer.from(body);
          for (const { kind, at, length, byte } of changes) {
            const from = Math.floor(at * bytes.length);
            const part = bytes.subarray(from, from + length);
            if (kind === 'cut') bytes = bytes.subarray(0, from);
            else if (kind === 'flip' && from < bytes.length) bytes[from] = (bytes[from] ?? 0) ^ (1 << (byte & 7));
            else if (kind === 'overwrite') part.fill(byte);
            else if (kind === 'remove') bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
            else if (kind === 'double') bytes = Buffer.concat([bytes.subarray(0, from), part, bytes.subarray(from)]);
          }
          expect(isHandled({ signal, encoding, body: bytes })).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('at each byte of one, give records or a DecodeError', () => {
    const [shortest] = small
      .filter(({ encoding, signal }) => encoding === 'protobuf' && signal === 'span')
      .toSorted((a, b) => a.body.length - b.body.length);
    const { signal, encoding, body } = shortest!;
    for (let at = 0; at < body.length; at++) {
      expect(isHandled({ signal, encoding, body: body.subarray(0, at) })).toBe(true);
      const flipped = Buffer.from(body);
      flipped[at] = (flipped[at] ?? 0) ^ 0x80;
      expect(isHandled({ signal, encoding, body: flipped })).toBe(true);
    }
  });
});

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...HEX_DIGITS), minLength: digits, maxLength: digits });

describe('spans of any content', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.constantFrom('', '__proto__', "'; DROP TABLE x", 'a\nb'),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'gen_ai.operation.name',
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'session.id',
      'llm.token_count.prompt',
      'my.tokens.output',
    ),
    text,
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.record({ stringValue: text }),
      fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
      // protobufjs writes -0 as 0 in JSON's way and as -0 in bytes: no count is either.
      fc.record({
        doubleValue: fc
          .double({ noNaN: true })
          .map((number) => (number === 0 ? 0 : number))
          .filter(Number.isFinite),
      }),
      fc.record({ boolValue: fc.boolean() }),
      fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 4 }) }) }),
      fc.record({
        kvlistValue: fc.record({ values: fc.array(fc.record({ key: name, value: tie('value') }), { maxLength: 4 }) }),
      }),
      fc.constant({}),
    ),
  }));
  const time = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n }).map(String);
  const span = fc.record({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: fc.oneof(hex(16), fc.constant('')),
    name: text,
    kind: fc.nat(5),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    droppedAttributesCount: fc.nat(1000),
    attributes: fc.array(fc.record({ key: name, value }), { maxLength: 30 }),
    status: fc.record({ code: fc.nat(2), message: text }),
  });

  it('read alike in both encodings', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
        const request = { resourceSpans: [{ scopeSpans: [{ spans }] }] };
        const body = toProtobuf('span', request);
        const json = Buffer.from(JSON.stringify(fromProtobuf('span', body)));
        const fromBytes = decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder);
        const fromJson = decodeAll({ signal: 'span', encoding: 'json', body: json }, decoder);
        expect(fromBytes.records).toEqual(fromJson.records);
        expect(fromBytes.observations).toEqual(fromJson.observations);
        expect(fromBytes.report.records).toBe(spans.length);
      }),
      { numRuns: 400 },
    );
  });
});
