// Axes of the panels that are drawn here: round values, and times of the day.

/** Round values from 0 or `least` to `most`, about so many. */
export function ticksOf(least: number, most: number, about: number): readonly number[] {
  const raw = (most - least) / Math.max(1, about);
  if (!(raw > 0)) return [least];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
}

const HOUR_MS = 3_600_000;
const TIME_STEPS_MS = [60_000, 300_000, 600_000, 900_000, 1_800_000, 1, 2, 3, 4, 6, 12, 24, 48, 72, 168].map((step) =>
  step < 1000 ? step * HOUR_MS : step,
);

/** Round times, about so many, with how they are written. */
export function timesOf(
  fromMs: number,
  toMs: number,
  about: number,
): readonly { readonly timeMs: number; readonly text: string }[] {
  const raw = (toMs - fromMs) / Math.max(1, about);
  const step = TIME_STEPS_MS.find((one) => one >= raw) ?? 30 * 24 * HOUR_MS;
  const first = Math.ceil(fromMs / step);
  const count = Math.floor(toMs / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const timeMs = (first + index) * step;
    const date = new Date(timeMs);
    const isDay = step >= 24 * HOUR_MS || (timeMs % (24 * HOUR_MS) === 0 && toMs - fromMs > 24 * HOUR_MS);
    return {
      timeMs,
      text: isDay
        ? `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`
        : `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    };
  });
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
