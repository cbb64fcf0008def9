import { describe, expect, it } from 'vitest';
import { type PlainRequest, toProtobuf } from './official-codec.ts';
import { decodeAll } from './record-dump.ts';
import { attributes } from './span-request.ts';

const RECORD = {
  timeUnixNano: '1795000000123456789',
  observedTimeUnixNano: '1795000000200000000',
  eventName: 'api_request',
  body: { stringValue: 'claude_code.api_request' },
  attributes: attributes({ 'session.id': 's-1', input_tokens: 12, model: 'claude-haiku-4-5' }),
};

/** A logs request with these records, of a service and a library. */
function logsRequest(
  records: readonly Record<string, unknown>[],
  { service = 'app', scope = 'lib' }: { service?: string; scope?: string } = {},
): PlainRequest {
  return {
    resourceLogs: [
      {
        resource: { attributes: attributes({ 'service.name': service, 'host.name': 'h' }) },
        scopeLogs: [{ scope: { name: scope }, logRecords: records }],
      },
    ],
  };
}

const idsOf = (request: PlainRequest): readonly unknown[] => {
  const fromBytes = decodeAll({ signal: 'log', encoding: 'protobuf', body: toProtobuf('log', request) });
  const fromJson = decodeAll({ signal: 'log', encoding: 'json', body: Buffer.from(JSON.stringify(request)) });
  expect(fromBytes.records).toEqual(fromJson.records);
  return fromBytes.records.map(({ id }) => id);
};

const idOf = (record: Record<string, unknown>, origin?: { service?: string; scope?: string }): unknown =>
  idsOf(logsRequest([record], origin))[0];

const list = (...items: readonly string[]): Record<string, unknown> => ({
  arrayValue: { values: items.map((stringValue) => ({ stringValue })) },
});

const map = (key: string, value: string): Record<string, unknown> => ({
  kvlistValue: { values: [{ key, value: { stringValue: value } }] },
});

describe('the id of a log record', () => {
  const id = idOf(RECORD);

  it('is 128 bits, the same for the same content in any request, encoding and order', () => {
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idsOf(logsRequest([{ ...RECORD, eventName: 'other' }, RECORD]))[1]).toBe(id);
    expect(idOf({ ...RECORD, attributes: RECORD.attributes.toReversed() })).toBe(id);
  });

  it.each([
    ['time', { timeUnixNano: '1795000000123457789' }],
    ['observed time', { observedTimeUnixNano: '1795000000200001000' }],
    ['event name', { eventName: 'api_error' }],
    ['body', { body: { stringValue: 'claude_code.api_error' } }],
    ['body that is a list', { body: { arrayValue: { values: [{ stringValue: 'claude_code.api_request' }] } } }],
    ['span', { traceId: '1'.repeat(32), spanId: '2'.repeat(16) }],
    ['attribute', { attributes: attributes({ 'session.id': 's-1', input_tokens: 13, model: 'claude-haiku-4-5' }) }],
    [
      'attribute of another type',
      { attributes: attributes({ 'session.id': 's-1', input_tokens: '12', model: 'claude-haiku-4-5' }) },
    ],
    ['further attribute', { attributes: [...RECORD.attributes, ...attributes({ more: 1 })] }],
  ])('is another with another %s', (_, change) => {
    expect(idOf({ ...RECORD, ...change })).not.toBe(id);
  });

  it('is another from another process or library', () => {
    expect(idOf(RECORD, { service: 'other' })).not.toBe(id);
    expect(idOf(RECORD, { scope: 'other' })).not.toBe(id);
  });

  it('does not take one structure for another', () => {
    const ids = [list('a', 'b'), list('["a","b"]'), list('map', 'a'), map('a', 'b'), { stringValue: '["a","b"]' }].map(
      (body) => idOf({ ...RECORD, body }),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const seriesOf = (
  aggregationTemporality: number,
  ...points: readonly Record<string, unknown>[]
): readonly unknown[] => {
  const request = {
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: 'tokens', sum: { aggregationTemporality, dataPoints: points } }] }] },
    ],
  };
  return decodeAll({ signal: 'metric', encoding: 'json', body: Buffer.from(JSON.stringify(request)) }).records.map(
    ({ seriesId }) => seriesId,
  );
};

describe('the id of a metric series', () => {
  const point = {
    startTimeUnixNano: '1795000000000000000',
    timeUnixNano: '1795000060000000000',
    asInt: '5',
    attributes: attributes({ type: 'input' }),
  };
  const later = { ...point, timeUnixNano: '1795000120000000000', asInt: '9' };

  it('is shared by the points of a cumulative series', () => {
    const [first, second] = seriesOf(2, point, later);
    expect(second).toBe(first);
  });

  it('is each delta point’s own, and the same when it comes again', () => {
    const [first, second, again] = seriesOf(1, point, later, point);
    expect(second).not.toBe(first);
    expect(again).toBe(first);
  });

  it('is another after a restart and for other attributes', () => {
    const [first, restarted, other] = seriesOf(
      2,
      point,
      { ...point, startTimeUnixNano: '1795000050000000000' },
      { ...point, attributes: attributes({ type: 'output' }) },
    );
    expect(new Set([first, restarted, other]).size).toBe(3);
  });
});
