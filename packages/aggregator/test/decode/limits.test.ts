import { describe, expect, it } from 'vitest';
import { Decoder } from '../../src/decode/decoder.ts';
import type { DecodeLimits } from '../../src/decode/limits.ts';
import { toProtobuf } from './official-codec.ts';
import { decodeAll, type Dump, PROFILES, valuesOf } from './record-dump.ts';
import { attributes, spansRequest, TOKENS } from './span-request.ts';

/** Decodes spans in both encodings and expects the same of both. */
function decodeBoth(spans: readonly Record<string, unknown>[], limits: Partial<DecodeLimits> = {}): Dump {
  const request = spansRequest(...spans);
  const decode = (encoding: 'json' | 'protobuf', body: Buffer): Dump =>
    decodeAll({ signal: 'span', encoding, body }, new Decoder({ profiles: PROFILES, limits }));
  const fromJson = decode('json', Buffer.from(JSON.stringify(request)));
  const fromBytes = decode('protobuf', toProtobuf('span', request));
  expect([fromBytes.records, fromBytes.observations]).toEqual([fromJson.records, fromJson.observations]);
  expect(fromBytes.report.rejected).toEqual(fromJson.report.rejected);
  // Values are read once from JSON and as often as they are asked for from bytes, so what is noted of them differs in number.
  expect([...fromBytes.report.notes.keys()]).toEqual([...fromJson.report.notes.keys()]);
  return fromBytes;
}

const usageOf = ({ observations }: Dump): unknown => observations.map(({ usage }) => [usage?.input, usage?.output]);

const many = (count: number, name: (index: number) => string): readonly Record<string, unknown>[] =>
  attributes(Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), index])));

describe('attributes past the limit', () => {
  it('lose no usage, wherever it stands among ten thousand', () => {
    const noise = many(10_000, (index) => `app.noise.${index}`);
    for (const list of [
      [...TOKENS, ...noise],
      [...noise, ...TOKENS],
      [...noise.slice(5000), ...TOKENS, ...noise.slice(0, 5000)],
    ]) {
      const dump = decodeBoth([{ attributes: list }]);
      expect(usageOf(dump)).toEqual([[100, 7]]);
      expect(dump.observations).toMatchObject([{ operation: 'chat', profile: 'gen-ai' }]);
      expect(dump.report.notes.get('attributes_over_limit')).toBeGreaterThan(5000);
    }
  });

  it('lose no better spelling that comes after them', () => {
    const old = attributes({ 'gen_ai.usage.prompt_tokens': 1, 'gen_ai.usage.completion_tokens': 2 });
    const dump = decodeBoth([{ attributes: [...old, ...TOKENS] }], { attributesMax: 2 });
    expect(usageOf(dump)).toEqual([[100, 7]]);
  });

  it('can no longer be asked for by name, and that is counted', () => {
    const dump = decodeBoth([{ attributes: attributes({ 'app.a': 1, 'app.b': 2, 'app.c': 3 }) }], { attributesMax: 2 });
    expect(dump.records[0]?.['attributes']).toMatchObject({ values: { 'app.a': 1, 'app.b': 2 } });
    expect(dump.report.notes).toEqual(new Map([['attributes_over_limit', 1]]));
  });
});

