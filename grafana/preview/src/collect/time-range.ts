// Times as dashboards have them, and how far points are apart, as Grafana works it out (@grafana/data, datemath and rangeutil).

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
  M: 30 * DAY_MS,
  y: 365 * DAY_MS,
};

/** `now-24h`, `now/M`, `now-1d/d`; `isEnd` rounds up. */
export function momentOf(text: string, nowMs: number, isEnd: boolean): number {
  const [, sign, count, unit, rounding] = /^now(?:([+-])(\d+)([smhdwMy]))?(?:\/([hdwMy]))?$/.exec(text) ?? [];
  if (!text.startsWith('now')) return Date.parse(text);
  const shift = count === undefined ? 0 : Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
  const moment = sign === '+' ? nowMs + shift : nowMs - shift;
  return rounding === undefined ? moment : rounded(moment, rounding, isEnd);
}

function rounded(timeMs: number, unit: string, isEnd: boolean): number {
  const date = new Date(timeMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const next = isEnd ? 1 : 0;
  switch (unit) {
    case 'M':
      return Date.UTC(year, month + next, 1) - next;
    case 'y':
      return Date.UTC(year + next, 0, 1) - next;
    case 'w':
      return Date.UTC(year, month, day - date.getUTCDay() + 7 * next) - next;
    case 'd':
      return Date.UTC(year, month, day + next) - next;
    default:
      return (Math.floor(timeMs / HOUR_MS) + next) * HOUR_MS - next;
  }
}

/** `15s`, `1m30s` */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwMy])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ''] ?? 0), 0);
}

/** Up to which raw interval which one is taken: `roundInterval`. */
const STEPS: readonly (readonly [number, number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, 1000],
  [3500, 2000],
  [7500, 5000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, MINUTE_MS],
  [210_000, 2 * MINUTE_MS],
  [450_000, 5 * MINUTE_MS],
  [750_000, 10 * MINUTE_MS],
  [1_050_000, 15 * MINUTE_MS],
  [1_500_000, 20 * MINUTE_MS],
  [2_700_000, 30 * MINUTE_MS],
  [5_400_000, HOUR_MS],
  [9_000_000, 2 * HOUR_MS],
  [16_200_000, 3 * HOUR_MS],
  [32_400_000, 6 * HOUR_MS],
  [86_400_000, 12 * HOUR_MS],
  [604_800_000, DAY_MS],
  [1_814_400_000, 7 * DAY_MS],
];

export interface IntervalOptions {
  readonly fromMs: number;
  readonly toMs: number;
  /** Pixels, unless a panel says otherwise. */
  readonly points: number;
  readonly leastMs: number;
}

export function intervalOf({ fromMs, toMs, points, leastMs }: IntervalOptions): number {
  const raw = (toMs - fromMs) / points;
  const [, step = 30 * DAY_MS] = STEPS.find(([limit]) => raw < limit) ?? [];
  return Math.max(step, leastMs);
}
