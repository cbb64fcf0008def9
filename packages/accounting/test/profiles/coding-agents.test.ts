// The same calls in up to four signals: whichever arrive, in whatever order and however often, the figures are those of the calls.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Figures, Reason, type TelemetryRecord, type Totals } from '@turnmeter/accounting';
import { type Body, bookBodies, type FixtureName, loadFixture } from '../fixture.ts';

type Signal = TelemetryRecord['signal'];
type Tokens = Pick<Totals, 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning'>;

interface Producer {
  readonly name: FixtureName;
  /** Of the capture's truth.json. */
  readonly totals: Tokens;
  readonly calls: number;
  readonly sessions: Readonly<Record<string, Tokens>>;
  /** Signals that report all tokens alone. */
  readonly complete: readonly Signal[];
  /** Signals that name a session. */
  readonly attributing: readonly Signal[];
}

const PRODUCERS: readonly Producer[] = [
  {
    name: 'claude-code-cli',
    totals: tokens(20978, 3210, 5504, 1408, 0),
    calls: 30,
    sessions: {
      '3f0c6a52-1b7e-4c1d-9a53-0d6f2a7c9e01': tokens(8531, 1266, 2304, 512, 0),
      'a9d4c1e7-52f8-4b06-8e21-7c3b5d90f412': tokens(5714, 895, 1344, 512, 0),
      '5e82b7d0-9c14-4fa3-b6d8-1f7e3a604c25': tokens(6733, 1049, 1856, 384, 0),
    },
    complete: ['log', 'metric'],
    attributing: ['log', 'metric'],
  },
  {
    name: 'claude-agent-sdk-native',
    totals: tokens(24555, 3889, 6656, 1536, 0),
    calls: 36,
    sessions: {
      'sess-a': tokens(9186, 1308, 2560, 512, 0),
      'sess-b': tokens(6933, 1194, 1792, 512, 0),
      'sess-c': tokens(8436, 1387, 2304, 512, 0),
    },
    complete: ['log', 'span', 'metric'],
    attributing: ['log', 'span', 'metric'],
  },
  {
    name: 'gemini-cli',
    totals: tokens(4981, 1501, 1088, 0, 437),
    calls: 10,
    sessions: {
      'bd18361b-b0c5-4d8d-9255-f827ab6b6317': tokens(2565, 832, 576, 0, 192),
      '136ec64d-a170-42fd-bad2-94a9017c9e56': tokens(2416, 669, 512, 0, 245),
    },
    complete: ['log', 'metric'],
    attributing: ['log', 'metric'],
  },
  {
    name: 'codex-cli',
    totals: tokens(9139, 1793, 2048, 0, 387),
    calls: 12,
    // Each with its sub-agent's thread: 2851 + 1366 in, 695 + 240 out, …
    sessions: {
      '01a203a1-f423-7ac0-a2ae-97abe02f976f': tokens(4217, 935, 960, 0, 255),
      '01a203a1-fbdf-7363-854e-f625db3e14b3': tokens(4922, 858, 1088, 0, 132),
    },
    complete: ['log', 'span', 'metric'],
    attributing: ['log', 'span'],
  },
];

function tokens(input: number, output: number, cacheRead: number, cacheWrite: number, reasoning: number): Tokens {
  return { input, output, cacheRead, cacheWrite, reasoning };
}

function tokensOf({ input, output, cacheRead, cacheWrite, reasoning }: Totals): Tokens {
  return { input, output, cacheRead, cacheWrite, reasoning };
}

function sessionsOf(figures: Figures): Readonly<Record<string, Tokens>> {
  const sessions = [...figures.by('session')].map(([id, totals]): [string, Tokens] => [id, tokensOf(totals)]);
  return Object.fromEntries(sessions.filter(([, { input, output }]) => input > 0 || output > 0));
}

/** What figures say of all tokens and of each session, and what they should say when these signals arrived. */
function compared(figures: Figures, producer: Producer, signals: ReadonlySet<Signal>): readonly [unknown, unknown] {
  const isAttributed = producer.attributing.some((signal) => signals.has(signal));
  return [
    { totals: tokensOf(figures.totals), sessions: sessionsOf(figures) },
    { totals: producer.totals, sessions: isAttributed ? producer.sessions : { '': producer.totals } },
  ];
}

function isTokenPoint(record: TelemetryRecord): boolean {
  return record.signal === 'metric' && /token[._]usage$/.test(record.metric) && record.value > 0;
}

function recordsOf(bodies: readonly Body[]): readonly (readonly TelemetryRecord[])[] {
  return bodies.map(({ records }) => records);
}

