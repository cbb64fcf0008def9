import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Facet, type Line } from '../../src/query/lines.ts';
import { COUNTS, MONEY, type Sums } from '../../src/query/sums.ts';
import { readSummary, type Summary, writeSummary } from '../../src/query/summary-rows.ts';
import type { Turn } from '../../src/query/turns.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.constantFrom('', '__proto__', 'constructor', '"\'\\\n\u0000'),
);
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const timeUs = fc.nat({ max: 7_258_118_400_000_000 });
const sums = fc
  .tuple(...COUNTS.map(() => count), ...MONEY.map(() => fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })))
  .map((values) => Object.fromEntries([...COUNTS, ...MONEY].map((name, at) => [name, values[at]])) as unknown as Sums);
const line: fc.Arbitrary<Line> = fc.record({
  facet: fc.constantFrom(...Object.values(Facet)),
  name: anyName,
  detail: anyName,
  sums,
});
const turn: fc.Arbitrary<Turn> = fc.record({
  speaker: anyName,
  beganUs: timeUs,
  endedUs: timeUs,
  responseUs: fc.option(count),
  inferences: count,
  toolSteps: count,
  inputTokens: count,
  outputTokens: count,
  costNanoUsd: count,
  handedBy: fc.option(anyName),
});
const summary: fc.Arbitrary<Summary> = fc.record({
  figures: fc.record({
    tenant: anyName,
    sessionId: anyName,
    workflow: anyName,
    workflowVersion: anyName,
    userId: anyName,
    beganUs: timeUs,
    endedUs: timeUs,
    activeUs: count,
    lines: fc.array(line, { maxLength: 5 }),
    turns: fc.array(turn, { maxLength: 5 }),
    isTruncated: fc.boolean(),
    bookedUs: timeUs,
  }),
  finalization: fc.record({
    version: timeUs,
    finalizedUs: timeUs,
    because: fc.constantFrom('request' as const, 'idle' as const),
    amendments: fc.nat(),
  }),
});

describe('a stored summary', () => {
  it('comes back to the last digit, whatever the names', () => {
    fc.assert(
      fc.property(summary, (before) => {
        const row = writeSummary(before);
        expect(readSummary({ session_id: String(row['session_id']), document: String(row['document']) })).toEqual(
          before,
        );
      }),
    );
  });
});
