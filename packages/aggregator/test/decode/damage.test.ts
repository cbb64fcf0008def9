// Bodies that are no OTLP. Bytes are written out, for no encoder writes them.

import { describe, expect, it } from 'vitest';
import { DecodeError, type DecodeFault } from '../../src/decode/decode-error.ts';
import { type DecodeInput, Decoder } from '../../src/decode/decoder.ts';
import { PROFILES } from './record-dump.ts';

const decoder = new Decoder({ profiles: PROFILES });

function faultOf(input: DecodeInput): DecodeFault | undefined {
  try {
    decoder.decode(input, () => undefined);
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return undefined;
}

const faultOfBytes = (...bytes: readonly number[]): DecodeFault | undefined =>
  faultOf({ signal: 'span', encoding: 'protobuf', body: Uint8Array.from(bytes) });

/** Puts the bytes of a span where a span stands: 0a = resource_spans, 12 = scope_spans, 12 = spans. */
const faultOfSpan = (...span: readonly number[]): DecodeFault | undefined =>
  faultOfBytes(0x0a, span.length + 4, 0x12, span.length + 2, 0x12, span.length, ...span);

const CONTINUED = Array.from({ length: 10 }, () => 0xff);

describe('protobuf that is damaged', () => {
  it('ends before a length does', () => {
    expect(faultOfBytes(0x0a, 5, 0x12)).toBe('truncated');
    expect(faultOfBytes(0x0a)).toBe('truncated');
    expect(faultOfBytes(0x0a, 0x80)).toBe('truncated');
    expect(faultOfSpan(0x0a, 16, 1, 2, 3)).toBe('truncated');
  });

  it('ends inside a number', () => {
    expect(faultOfSpan(0x39, 1, 2, 3)).toBe('truncated');
    expect(faultOfSpan(0x85, 0x01, 1, 2)).toBe('truncated');
    expect(faultOfSpan(0x30, 0x80)).toBe('truncated');
    expect(faultOfSpan(0x80)).toBe('truncated');
  });

  it('has a length past the message it is in, though not past the body', () => {
    // An attribute of 9 bytes in a span of 6, with more bytes behind the span.
    expect(
      faultOfBytes(0x0a, 20, 0x12, 10, 0x12, 6, 0x4a, 9, 0x0a, 1, 97, 0, 0x1a, 0, 0x1a, 0, 0x1a, 0, 0x1a, 0, 0x1a, 0),
    ).toBe('truncated');
    // A key, a value, a text longer than the attribute.
    expect(faultOfSpan(0x4a, 4, 0x0a, 9, 97, 98)).toBe('truncated');
    expect(faultOfSpan(0x4a, 5, 0x0a, 1, 97, 0x12, 9)).toBe('truncated');
    expect(faultOfSpan(0x4a, 7, 0x0a, 1, 97, 0x12, 2, 0x0a, 9)).toBe('truncated');
    expect(faultOfSpan(0x4a, 7, 0x0a, 1, 97, 0x12, 2, 0x18, 0x80)).toBe('truncated');
    expect(faultOfSpan(0x4a, 8, 0x0a, 1, 97, 0x12, 3, 0x21, 1, 1)).toBe('truncated');
  });

  it('has a length of 2^63 or of minus one', () => {
    expect(faultOfBytes(0x0a, ...CONTINUED.slice(1), 0x01)).toBe('truncated');
    expect(faultOfBytes(0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)).toBe('truncated');
    expect(faultOfSpan(0x4a, 0xff, 0xff, 0xff, 0xff, 0x0f)).toBe('truncated');
  });

  it('has a varint of more than ten bytes', () => {
    expect(faultOfBytes(0x08, ...CONTINUED, 0x01)).toBe('varint_too_long');
    expect(faultOfBytes(...CONTINUED, 0x01)).toBe('varint_too_long');
    expect(faultOfSpan(0x4a, 17, 0x0a, 1, 97, 0x12, 12, 0x18, ...CONTINUED, 0x01)).toBe('varint_too_long');
  });

  it('has groups or wire types that do not exist', () => {
    for (const type of [3, 4, 6, 7]) {
      expect(faultOfBytes((5 << 3) | type)).toBe('wire_type');
      expect(faultOfSpan((9 << 3) | type, 0)).toBe('wire_type');
      expect(faultOfSpan(0x4a, 2, (1 << 3) | type, 0)).toBe('wire_type');
    }
  });

  it('has fields without a number, or with one past 2^29', () => {
    expect(faultOfBytes(0x02, 0)).toBe('field_number');
    expect(faultOfSpan(0x00, 0)).toBe('field_number');
    expect(faultOfSpan(0x80, 0x80, 0x80, 0x80, 0x10, 0)).toBe('field_number');
  });

  it('tells where and not what', () => {
    const body = Buffer.from([0x0a, 60, ...Buffer.from('the secret prompt')]);
    let caught: unknown;
    try {
      decoder.decode({ signal: 'span', encoding: 'protobuf', body }, () => undefined);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'truncated', offset: 1, retryable: false });
    expect(String(caught)).not.toContain('secret');
  });

  it('does not stop the decoder from reading the next request', () => {
    expect(faultOfBytes(0x0a, 5)).toBe('truncated');
    expect(faultOfBytes()).toBeUndefined();
  });
});

