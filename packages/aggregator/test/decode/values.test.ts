import { describe, expect, it } from 'vitest';
import { Decoder } from '../../src/decode/decoder.ts';
import { toProtobuf } from './official-codec.ts';
import { decodeAll, type Dump, PROFILES, valuesOf } from './record-dump.ts';
import { attributes, SPAN_ID, spansRequest, TRACE_ID } from './span-request.ts';

const decodeJson = (...values: readonly Record<string, unknown>[]): Dump =>
  decodeAll({
    signal: 'span',
    encoding: 'json',
    body: Buffer.from(JSON.stringify(spansRequest({ attributes: values }))),
  });

/** The value of one attribute, as JSON text gives it. */
const valueOf = (value: unknown): unknown => valuesOf(decodeJson({ key: 'a', value }).records[0])['a'];

describe('values in JSON', () => {
  it.each([
    [{ intValue: '757' }, 757],
    [{ intValue: 757 }, 757],
    [{ intValue: '9007199254740993' }, 2 ** 53],
    [{ intValue: '-1' }, -1],
    [{ doubleValue: '0.5' }, 0.5],
    [{ doubleValue: 1e3 }, 1000],
    [{ doubleValue: 'NaN' }, Number.NaN],
    [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ boolValue: true }, true],
    [{ bytesValue: 'AAEC' }, 'AAEC'],
    [{ string_value: 'old' }, 'old'],
    [{ arrayValue: {} }, []],
    [
      {
        kvlistValue: {
          values: [
            { key: 'b', value: { intValue: 5 } },
            { key: 'b', value: { intValue: 6 } },
          ],
        },
      },
      { b: 5 },
    ],
    [{}, null],
    [undefined, null],
    [null, null],
    [{ stringValue: null }, null],
    [{ unknownValue: 5 }, null],
    ['plain', 'plain'],
    [5, 5],
  ])('reads %j', (value, expected) => {
    expect(valueOf(value)).toEqual(expected);
  });

  it.each([{ intValue: 'many' }, { intValue: '1,024' }])(
    'hands on %j, for whoever wants a number to say that it is none',
    (value) => {
      expect(valueOf(value)).toBe(value.intValue);
    },
  );

  it.each([{ stringValue: 5 }, { stringValue: {} }, { boolValue: 'yes' }, { arrayValue: 5 }, [5], { intValue: [] }])(
    'takes %j for null and counts it',
    (value) => {
      const { records, report } = decodeJson({ key: 'a', value });
      expect(records[0]?.['attributes']).toMatchObject({ values: { a: null } });
      expect(report.notes).toEqual(new Map([['unreadable_value', 1]]));
    },
  );

  it('of a record whose attributes are no list reject the record alone', () => {
    const request = spansRequest({ attributes: { 'gen_ai.usage.input_tokens': 5 } }, { spanId: '00000000000000aa' });
    const { records, report } = decodeAll({
      signal: 'span',
      encoding: 'json',
      body: Buffer.from(JSON.stringify(request)),
    });
    expect(records).toMatchObject([{ spanId: '00000000000000aa' }]);
    expect(report.rejected).toEqual(new Map([['wrong_type', 1]]));
  });

  it('keep maps free of prototypes', () => {
    const { records } = decodeJson({
      key: 'map',
      value: {
        kvlistValue: {
          values: [
            { key: '__proto__', value: { kvlistValue: { values: [{ key: 'polluted', value: { boolValue: true } }] } } },
          ],
        },
      },
    });
    expect(Object.keys(valuesOf(records[0]))).toEqual(['map', 'map.__proto__', 'map.__proto__.polluted']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('text that is no UTF-8', () => {
  it('has its bad bytes replaced, and is counted', () => {
    const body = toProtobuf(
      'span',
      spansRequest({
        attributes: attributes({ 'gen_ai.agent.name': 'Pl\u0001nner', 'gen_ai.operation.name': 'chat' }),
      }),
    );
    body[body.indexOf(1, body.indexOf('Pl'))] = 0xff;
    const decoder = new Decoder({ profiles: PROFILES });
    for (let round = 0; round < 3; round++) {
      const { observations, report } = decodeAll({ signal: 'span', encoding: 'protobuf', body }, decoder);
      expect(observations).toMatchObject([{ agent: 'Pl\uFFFDnner' }]);
      expect(report.notes.get('invalid_utf8')).toBeGreaterThan(0);
    }
  });

  it('is not what a producer sends who replaced them himself', () => {
    const body = toProtobuf('span', spansRequest({ attributes: attributes({ 'gen_ai.agent.name': 'Pl\uFFFDnner' }) }));
    expect(decodeAll({ signal: 'span', encoding: 'protobuf', body }).report.notes).toEqual(new Map());
  });

  it('is noted in JSON', () => {
    const body = Buffer.from(
      JSON.stringify(spansRequest({ name: 'Pl\u00fcnner' })).replace('\u00fc', '\u0001'),
      'utf8',
    );
    body[body.indexOf(1)] = 0xff;
    const { records, report } = decodeAll({ signal: 'span', encoding: 'json', body });
    expect(records).toMatchObject([{ name: 'Pl\uFFFDnner' }]);
    expect(report.notes).toEqual(new Map([['invalid_utf8', 1]]));
  });
});

const field = (tag: number, ...content: readonly (Uint8Array | number)[]): Buffer => {
  const bytes = Buffer.concat(content.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)));
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
};

const text = (value: string): Buffer => field(0x0a, Buffer.from(value));
const attribute = (name: string, ...values: readonly Buffer[]): Buffer =>
  Buffer.concat([text(name), ...values.map((value) => field(0x12, value))]);
const decodeBytes = (...parts: readonly Buffer[]): Dump =>
  decodeAll({ signal: 'span', encoding: 'protobuf', body: field(0x0a, Buffer.concat(parts)) });

describe('messages in several pieces', () => {
  // Protobuf says: of a scalar the last counts, messages are merged, lists are joined. Bytes are written out, for no encoder does so.
  const ids = Buffer.from(`0a10${TRACE_ID}1208${SPAN_ID}`, 'hex');

  it('give the last name, kind and time of a span', () => {
    const span = Buffer.concat([
      field(0x2a, Buffer.from('first')),
      Buffer.from([0x30, 1]),
      ids,
      field(0x2a, Buffer.from('last')),
      Buffer.from([0x30, 3]),
    ]);
    expect(decodeBytes(field(0x12, field(0x12, span))).records).toMatchObject([{ name: 'last', kind: 3 }]);
  });

  it('give one resource and one scope, even behind the spans', () => {
    const { records } = decodeBytes(
      field(0x0a, field(0x0a, attribute('a', text('1')))),
      field(0x12, field(0x0a, text('lib')), field(0x12, ids), field(0x0a, field(0x12, Buffer.from('2.0')))),
      field(0x0a, field(0x0a, attribute('b', text('2'))), field(0x0a, attribute('a', text('3')))),
    );
    expect(records).toMatchObject([
      { scope: { name: 'lib', version: '2.0' }, resource: { values: { a: '1', b: '2' } } },
    ]);
  });

  it('give one value: the last text, or the lists joined', () => {
    const list = (...items: readonly string[]): Buffer => field(0x2a, ...items.map((item) => field(0x0a, text(item))));
    const span = Buffer.concat([
      ids,
      field(0x4a, attribute('gen_ai.agent.name', text('first'), text('last'))),
      field(0x4a, attribute('two.in.one', Buffer.concat([text('x'), Buffer.from([0x18, 7])]))),
      field(0x4a, attribute('list', list('a'), list('b', 'c'))),
      field(0x4a, attribute('kept', text('stays'), Buffer.alloc(0))),
    ]);
    const { records } = decodeBytes(field(0x12, field(0x12, span)));
    expect(records[0]?.['attributes']).toMatchObject({
      values: { 'gen_ai.agent.name': 'last', 'two.in.one': 7, list: ['a', 'b', 'c'], kept: 'stays' },
      fields: { AGENT: { text: 'last' } },
    });
  });

  it('give one status', () => {
    const span = Buffer.concat([
      ids,
      field(0x7a, Buffer.from([0x18, 2])),
      field(0x7a, field(0x12, Buffer.from('why'))),
    ]);
    expect(decodeBytes(field(0x12, field(0x12, span))).records).toMatchObject([{ status: 2 }]);
  });
});
