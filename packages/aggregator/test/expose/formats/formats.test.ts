import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Families } from '../../../src/expose/families.ts';
import { ProtobufWriter } from '../../../src/expose/formats/protobuf-writer.ts';
import { TextWriter } from '../../../src/expose/formats/text-writer.ts';
import { Labels, NO_LABELS, workflowLabels } from '../../../src/expose/labels.ts';
import type { Exemplar, HistogramPoint, Metric } from '../../../src/expose/metric.ts';
import { readProtobuf, readText, seriesKey, writePage } from './written-page.ts';

const ACME = new Labels([['tenant', 'acme']]);
const EXEMPLAR: Exemplar = { traceId: 'ab'.repeat(16), sessionId: 'chat "1"', value: 3, atMs: 1_795_305_600_123 };
const TURNS: HistogramPoint = {
  labels: ACME,
  createdMs: 1_795_305_600_000,
  count: 7,
  sum: 20.5,
  classic: { bounds: [1, 2.5], counts: [1, 4, 2], exemplars: [undefined, EXEMPLAR] },
  // Buckets -1, 0, 1 (empty), 2, then seven empty ones, and 10.
  native: {
    schema: 3,
    zeroThreshold: 2 ** -128,
    zeroCount: 1,
    offset: -1,
    counts: [2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
  },
};
const PAGE: readonly Metric[] = [
  {
    family: Families.cost,
    points: [{ labels: ACME, value: 1.5, createdMs: 1000, exemplar: EXEMPLAR }],
  },
  { family: Families.up, points: [{ labels: NO_LABELS, more: new Labels([['part', 'clickhouse']]), value: 0 }] },
  { family: Families.turnDuration, points: [TURNS] },
];

const text = (isOpenMetrics: boolean, page: readonly Metric[] = PAGE): string =>
  writePage(new TextWriter({ isOpenMetrics }), page).toString();

describe('the text format', () => {
  it('is as Prometheus documents it', () => {
    expect(text(false)).toBe(`\
# HELP turnmeter_cost_usd_total ${Families.cost.help}
# TYPE turnmeter_cost_usd_total counter
turnmeter_cost_usd_total{tenant="acme"} 1.5
# HELP turnmeter_up ${Families.up.help}
# TYPE turnmeter_up gauge
turnmeter_up{part="clickhouse"} 0
# HELP turnmeter_turn_duration_seconds ${Families.turnDuration.help}
# TYPE turnmeter_turn_duration_seconds histogram
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="1"} 1
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="2.5"} 5
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="+Inf"} 7
turnmeter_turn_duration_seconds_sum{tenant="acme"} 20.5
turnmeter_turn_duration_seconds_count{tenant="acme"} 7
`);
  });
});

describe('OpenMetrics', () => {
  it('names counters without their ending, tells units, has exemplars and an end', () => {
    const exemplar = `# {trace_id="${'ab'.repeat(16)}",session_id="chat \\"1\\""} 3 1795305600.123`;
    expect(text(true)).toBe(`\
# TYPE turnmeter_cost_usd counter
# UNIT turnmeter_cost_usd usd
# HELP turnmeter_cost_usd ${Families.cost.help}
turnmeter_cost_usd_total{tenant="acme"} 1.5 ${exemplar}
# TYPE turnmeter_up gauge
# HELP turnmeter_up ${Families.up.help}
turnmeter_up{part="clickhouse"} 0
# TYPE turnmeter_turn_duration_seconds histogram
# UNIT turnmeter_turn_duration_seconds seconds
# HELP turnmeter_turn_duration_seconds ${Families.turnDuration.help}
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="1.0"} 1
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="2.5"} 5 ${exemplar}
turnmeter_turn_duration_seconds_bucket{tenant="acme",le="+Inf"} 7
turnmeter_turn_duration_seconds_sum{tenant="acme"} 20.5
turnmeter_turn_duration_seconds_count{tenant="acme"} 7
# EOF
`);
  });

  it('leaves out the id of a session that would make an exemplar longer than it may be', () => {
    const long = { ...EXEMPLAR, sessionId: 'x'.repeat(79) };
    const page = text(true, [{ family: Families.cost, points: [{ labels: ACME, value: 1, exemplar: long }] }]);
    expect(page).toContain('# {trace_id="');
    expect(page).not.toContain('session_id');
  });
});

describe('protobuf', () => {
  it('is read by others as it was meant', () => {
    const [cost, up, turns] = readProtobuf(writePage(new ProtobufWriter(), PAGE));
    const label = [{ name: 'tenant', value: 'acme' }];
    const exemplar = {
      label: [
        { name: 'trace_id', value: EXEMPLAR.traceId },
        { name: 'session_id', value: EXEMPLAR.sessionId },
      ],
      value: 3,
      timestamp: { seconds: 1_795_305_600, nanos: 123_000_000 },
    };
    expect(cost).toMatchObject({
      name: 'turnmeter_cost_usd_total',
      type: 'COUNTER',
      metric: [{ label, counter: { value: 1.5, exemplar, createdTimestamp: { seconds: 1, nanos: 0 } } }],
    });
    expect(up).toMatchObject({
      type: 'GAUGE',
      metric: [{ label: [{ name: 'part', value: 'clickhouse' }], gauge: { value: 0 } }],
    });
    expect(turns).toMatchObject({ type: 'HISTOGRAM' });
    expect(turns?.metric?.[0]?.histogram).toEqual({
      sampleCount: 7,
      sampleSum: 20.5,
      bucket: [
        { cumulativeCount: 1, upperBound: 1 },
        { cumulativeCount: 5, upperBound: 2.5, exemplar },
        { cumulativeCount: 7, upperBound: Number.POSITIVE_INFINITY },
      ],
      createdTimestamp: { seconds: 1_795_305_600, nanos: 0 },
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 1,
      positiveSpan: [
        { offset: -1, length: 4 },
        { offset: 7, length: 1 },
      ],
      positiveDelta: [2, -1, -1, 1, 1],
      exemplars: [exemplar],
    });
  });

  it('says the same of a long page as text does, whatever labels and values are', () => {
    const point = fc.record({
      labels: fc
        .tuple(
          fc.string({ unit: 'binary', maxLength: 150 }),
          fc.string({ unit: fc.constantFrom(...'"\\\n{},= \ud83d'.split('')) }),
        )
        .map(([tenant, workflow]) => workflowLabels(tenant, workflow)),
      value: fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer(), fc.constantFrom(Infinity, 0)),
    });
    const points = fc.uniqueArray(point, { selector: ({ labels }) => labels.text, maxLength: 50 });
    fc.assert(
      fc.property(points, (written) => {
        const page: readonly Metric[] = [{ family: Families.cost, points: written }];
        const expected = new Map(
          readProtobuf(writePage(new ProtobufWriter(), page)).flatMap(({ name, metric = [] }) =>
            metric.map(({ label = [], counter }) => [
              seriesKey(
                name,
                label.map(({ name: labelName, value }) => [labelName, value]),
              ),
              counter?.value,
            ]),
          ),
        );
        expect(expected.size).toBe(written.length);
        for (const isOpenMetrics of [false, true]) {
          const read = readText(text(isOpenMetrics, page));
          expect([...read.keys()]).toEqual([...expected.keys()]);
          for (const [key, value] of read) expect(numberOf(value) + 0).toBe((expected.get(key) ?? 0) + 0);
        }
      }),
    );
  });
});

function numberOf(value: string): number {
  return value === '+Inf' ? Number.POSITIVE_INFINITY : value === '-Inf' ? Number.NEGATIVE_INFINITY : Number(value);
}
