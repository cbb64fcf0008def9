// Rows with whatever a hostile sender can bring as far as here. Text is well-formed, because UTF-8 has no half surrogate pairs.

import type { Entry, Observation, Usage } from '@turnmeter/accounting';
import fc from 'fast-check';
import type { EntryCost, PricedPosting } from '../../../src/price/price-postings.ts';
import { draftPosting, finishPosting } from '../../../src/save/rows/entry-columns.ts';
import { draftObservation, finishObservation } from '../../../src/save/rows/observation-columns.ts';

const HOSTILE = [
  "'; DROP TABLE entries; --",
  'a\0b',
  'x\n\ny',
  '"\'`\\',
  '{a:String}',
  '__proto__',
  'k'.repeat(5000),
  'é',
];

export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.toWellFormed()) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
);
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('0', '1', '7', '9', 'a', 'c', 'f'), minLength: length, maxLength: length });
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const known = fc.option(count, { nil: undefined });
// From 1970 to 2200, which DateTime64(6) has.
const timeUs = fc.nat({ max: 7_258_118_400_000_000 });
const charges = fc.array(fc.record({ kind: anyText, name: anyText, quantity: fc.double({ noNaN: true }) }), {
  maxLength: 3,
});
const claim = fc.option(
  fc.record({ nanoUsd: count, by: fc.constantFrom('provider' as const, 'gateway' as const, 'client_table' as const) }),
  { nil: undefined },
);
const signal = fc.constantFrom('span' as const, 'log' as const, 'metric' as const);

/** Every field of a row that is text, number or boolean gets any value of its kind. */
function anyFields<Row extends object>(sample: Row, except: readonly (keyof Row)[]): fc.Arbitrary<Partial<Row>> {
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, value] of Object.entries(sample)) {
    if (except.includes(name as keyof Row)) continue;
    if (typeof value === 'string') model[name] = anyText;
    else if (typeof value === 'number') model[name] = count;
    else if (typeof value === 'boolean') model[name] = fc.boolean();
  }
  return fc.record(model) as fc.Arbitrary<Partial<Row>>;
}

const usage: fc.Arbitrary<Usage> = fc.record({
  input: known,
  output: known,
  cacheRead: known,
  cacheWrite: known,
  cacheWrite1h: known,
  reasoning: known,
  inputAudio: known,
  outputAudio: known,
  inputImage: known,
  outputImage: known,
});

const saysNothing = finishObservation(draftObservation()).observation;

/** Covers every field an observation has: a field without a column does not come back. */
export const anyObservation: fc.Arbitrary<Observation> = fc
  .tuple(
    anyFields(saysNothing, ['traceId', 'startUs', 'endUs', 'sessionRank', 'wireDistance', 'timeToFirstTokenUs']),
    fc.record({
      signal,
      traceId: fc.oneof(hex(32), fc.constant(''), fc.constant('prompt:241dc928')),
      links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16) }), { maxLength: 3 }),
      startUs: timeUs,
      endUs: timeUs,
      usage: fc.option(usage, { nil: undefined }),
      wireDistance: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const),
      sessionRank: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 9 as const),
      authority: fc.option(fc.record({ family: anyText, rank: fc.nat({ max: 9 }) }), { nil: undefined }),
      claim,
      charges,
      timeToFirstTokenUs: count,
      alias: fc.option(
        fc.record({
          kind: fc.constantFrom('session_parent' as const, 'agent_name' as const),
          from: anyText,
          to: anyText,
        }),
        { nil: undefined },
      ),
      notes: fc.array(anyText, { maxLength: 3 }),
    }),
  )
  .map(([fields, parts]) => ({ ...saysNothing, ...fields, ...parts }) as Observation);

const part = fc.nat({ max: 1_000_000_000 });

export const anyCost: fc.Arbitrary<EntryCost> = fc
  .record({
    parts: fc.record({
      input: part,
      cacheRead: part,
      cacheWrite: part,
      cacheWrite1h: part,
      output: part,
      reasoning: part,
    }),
    charges: fc.array(
      fc.record({
        kind: fc.constantFrom('web_search', 'tool_call', 'gpu_second'),
        name: fc.option(
          anyText.filter((text) => text !== ''),
          { nil: undefined },
        ),
        nanoUsd: fc.integer({ min: 1, max: 1_000_000_000 }),
      }),
      { maxLength: 3 },
    ),
    status: fc.constantFrom('exact' as const, 'estimated' as const, 'partial' as const, 'unpriced' as const),
    source: fc.constantFrom('override' as const, 'price_book' as const, 'none' as const),
    priceId: anyText,
    bookVersion: anyText,
    unpricedTokens: count,
    reasons: fc.array(fc.constantFrom('tier_assumed' as const, 'no_model' as const), { maxLength: 2 }),
  })
  .map((cost) => {
    const tokenNanoUsd = Object.values(cost.parts).reduce((sum, nanoUsd) => sum + nanoUsd, 0);
    const otherNanoUsd = cost.charges.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
    return { ...cost, tokenNanoUsd, otherNanoUsd, totalNanoUsd: tokenNanoUsd + otherNanoUsd };
  });

const addsNothing = finishPosting(draftPosting()).entry;

const anyEntry: fc.Arbitrary<Entry> = fc
  .tuple(
    anyFields(addsNothing, ['traceId', 'startUs', 'endUs']),
    fc.record({
      signal,
      traceId: fc.oneof(hex(32), fc.constant(''), fc.constant('prompt:241dc928')),
      startUs: timeUs,
      endUs: timeUs,
      claim,
      charges,
      notes: fc.array(anyText, { maxLength: 3 }),
    }),
  )
  .map(([fields, parts]) => ({ ...addsNothing, ...fields, ...parts }));

/** Covers every field a posting has: a field without a column does not come back. */
export const anyPosting: fc.Arbitrary<PricedPosting> = fc.record({
  sign: fc.constantFrom(1 as const, -1 as const),
  because: fc.constantFrom('' as const, 'copy' as const),
  entry: anyEntry,
  cost: fc.option(anyCost, { nil: undefined }),
});