describe('protobuf that is unusual', () => {
  it('may be empty, at any level', () => {
    for (const body of [[], [0x0a, 0], [0x0a, 2, 0x12, 0], [0x0a, 4, 0x12, 2, 0x0a, 0]]) {
      expect(
        decoder.decode({ signal: 'span', encoding: 'protobuf', body: Uint8Array.from(body) }, () => undefined),
      ).toMatchObject({
        records: 0,
        rejected: new Map(),
      });
    }
  });

  it('may have fields nobody knows, of every wire type and number', () => {
    expect(
      faultOfSpan(
        0xf8,
        0x07,
        0x81,
        0x01,
        0xf9,
        0x07,
        ...CONTINUED.slice(2),
        0xfa,
        0x07,
        2,
        1,
        1,
        0xfd,
        0x07,
        1,
        2,
        3,
        4,
      ),
    ).toBe(undefined);
  });

  it('may have known fields of another wire type, which are unknown then', () => {
    expect(faultOfSpan(0x08, 5, 0x11, 1, 1, 1, 1, 1, 1, 1, 1, 0x48, 3, 0x32, 0, 0x38, 7)).toBe(undefined);
  });

  it('may write small numbers in many bytes', () => {
    // scope_spans of length 2 written as 82 80 00; the span in it is empty and so has no ids.
    const report = decoder.decode(
      { signal: 'span', encoding: 'protobuf', body: Uint8Array.from([0x0a, 6, 0x12, 0x82, 0x80, 0x00, 0x12, 0x00]) },
      () => undefined,
    );
    expect(report.rejected).toEqual(new Map([['bad_trace_id', 1]]));
  });
});

const faultOfJson = (text: string): DecodeFault | undefined =>
  faultOf({ signal: 'span', encoding: 'json', body: Buffer.from(text) });

describe('JSON that is no OTLP', () => {
  it('does not parse', () => {
    expect(faultOfJson('')).toBe('invalid_json');
    expect(faultOfJson('{"resourceSpans":[')).toBe('invalid_json');
    expect(faultOfJson('{"resourceSpans":[]} {}')).toBe('invalid_json');
  });

  it('is nested too deep, however much there is of it', () => {
    expect(faultOfJson('['.repeat(1_000_000))).toBe('nesting_too_deep');
    expect(faultOfJson(`${'{"a":'.repeat(600)}1${'}'.repeat(600)}`)).toBe('nesting_too_deep');
  });

  it('may have brackets and quotes inside of texts', () => {
    expect(faultOfJson(`{"a":"${'['.repeat(1000)}\\"${'{'.repeat(1000)}\\\\"}`)).toBeUndefined();
  });

  it('has something else where lists and objects belong', () => {
    const texts = ['[]', 'null', '5', '"x"', '{"resourceSpans":{}}', '{"resourceSpans":[5]}', '{"resourceSpans":[[]]}'];
    expect(texts.map(faultOfJson)).toEqual(texts.map(() => 'wrong_shape'));
    expect(faultOfJson('{"resourceSpans":[{"scopeSpans":[{"spans":"x"}]}]}')).toBe('wrong_shape');
  });

  it('is quoted nowhere', () => {
    let message = '';
    try {
      decoder.decode(
        { signal: 'span', encoding: 'json', body: Buffer.from('{"a": the secret prompt}') },
        () => undefined,
      );
    } catch (error) {
      message = `${String(error)} ${String((error as Error).cause)} ${(error as Error).stack}`;
    }
    expect(message).toContain('invalid_json');
    expect(message).not.toContain('secret');
  });

  it('may be empty, at any level, and null means absent', () => {
    const texts = [
      '{}',
      '{"resourceSpans":[]}',
      '{"resourceSpans":null}',
      '{"resourceSpans":[{"scopeSpans":[{}]}]}',
      '{"other":{}}',
    ];
    expect(texts.map(faultOfJson)).toEqual(texts.map(() => undefined));
  });
});
