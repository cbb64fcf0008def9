import { describe, expect, it } from 'vitest';
import { toProtobuf } from './official-codec.ts';
import { decodeAll, type Dump } from './record-dump.ts';
import { SPAN_ID, spansRequest, TOKENS, TRACE_ID } from './span-request.ts';

/** Decodes spans in both encodings and expects the same of both. */
function decodeBoth(...spans: readonly Record<string, unknown>[]): Dump {
  const request = spansRequest(...spans);
  const fromJson = decodeAll({ signal: 'span', encoding: 'json', body: Buffer.from(JSON.stringify(request)) });
  const fromBytes = decodeAll({ signal: 'span', encoding: 'protobuf', body: toProtobuf('span', request) });
  expect(fromBytes).toEqual(fromJson);
  return fromBytes;
}

const decodeText = (body: string): Dump => decodeAll({ signal: 'span', encoding: 'json', body: Buffer.from(body) });

describe('ids', () => {
  it('that are missing, all zero or of a wrong length make one span unreadable, and no other', () => {
    const good = { attributes: TOKENS };
    for (const traceId of ['', '00', '0'.repeat(32), TRACE_ID.slice(2), `${TRACE_ID}00`]) {
      const { records, report } = decodeBoth(good, { ...good, traceId }, { ...good, spanId: '00000000000000ff' });
      expect(records).toHaveLength(2);
      expect(report.rejected).toEqual(new Map([['bad_trace_id', 1]]));
    }
    for (const spanId of ['', '0'.repeat(16), SPAN_ID.slice(2), `${SPAN_ID}ff`]) {
      expect(decodeBoth(good, { ...good, spanId }).report.rejected).toEqual(new Map([['bad_span_id', 1]]));
    }
  });

  it('may be written in upper case', () => {
    const body = Buffer.from(
      JSON.stringify(spansRequest({ traceId: TRACE_ID.toUpperCase(), spanId: SPAN_ID.toUpperCase() })),
    );
    expect(decodeAll({ signal: 'span', encoding: 'json', body }).records).toMatchObject([
      { traceId: TRACE_ID, spanId: SPAN_ID },
    ]);
  });

  it('are no base64 in JSON, as plain protobuf JSON would have them', () => {
    const base64 = Buffer.from(TRACE_ID, 'hex').toString('base64');
    const body = Buffer.from(JSON.stringify(spansRequest({ traceId: base64 })));
    expect(decodeAll({ signal: 'span', encoding: 'json', body }).report.rejected).toEqual(
      new Map([['bad_trace_id', 1]]),
    );
  });

  it('of parents that are none make a root, whose usage still counts', () => {
    const { records, report } = decodeBoth({ parentSpanId: 'abcd', attributes: TOKENS });
    expect(records).toMatchObject([{ parentId: '' }]);
    expect(report.notes).toEqual(new Map([['bad_parent_id', 1]]));
    expect(decodeBoth({ parentSpanId: '0'.repeat(16) }).report.notes).toEqual(new Map());
  });

  it('of links that are none leave out the link', () => {
    const links = [{ traceId: TRACE_ID, spanId: 'ff' }, { traceId: TRACE_ID, spanId: SPAN_ID }, {}];
    const { records, report } = decodeBoth({ links });
    expect(records).toMatchObject([{ links: [{ traceId: TRACE_ID, spanId: SPAN_ID }] }]);
    expect(report.notes).toEqual(new Map([['bad_link', 2]]));
  });

  it('of links do not mix with those of the span', () => {
    const other = 'ffffffffffffffffffffffffffffffff';
    const { records } = decodeBoth({ links: [{ traceId: other, spanId: SPAN_ID }] }, { spanId: '00000000000000ff' });
    expect(records).toMatchObject([
      { traceId: TRACE_ID, links: [{ traceId: other }] },
      { traceId: TRACE_ID, links: [] },
    ]);
  });
});

describe('times', () => {
  // Nanoseconds and the microseconds that are in them, rounded down.
  it.each([
    ['0', 0],
    ['999', 0],
    ['1000', 1],
    ['1795000000123456789', 1_795_000_000_123_456],
    ['1795000000123456999', 1_795_000_000_123_456],
    ['4294967295', 4_294_967],
    ['4294967296', 4_294_967],
    ['9007199254740991999', 9_007_199_254_740_991],
  ])('reads %s ns as %d µs', (nanos, micros) => {
    expect(decodeBoth({ startTimeUnixNano: nanos }).records).toMatchObject([{ startUs: micros }]);
  });

  it('takes what cannot be a time as none', () => {
    for (const startTimeUnixNano of ['', 'yesterday', '-5', -5, {}, '1e18', '999999999999999999999999']) {
      const body = Buffer.from(JSON.stringify(spansRequest({ startTimeUnixNano })));
      expect(decodeAll({ signal: 'span', encoding: 'json', body }).records).toMatchObject([{ startUs: 0 }]);
    }
  });
});

describe('kinds and codes', () => {
  it('may be names in JSON', () => {
    const span = { kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_ERROR' } };
    const body = Buffer.from(JSON.stringify(spansRequest(span)));
    expect(decodeAll({ signal: 'span', encoding: 'json', body }).records).toMatchObject([{ kind: 3, status: 2 }]);
  });

  it('may be new', () => {
    expect(decodeBoth({ kind: 77, status: { code: 9 } }).records).toMatchObject([{ kind: 77, status: 9 }]);
  });
});

describe('names of fields in JSON', () => {
  it('may be those of the protobuf files', () => {
    const text = JSON.stringify(spansRequest({ parentSpanId: SPAN_ID, attributes: TOKENS, droppedAttributesCount: 3 }));
    const snake = text.replaceAll(/"[a-z]+[A-Z][A-Za-z]*":/g, (name) =>
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    expect(snake).toContain('"resource_spans"');
    expect(decodeText(snake)).toEqual(decodeText(text));
  });
});
