// Days and hours in a row, as the database names them: a day as `2026-11-21`, an hour by the seconds since 1970 at which it began.

/** Steps between which nothing is missing. */
export interface StepBounds {
  /** Undefined where the first step with use is the first. */
  readonly first: string | undefined;
  /** Undefined where nothing is known at all. */
  readonly last: string | undefined;
}

type Step = 'day' | 'hour';

const HOUR_SECONDS = 3600;
const DAY_MS = 86_400_000;

/** The steps that are known and all between them. A zone whose hours move by half of one has steps that are shorter. */
export function fillSteps(known: readonly string[], step: Step, { first, last }: StepBounds): readonly string[] {
  const numbers = known.map((name) => numberOf(name, step));
  if (first !== undefined && last !== undefined) numbers.push(numberOf(first, step));
  if (last !== undefined && numbers.length > 0) numbers.push(numberOf(last, step));
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const width = step === 'day' ? 1 : HOUR_SECONDS;
  return sorted.flatMap((from, at) => {
    const until = sorted[at + 1] ?? from + width;
    const names: string[] = [];
    for (let number = from; number < until; number += width) names.push(nameOf(number, step));
    return names;
  });
}

/** The step in which a moment is. */
export function latestStep(us: number, { step, timezone }: { readonly step: Step; readonly timezone: string }): string {
  if (step === 'day') return localDay(us, timezone);
  const minutes = Number(
    new Intl.DateTimeFormat('en', { timeZone: timezone, minute: 'numeric' }).format(new Date(us / 1000)),
  );
  const seconds = Math.floor(us / 1e6);
  return String(seconds - (seconds % 60) - minutes * 60);
}

/** `2026-11-21`: the day that it is then in a time zone. */
export function localDay(us: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(new Date(us / 1000)).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

/** As answers have it: a day, or the moment at which an hour began. */
export function stepOf(name: string, step: Step): string {
  return step === 'day' ? name : new Date(Number(name) * 1000).toISOString();
}

/** Days since 1970, or seconds. */
export function numberOf(name: string, step: Step): number {
  return step === 'day' ? Date.parse(name) / DAY_MS : Number(name);
}

export function nameOf(number: number, step: Step): string {
  return step === 'day' ? new Date(number * DAY_MS).toISOString().slice(0, 10) : String(number);
}
