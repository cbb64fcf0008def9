// What happens is added to the sums of its workflow: bookings as they are on disk, sessions as they are finalized.

import type { PricedPosting } from '../price/price-postings.ts';
import type { Summary } from '../query/summary-rows.ts';
import { sumOfAll } from '../query/lines.ts';
import { Histograms, Place } from './rising-sums.ts';
import type { SessionLevels } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';

/** Adds what was booked, and takes back what was taken back. */
export function countPostings(book: WorkflowBook, postings: readonly PricedPosting[]): void {
  for (const { sign, entry, cost } of postings) {
    const { tenant, workflow, input, output, turns, responseTimeUs } = entry;
    if (cost !== undefined || input > 0 || output > 0) {
      const sums = book.sumsOf(tenant, workflow);
      if (cost !== undefined) {
        sums.add(Place.COST, sign * cost.totalNanoUsd);
        sums.add(Place.UNPRICED, sign * cost.unpricedTokens);
      }
      sums.add(Place.INPUT, sign * input);
      sums.add(Place.OUTPUT, sign * output);
    }
    // A turn that nobody saw begin has no duration.
    if (turns > 0 && responseTimeUs > 0) {
      book.histogramsOf(tenant, workflow).observe(Histograms.turnDuration, responseTimeUs / 1e6, sign);
    }
  }
}

/** Adds a session that was finalized now. One that is amended later stays as it was counted first. */
export function countFinalized(book: WorkflowBook, { figures }: Summary, levels: SessionLevels | undefined): void {
  const { tenant, workflow, beganUs, endedUs, lines } = figures;
  const { errors, cost_nano_usd: nanoUsd } = sumOfAll(lines);
  const sums = book.sumsOf(tenant, workflow);
  sums.add(errors > 0 ? Place.FAILED : Place.OK, 1);
  if (levels !== undefined) {
    if (nanoUsd >= levels.warning) sums.add(Place.WARNING, 1);
    if (nanoUsd >= levels.critical) sums.add(Place.CRITICAL, 1);
    if (nanoUsd >= levels.stop) sums.add(Place.STOP, 1);
  }
  const histograms = book.histogramsOf(tenant, workflow);
  histograms.observe(Histograms.sessionCost, Number(nanoUsd) / 1e9);
  histograms.observe(Histograms.sessionDuration, Math.max(0, endedUs - beganUs) / 1e6);
}
