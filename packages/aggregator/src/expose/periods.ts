// Calendar days and months, UTC.

export interface Period {
  readonly name: 'day' | 'month';
  readonly startMs: number;
  readonly endMs: number;
}

export function periodsAt(nowMs: number): { readonly day: Period; readonly month: Period } {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return {
    day: { name: 'day', startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) },
    month: { name: 'month', startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) },
  };
}

/** `2026-11-21` */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
