// What happens is added to the sums of its workflow: bookings as they are on disk, sessions as they are finalized.

import type { PricedPosting } from '../price/price-postings.ts';
import type { Summary } from '../query/summary-rows.ts';
import { sumOfAll } from '../query/lines.ts';
import type { Exemplar } from './metric.ts';
import { Place } from './rising-sums.ts';
import type { SessionLevels } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';

/** Adds what was booked, and takes back what was taken back. */
export function countPostings(book: WorkflowBook, postings: readonly PricedPosting[], nowMs: number): void {
  for (const { sign, entry, cost } of postings) {
    const { tenant, workflow, session, traceId, input, output, turns, responseTimeUs } = entry;
    // What is taken back is no example of anything.
    const exemplarOf = (value: number): Exemplar | undefined =>
      sign === -1 ? undefined : { traceId, sessionId: session, value, atMs: nowMs };
    if (cost !== undefined || input > 0 || output > 0) {
      const sums = book.sumsOf(tenant, workflow);
      if (cost !== undefined) {
        const { totalNanoUsd, unpricedTokens } = cost;
        sums.add(Place.COST, sign * totalNanoUsd, book.isDetailed(sums) ? exemplarOf(totalNanoUsd / 1e9) : undefined);
        if (unpricedTokens > 0) sums.add(Place.UNPRICED, sign * unpricedTokens, exemplarOf(unpricedTokens));
      }
      sums.add(Place.INPUT, sign * input);
      sums.add(Place.OUTPUT, sign * output);
    }
    // A turn that nobody saw begin has no duration.
    if (turns > 0 && responseTimeUs > 0) {
      const { turnDuration } = book.histogramsOf(tenant, workflow);
      turnDuration.observe(responseTimeUs, sign, exemplarOf(responseTimeUs / 1e6));
    }
  }
}

/** Adds a session that was finalized now. One that is amended later stays as it was counted first. */
export function countFinalized(
  book: WorkflowBook,
  { figures }: Summary,
  { levels, nowMs }: { readonly levels: SessionLevels | undefined; readonly nowMs: number },
): void {
  const { tenant, workflow, sessionId, beganUs, endedUs, lines } = figures;
  const { errors, cost_nano_usd: nanoUsd } = sumOfAll(lines);
  const exemplarOf = (value: number): Exemplar => ({ traceId: '', sessionId, value, atMs: nowMs });
  const sums = book.sumsOf(tenant, workflow);
  if (errors > 0) sums.add(Place.FAILED, 1, exemplarOf(1));
  else sums.add(Place.OK, 1);
  if (levels !== undefined) {
    if (nanoUsd >= levels.warning) sums.add(Place.WARNING, 1, exemplarOf(1));
    if (nanoUsd >= levels.critical) sums.add(Place.CRITICAL, 1, exemplarOf(1));
    if (nanoUsd >= levels.stop) sums.add(Place.STOP, 1, exemplarOf(1));
  }
  const { sessionCost, sessionDuration } = book.histogramsOf(tenant, workflow);
  sessionCost.observe(Number(nanoUsd), 1, exemplarOf(Number(nanoUsd) / 1e9));
  const durationUs = Math.max(0, Math.round(endedUs - beganUs));
  sessionDuration.observe(durationUs, 1, exemplarOf(durationUs / 1e6));
}
