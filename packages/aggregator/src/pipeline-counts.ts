// What the pipeline says about its work: counters, and the sentence that a sender gets when something was refused.

import type { Signal } from '@turnmeter/accounting';
import type { DecodeReport } from './decode/report.ts';
import type { Normalizer } from './normalize/normalizer.ts';
import type { IngestResult } from './pipeline.ts';
import type { PricedPosting } from './price/price-postings.ts';
import type { Telemetry } from './telemetry.ts';

/** Counts a request that was taken, and says what of it was not. */
export function countIngested(
  telemetry: Telemetry,
  { signal, report, normalizer }: { signal: Signal; report: DecodeReport; normalizer: Normalizer },
): IngestResult {
  const refused = [...report.rejected, ...normalizer.refused];
  for (const [reason, count] of report.rejected)
    telemetry.count('turnmeter_records_refused_total', { stage: 'decode', reason }, count);
  for (const [reason, count] of normalizer.refused) {
    telemetry.count('turnmeter_records_refused_total', { stage: 'normalize', reason }, count);
  }
  for (const [reason, count] of report.notes) telemetry.count('turnmeter_values_clamped_total', { reason }, count);
  const rejected = refused.reduce((sum, [, count]) => sum + count, 0);
  telemetry.count(
    'turnmeter_records_accepted_total',
    { signal },
    report.records - [...normalizer.refused.values()].reduce((a, b) => a + b, 0),
  );
  telemetry.count('turnmeter_records_passed_over_total', { signal }, normalizer.passedOver);
  countObservations(telemetry, normalizer);
  return {
    rejected,
    message: rejected === 0 ? '' : `refused: ${refused.map(([reason, count]) => `${count} × ${reason}`).join(', ')}`,
  };
}

function countObservations(telemetry: Telemetry, { observations }: Normalizer): void {
  const counts = new Tally();
  for (const { profile, role, notes } of observations) {
    counts.add(profile, role);
    for (const reason of notes) telemetry.count('turnmeter_values_clamped_total', { reason });
  }
  for (const [profile, role, count] of counts)
    telemetry.count('turnmeter_observations_total', { profile, role }, count);
}

/** Counts what was booked, taken back, left out and left without a price. */
export function countBooked(telemetry: Telemetry, postings: readonly PricedPosting[]): void {
  // A counter looks up its labels, which for every posting would take as long as pricing it.
  const booked = new Tally();
  for (const { sign, entry, because, cost } of postings) {
    if (sign === -1) {
      telemetry.count('turnmeter_entries_reversed_total', { because });
      continue;
    }
    booked.add(entry.kind, entry.reason);
    const excluded = entry.excludedInput + entry.excludedOutput;
    if (excluded > 0) telemetry.count('turnmeter_tokens_excluded_total', { reason: entry.reason }, excluded);
    if (cost !== undefined && cost.unpricedTokens > 0) {
      telemetry.count(
        'turnmeter_tokens_unpriced_total',
        { provider: providerLabel(entry.provider) },
        cost.unpricedTokens,
      );
    }
  }
  for (const [kind, reason, count] of booked)
    telemetry.count('turnmeter_entries_booked_total', { kind, reason }, count);
}

/** How often pairs of names of few values came. */
class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  add(first: string, second: string): void {
    let counts = this.#counts.get(first);
    if (counts === undefined) this.#counts.set(first, (counts = new Map()));
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }

  *[Symbol.iterator](): Generator<readonly [first: string, second: string, count: number]> {
    for (const [first, counts] of this.#counts) for (const [second, count] of counts) yield [first, second, count];
  }
}

/** Providers that are counted by name. */
const PROVIDERS_MAX = 100;
const counted = new Set<string>();

/** Provider names come from outside; a label must not grow without end. */
function providerLabel(provider: string): string {
  if (!/^[a-z][a-z0-9_.-]{0,30}$/.test(provider)) return 'other';
  if (counted.size < PROVIDERS_MAX) counted.add(provider);
  return counted.has(provider) ? provider : 'other';
}
