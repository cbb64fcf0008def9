import type { RunOutDocument } from '../../serve/documents/run-out-document.ts';
import { plural } from '../text/amounts.ts';

/** `about 2026-12-01, between 2026-11-28 and 2026-12-05`; empty for what is used up. */
export function runOutText({ status, low, mid, high, history_days, horizon_days }: RunOutDocument): string {
  switch (status) {
    case 'used_up':
      return '';
    case 'not_enough_history':
      return `unknown, after ${plural(history_days, 'whole day')} of spending`;
    case 'not_within_horizon':
      return low === null
        ? `not within ${horizon_days} days`
        : `hardly within ${horizon_days} days, not before ${dayOf(low)}`;
    case 'runs_out':
      return `about ${dayOf(mid)}, ${high === null ? `not before ${dayOf(low)}` : `between ${dayOf(low)} and ${dayOf(high)}`}`;
  }
}

function dayOf(time: string | null): string {
  return time?.slice(0, 10) ?? 'unknown';
}
