import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, negotiateFormat } from '../../../src/expose/formats/negotiate.ts';

const typeOf = (accept?: string): string => negotiateFormat(accept).contentType;

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

// As Prometheus sends them: scrape/scrape.go of 2.42 and of 3.5, with and without native histograms.
const OF_2_42 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const OF_2_42_NATIVE =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const OF_3_5 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
const OF_3_5_NATIVE = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=allow-utf-8;q=0.6,${OF_3_5}`;

describe('negotiateFormat', () => {
  it.for([
    [OF_2_42, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
    [OF_2_42_NATIVE, PROTOBUF],
    [OF_3_5, 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8'],
    [OF_3_5_NATIVE, `${PROTOBUF}; escaping=allow-utf-8`],
  ] as const)('gives Prometheus what it asks for first: %s', ([accept, contentType]) => {
    expect(typeOf(accept)).toBe(contentType);
  });

  it.for([
    undefined,
    '',
    '*/*',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/plain',
    'text/*;q=0.3, application/json',
    'application/json',
    'application/vnd.google.protobuf;proto=another.Message;encoding=delimited',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
    'application/openmetrics-text;version=2.0.0',
    ';;,,=;q',
  ])('gives text to those who ask for nothing else that there is: %s', (accept) => {
    expect(typeOf(accept)).toBe(TEXT);
  });

  it('goes by quality before order, and never gives what has none', () => {
    expect(typeOf('text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.9')).toContain('openmetrics');
    expect(typeOf('application/openmetrics-text;q=0,text/plain;q=0.1')).toBe(TEXT);
    expect(typeOf('application/openmetrics-text;q=2,text/plain;q=0.1')).toBe(TEXT);
  });

  it('reads parameters in quotes, in any order and in capitals', () => {
    expect(
      typeOf('Application/Vnd.Google.Protobuf; Encoding="delimited"; proto="io.prometheus.client.MetricFamily"; q=1.0'),
    ).toBe(PROTOBUF);
  });

  it('names the escaping that it keeps to', () => {
    const asking = (escaping: string): string => typeOf(`application/openmetrics-text;escaping=${escaping}`);
    expect(asking('underscores')).toMatch(/; escaping=underscores$/);
    // Would turn one underscore into two.
    expect(asking('dots')).toMatch(/; escaping=underscores$/);
    expect(typeOf('text/plain;version=1.0.0;escaping=allow-utf-8')).toBe(
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    );
  });

  it('has an answer to anything, in a time that does not grow', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab*/;,="\\ q.10'.split('')) }), (accept) => {
        expect(typeOf(accept)).toMatch(/^(text\/plain|application\/)/);
      }),
    );
    expect(typeOf(`${'"'.repeat(1e6)}${'text/plain;'.repeat(1e5)}`)).toBe(TEXT);
  });
});

describe('acceptsGzip', () => {
  it('is whether gzip is asked for', () => {
    expect(['gzip', 'deflate, gzip;q=0.5', '*', 'GZIP'].map(acceptsGzip)).toEqual([true, true, true, true]);
    expect([undefined, '', 'identity', 'gzip;q=0', '*, gzip;q=0'].map(acceptsGzip)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });
});