describe('names', () => {
  it('of a producer nobody has heard of are learned', () => {
    const unheard = attributes({
      'acme.llm.prompt_tokens': 30,
      'acme.llm.completion_tokens': 4,
      'acme.session_id': 's-1',
    });
    const decoder = new Decoder({ profiles: PROFILES });
    const body = toProtobuf('span', spansRequest({ attributes: unheard }));
    const first = decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder);
    const again = decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder);
    expect(usageOf(first)).toEqual([[30, 4]]);
    expect(again).toEqual(first);
  });

  it('without end leave the known ones readable, in the same request and in the next', () => {
    const decoder = new Decoder({ profiles: PROFILES });
    for (const round of [1, 2, 3]) {
      const spans = Array.from({ length: 20 }, (_, span) => ({
        spanId: (span + 1).toString(16).padStart(16, '0'),
        attributes: [...many(500, (index) => `x${round}.${span}.${index}`), ...TOKENS],
      }));
      const body = toProtobuf('span', spansRequest(...spans));
      expect(usageOf(decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder))).toEqual(
        spans.map(() => [100, 7]),
      );
    }
  });

  it('that nobody listed are not all looked at in one request, and that is counted', () => {
    const spans = Array.from({ length: 3 }, (_, span) => ({
      spanId: (span + 1).toString(16).padStart(16, '0'),
      attributes: [...many(10, (index) => `x${span}.tokens.prompt.${index}`), ...TOKENS],
    }));
    const dump = decodeBoth(spans, { newNamesMax: 12 });
    expect(usageOf(dump)).toEqual(spans.map(() => [100, 7]));
    expect(dump.report.notes.get('names_over_limit')).toBe(18);
  });

  it('may be empty, short, long, or those of objects', () => {
    const names = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'toString',
      'é',
      'x'.repeat(300),
    ];
    const values = names.map((key, index) => ({ key, value: { intValue: String(index) } }));
    const dump = decodeBoth([{ attributes: [...values, ...TOKENS] }]);
    expect(usageOf(dump)).toEqual([[100, 7]]);
    // `fromEntries` defines own properties, so `__proto__` is one of them.
    expect(Object.keys(valuesOf(dump.records[0]))).toEqual([
      ...names,
      'gen_ai.operation.name',
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.output_tokens',
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('that were chosen to hash alike are told apart', () => {
    // The table hashes the length, the last four bytes and four in the middle: these differ only in front.
    const alike = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(4, '0')}.same.middle.and.end`);
    const dump = decodeBoth([{ attributes: many(100, (index) => alike[index] ?? '') }]);
    expect(valuesOf(dump.records[0])).toEqual(Object.fromEntries(alike.map((name, index) => [name, index])));
  });

  it('that come twice are read once, the last time', () => {
    const twice = [
      ...TOKENS,
      ...attributes({ 'gen_ai.usage.input_tokens': 999, 'app.new': 1 }),
      ...attributes({ 'app.new': 'two', 'gen_ai.usage.output_tokens': '' }),
    ];
    const dump = decodeBoth([{ attributes: twice }]);
    expect(usageOf(dump)).toEqual([[999, 7]]);
    expect(dump.records[0]?.['attributes']).toMatchObject({ values: { 'app.new': 'two' } });
    expect(dump.report.notes).toEqual(new Map([['duplicate_attribute', 3]]));
  });

  it('are cut where they are too long', () => {
    const dump = decodeBoth([{ attributes: attributes({ ['é'.repeat(10)]: 1 }) }], { nameBytesMax: 5 });
    // Two bytes each: the third would be cut in two, so it goes.
    expect(dump.records[0]?.['attributes']).toMatchObject({ values: { éé: 1 } });
    expect(dump.report.notes).toEqual(new Map([['name_cut', 1]]));
  });
});

describe('values', () => {
  it('are cut where they are too long, between characters', () => {
    const dump = decodeBoth([{ attributes: attributes({ text: '€'.repeat(100) }) }], { valueBytesMax: 100 });
    // Three bytes each: 33 of them fit into 100 bytes.
    expect(dump.records[0]?.['attributes']).toMatchObject({ values: { text: '€'.repeat(33) } });
    expect(dump.report.notes.get('value_cut')).toBeGreaterThan(0);
  });

  it('that name something are cut to what a name can be', () => {
    const dump = decodeBoth([
      { attributes: attributes({ 'gen_ai.agent.name': 'a'.repeat(1_000_000), 'gen_ai.operation.name': 'chat' }) },
    ]);
    expect(dump.observations[0]?.agent.length).toBeLessThanOrEqual(1024);
  });

  it('that are nested too deep read as null from there on', () => {
    const nest = (depth: number): Record<string, unknown> =>
      depth === 0 ? { stringValue: 'deep' } : { arrayValue: { values: [nest(depth - 1)] } };
    const { records, report } = decodeBoth([{ attributes: [{ key: 'list', value: nest(6) }] }], { nestingMax: 3 });
    expect(records[0]?.['attributes']).toMatchObject({ values: { list: [[[null]]] } });
    expect(report.notes.get('unreadable_value')).toBeGreaterThan(0);
  });

  it('that are nested 20,000 times cost nothing while nobody asks', () => {
    // Built from the inside: an AnyValue with an ArrayValue with an AnyValue …
    let inner = Buffer.from([0x0a, 1, 120]);
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
    const wrap = (tag: number, content: Buffer): Buffer =>
      Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content]);
    const layers: number[][] = [];
    let size = inner.length;
    for (let depth = 0; depth < 20_000; depth++) {
      for (const tag of [0x0a, 0x2a]) {
        const head = [tag, ...varint(size)];
        layers.push(head);
        size += head.length;
      }
    }
    inner = Buffer.concat([Buffer.from(layers.toReversed().flat()), inner]);
    const attribute = Buffer.concat([Buffer.from([0x0a, 4, 100, 101, 101, 112]), wrap(0x12, inner)]);
    const ids = Buffer.from(`0a10${'01'.repeat(16)}1208${'02'.repeat(8)}`, 'hex');
    const body = wrap(0x0a, wrap(0x12, wrap(0x12, Buffer.concat([ids, wrap(0x4a, attribute)]))));
    const { records } = decodeAll({ signal: 'span', encoding: 'protobuf', body });
    expect(records).toHaveLength(1);
  });
});

describe('requests', () => {
  it('of too many records keep the first and reject the rest', () => {
    const spans = Array.from({ length: 5 }, (_, index) => ({ spanId: String(index + 1).padStart(16, '0') }));
    const { records, report } = decodeBoth(spans, { recordsMax: 3 });
    expect(records).toHaveLength(3);
    expect(report.rejected).toEqual(new Map([['too_many_records', 2]]));
  });

  it('of too many links keep the first', () => {
    const link = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
    const { records, report } = decodeBoth([{ links: [link, link, link] }], { linksMax: 2 });
    expect(records).toMatchObject([{ links: [link, link] }]);
    expect(report.notes).toEqual(new Map([['links_over_limit', 1]]));
  });

  it('of millions of empty parts are refused', () => {
    const body = Buffer.alloc(2_000_000, Buffer.from([0x0a, 0x00]));
    expect(() => decodeAll({ signal: 'span', encoding: 'protobuf', body })).toThrow(
      expect.objectContaining({ code: 'too_many_parts' }),
    );
  });

  it('that are not decoded to the end do not stop the next', () => {
    const decoder = new Decoder({ profiles: PROFILES });
    const body = toProtobuf('span', spansRequest({ attributes: TOKENS }));
    const stop = new Error('stop');
    expect(() =>
      decoder.decode({ signal: 'span', encoding: 'protobuf', body }, () => {
        throw stop;
      }),
    ).toThrow(stop);
    expect(usageOf(decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder))).toEqual([[100, 7]]);
  });
});
