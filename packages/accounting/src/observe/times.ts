// Times that cannot be are brought to where the record was received, and said.

/** A start that is later than the reception by more than this (a day, in µs) is a wrong clock, not a skewed one. */
const FUTURE_MAX_US = 86_400_000_000;
/** 2015-01-01 in µs: before it there was no such call to report. */
const PAST_MIN_US = 1_420_070_400_000_000;

export type TimeFault = 'missing_time' | 'impossible_time' | 'negative_duration';

export interface Times {
  readonly startUs: number;
  readonly endUs: number;
  readonly fault: TimeFault | undefined;
}

/** Repairs a start and an end (µs since the epoch) against the time of reception. */
export function repairTimes(startUs: number, endUs: number, receivedUs: number): Times {
  if (startUs === 0 && endUs === 0) return { startUs: receivedUs, endUs: receivedUs, fault: 'missing_time' };
  const start = isPossible(startUs, receivedUs) ? startUs : undefined;
  const end = isPossible(endUs, receivedUs) ? endUs : undefined;
  if (start === undefined) {
    const only = end ?? receivedUs;
    return { startUs: only, endUs: only, fault: startUs === 0 ? 'missing_time' : 'impossible_time' };
  }
  // A span that has not ended has end 0; a record that holds one time only gives it twice.
  if (end === undefined)
    return { startUs: start, endUs: start, fault: endUs === 0 ? 'missing_time' : 'impossible_time' };
  if (end < start) return { startUs: start, endUs: start, fault: 'negative_duration' };
  return { startUs: start, endUs: end, fault: undefined };
}

function isPossible(timeUs: number, receivedUs: number): boolean {
  return timeUs >= PAST_MIN_US && timeUs <= receivedUs + FUTURE_MAX_US;
}