/** Bodies of a producer with at least one signal that is complete alone, in any order, some of them twice. */
function deliveries(producer: Producer): fc.Arbitrary<{ bodies: readonly Body[]; signals: ReadonlySet<Signal> }> {
  const all = loadFixture(producer.name);
  const kinds = [...new Set(all.map(({ signal }) => signal))];
  return fc
    .subarray(kinds, { minLength: 1 })
    .filter((chosen) => chosen.some((signal) => producer.complete.includes(signal)))
    .chain((chosen) => {
      const sent = all.filter(({ signal }) => chosen.includes(signal));
      return fc
        .tuple(fc.subarray(sent), fc.integer())
        .map(([again, seed]) => ({ bodies: shuffled([...sent, ...again], seed), signals: new Set(chosen) }));
    });
}

function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  let state = seed >>> 0;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0);
  return list
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe.each(PRODUCERS)('$name', (producer) => {
  it.each(producer.complete)('is exact from its %s signal alone', (signal) => {
    const bodies = loadFixture(producer.name).filter((body) => body.signal === signal);
    const [said, truth] = compared(bookBodies(recordsOf(bodies)), producer, new Set([signal]));
    expect(said).toEqual(truth);
  });

  it('is exact from any of its signals together, in any order of bodies, some sent twice', () => {
    fc.assert(
      fc.property(deliveries(producer), ({ bodies, signals }) => {
        const [said, truth] = compared(bookBodies(recordsOf(bodies)), producer, signals);
        expect(said).toEqual(truth);
      }),
      { numRuns: 40 },
    );
  });

  it('is exact in any order of single records and any grouping into requests', () => {
    const records = loadFixture(producer.name).flatMap((body) => body.records);
    const asSent = bookBodies([records]).totals;
    const signals = new Set(records.map(({ signal }) => signal));
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: records.length }), (seed, size) => {
        const order = shuffled(records, seed);
        const groups = Array.from({ length: Math.ceil(order.length / size) }, (_, at) =>
          order.slice(at * size, (at + 1) * size),
        );
        const figures = bookBodies(groups);
        const [said, truth] = compared(figures, producer, signals);
        expect(said).toEqual(truth);
        // Turns, tools, errors and times too.
        expect(figures.totals).toEqual(asSent);
      }),
      { numRuns: 15 },
    );
  });

  it('counts each call once where calls are reported singly', () => {
    const counts = (['log', 'span'] as const)
      .filter((signal) => producer.complete.includes(signal))
      .map((signal) => {
        const { entries } = bookBodies(recordsOf(loadFixture(producer.name).filter((body) => body.signal === signal)));
        return entries.filter(({ reason }) => reason === Reason.CALL).length;
      });
    expect(counts.every((count) => count === producer.calls)).toBe(true);
    expect(counts.length).toBeGreaterThan(0);
  });

  it('changes nothing but what is compared when a witness lacks a record', () => {
    const bodies = loadFixture(producer.name);
    const whole = bookBodies(recordsOf(bodies));
    const lost = bodies.flatMap(({ records }) => records).find(isTokenPoint);
    expect(lost).toBeDefined();
    const figures = bookBodies(bodies.map(({ records }) => records.filter((record) => record !== lost)));
    const [said, truth] = compared(figures, producer, new Set(['log', 'span', 'metric']));
    expect(said).toEqual(truth);
    const { excludedInput, excludedOutput, ...counted } = whole.totals;
    expect(figures.totals).toMatchObject(counted);
    expect(figures.totals.excludedInput + figures.totals.excludedOutput).toBeLessThan(excludedInput + excludedOutput);
  });

  it('takes back what a weaker source booked when a better one comes later', () => {
    const bodies = loadFixture(producer.name);
    const metrics = bodies.filter(({ signal }) => signal === 'metric');
    const before = bookBodies(recordsOf(metrics));
    expect(before.by('reason').has(Reason.METRIC_FALLBACK)).toBe(true);
    const after = bookBodies(recordsOf([...metrics, ...bodies.filter(({ signal }) => signal !== 'metric')]));
    expect(after.by('reason').has(Reason.METRIC_FALLBACK)).toBe(false);
    const [said, truth] = compared(after, producer, new Set(['log', 'span', 'metric']));
    expect(said).toEqual(truth);
  });

  it('compares each source that is not counted with the one that is', () => {
    const { totals, entries } = bookBodies(recordsOf(loadFixture(producer.name)));
    const excluded = entries.filter(({ signal, profile }) => signal === 'metric' && profile !== '');
    const input = excluded.reduce((sum, entry) => sum + entry.excludedInput, 0);
    // Every metric with all of the input is a proof that no call is missing; Gemini CLI sends two.
    expect(input % totals.input).toBe(0);
    expect(input).toBeGreaterThan(0);
  });
});
