import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAll } from './record-dump.ts';

const read = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, 'fixtures', `python-${name}.pb`));

/** What the script that wrote the files set; int64 beyond 2^53 are rounded as doubles are. */
const VALUES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'mistral-large-2',
  'gen_ai.usage.input_tokens': 1234,
  'gen_ai.usage.output_tokens': 0,
  'zero.double': 0,
  nan: Number.NaN,
  inf: Number.NEGATIVE_INFINITY,
  negative: -1,
  least: -(2 ** 63),
  most: 2 ** 63,
  'beyond.double': 2 ** 53,
  false: false,
  true: true,
  'empty.text': '',
  bytes: 'AAECAwQFBgc=',
  list: [1, 300, -5],
  'empty.list': [],
  usage: { a: 1, b: 70_000 },
  'usage.a': 1,
  'usage.b': 70_000,
  unicode: 'Zürich 東京 🚀',
  long: 'x'.repeat(300),
  'no.value': null,
};

describe("bytes of Python's protobuf", () => {
  it('give a span with every kind of value', () => {
    const { records, report } = decodeAll({ signal: 'span', encoding: 'protobuf', body: read('traces') });
    expect(report.notes).toEqual(new Map());
    expect(records).toMatchObject([
      {
        traceId: '000102030405060708090a0b0c0d0e0f',
        spanId: '0102030405060708',
        parentId: '0203040506070809',
        name: 'chat mistral',
        kind: 3,
        startUs: 1_795_000_000_123_456,
        endUs: 1_795_000_001_999_999,
        status: 2,
        droppedAttributes: 7,
        exceptionType: 'RateLimitError',
        links: [{ traceId: '101112131415161718191a1b1c1d1e1f', spanId: '08090a0b0c0d0e0f' }],
        scope: { name: 'lib', version: '1.2' },
        resource: { values: { 'service.name': 'python-service' } },
      },
    ]);
    expect(records[0]?.['attributes']).toMatchObject({ values: VALUES });
  });

  it('give a log record', () => {
    const { records } = decodeAll({ signal: 'log', encoding: 'protobuf', body: read('logs') });
    expect(records).toMatchObject([
      {
        eventName: 'gen_ai.choice',
        bodyText: '',
        timeUs: 1_795_000_000_123_456,
        observedTimeUs: 1_795_000_000_123_999,
        traceId: '000102030405060708090a0b0c0d0e0f',
        spanId: '0102030405060708',
        attributes: { values: VALUES },
      },
    ]);
  });

  it('give points of every kind but summaries, and none that say they have no value', () => {
    const { records, report } = decodeAll({ signal: 'metric', encoding: 'protobuf', body: read('metrics') });
    const times = { startUs: 1_795_000_000_000_000, timeUs: 1_795_000_060_000_000 };
    expect(records).toMatchObject([
      { metric: 'tokens', unit: '{token}', kind: 'sum', temporality: 'delta', value: -42, count: 0, ...times },
      { metric: 'cost', unit: '', kind: 'sum', temporality: 'cumulative', value: 1.25, count: 0, ...times },
      { metric: 'level', kind: 'gauge', temporality: 'unspecified', value: 3.5, ...times },
      { metric: 'usage', kind: 'histogram', temporality: 'delta', value: 757, count: 3, ...times },
      { metric: 'usage.exponential', kind: 'histogram', temporality: 'cumulative', value: 99.5, count: 4, ...times },
    ]);
    expect(records).toHaveLength(5);
    expect(records[0]).toMatchObject({ attributes: { values: { 'gen_ai.token.type': 'input' } } });
    expect(report.notes).toEqual(new Map([['point_without_value', 2]]));
  });
});
