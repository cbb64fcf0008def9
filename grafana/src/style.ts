// One meaning, one color; one quantity, one unit.

/** As Grafana's panels take them. */
export const Unit = {
  /** To the cent: where an exact sum is meant. */
  USD_EXACT: 'currency:financial:$',
  /** Rounded to three digits. */
  USD: 'currencyUSD',
  USD_PER_HOUR: 'suffix:USD/h',
  TOKENS: 'short',
  COUNT: 'short',
  /** 1 is 100 %. */
  RATIO: 'percentunit',
  SECONDS: 's',
  BYTES: 'bytes',
  PER_SECOND: 'suffix:/s',
  PER_MINUTE: 'suffix:/min',
  /** Of times the plan, burn rates. */
  TIMES: 'suffix:×',
  UNIX_MS: 'dateTimeFromNow',
  /** Whole numbers, and text. */
  NONE: 'none',
} as const;
export type Unit = (typeof Unit)[keyof typeof Unit];

export const Color = {
  COST: '#5794F2',
  TOKENS: '#B877D9',
  TIME: '#3FB6A8',
  COUNT: '#8E9BAE',
  /** What is expected, planned or usual, beside what is. */
  EXPECTED: '#9FA7B3',
  OK: 'green',
  WARNING: 'yellow',
  CRITICAL: 'orange',
  STOP: 'red',
  /** No judgement. */
  PLAIN: 'text',
} as const;
export type Color = (typeof Color)[keyof typeof Color];

/** A value from which on a color holds. The first of a list has none: it holds below the others. */
export interface Step {
  readonly from: number | null;
  readonly color: Color;
}

/** Session cost as a share of what is expected: the ladder of policies, where nothing else is said. */
export const LADDER = { warning: 0.75, critical: 0.9, stop: 1.5 } as const;

export const ofExpected: readonly Step[] = [
  { from: null, color: Color.OK },
  { from: LADDER.warning, color: Color.WARNING },
  { from: LADDER.critical, color: Color.CRITICAL },
  { from: LADDER.stop, color: Color.STOP },
];

/** What sessions of a period cost, took or used on average, as a share of what is usual: 1 is as ever. */
export const besideUsual: readonly Step[] = [
  { from: null, color: Color.OK },
  { from: 1.1, color: Color.WARNING },
  { from: 1.25, color: Color.CRITICAL },
  { from: LADDER.stop, color: Color.STOP },
];

/** A used share of a budget; as the alerts of prometheus/rules/spending.yaml tell it. */
export const ofBudget: readonly Step[] = [
  { from: null, color: Color.OK },
  { from: 0.75, color: Color.WARNING },
  { from: 0.9, color: Color.CRITICAL },
  { from: 1, color: Color.STOP },
];

/** Good up to a value, worth a look from there on, bad from another. */
export function rising(warning: number, stop: number): readonly Step[] {
  return [
    { from: null, color: Color.OK },
    { from: warning, color: Color.WARNING },
    { from: stop, color: Color.STOP },
  ];
}

/** Good down to a value, worth a look below it, and bad below another. */
export function falling(warning: number, stop: number): readonly Step[] {
  return [
    { from: null, color: Color.STOP },
    { from: stop, color: Color.WARNING },
    { from: warning, color: Color.OK },
  ];
}

/** The same without a word about what is good: a whole column of green says nothing. */
export function quiet(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => (step.color === Color.OK ? { ...step, color: Color.PLAIN } : step));
}

/** Bad from a value on. */
export function atMost(good: number): readonly Step[] {
  return [
    { from: null, color: Color.OK },
    { from: good, color: Color.STOP },
  ];
}
