import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../history/calendar.ts';
import { HISTORY_DAYS, IDLE_MS, planMonth, spansByTenant } from '../../history/month.ts';
import { TENANTS, WORKFLOWS } from '../../history/workflows.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 6, 40);
const month = planMonth(NOW_MS);

describe('a made-up month', () => {
  it('is the same for the same end', () => {
    expect(planMonth(NOW_MS)).toEqual(month);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('is as busy at its end as on any other day, %d days later and at night', (days) => {
    const nowMs = NOW_MS + days * DAY_MS + 19.3 * HOUR_MS;
    const lately = planMonth(nowMs).over.filter(({ endMs }) => endMs > nowMs - HOUR_MS);
    expect(new Set(lately.map(({ tenant }) => tenant))).toEqual(new Set(TENANTS));
    expect(lately.length).toBe(month.over.filter(({ endMs }) => endMs > NOW_MS - HOUR_MS).length);
  });

  it('has sessions of every workflow, in every week', () => {
    const weeks = new Set(
      month.over.map(({ workflow, endMs }) => `${workflow} ${Math.floor((NOW_MS - endMs) / (7 * DAY_MS))}`),
    );
    expect(weeks.size).toBeGreaterThanOrEqual(WORKFLOWS.length * (HISTORY_DAYS / 7));
  });

  it('has no two sessions of one id', () => {
    const ids = [...month.over, ...month.recent].map(({ tenant, id }) => `${tenant} ${id}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves to the service whether a session is over that may go on', () => {
    expect(month.over.every(({ endMs }) => endMs <= NOW_MS - IDLE_MS)).toBe(true);
    expect(month.recent.every(({ endMs }) => endMs > NOW_MS - IDLE_MS)).toBe(true);
  });

  it('ends while a session goes round in circles', () => {
    const longest = month.recent.toSorted((a, b) => b.turns.length - a.turns.length)[0];
    expect(longest).toMatchObject({ tenant: 'acme', workflow: 'contract-review' });
    expect(longest?.startMs).toBeLessThan(NOW_MS);
    expect(longest?.endMs).toBeGreaterThan(NOW_MS);
  });

  it('has a workflow that got another version, whose prompts are longer', () => {
    const sessions = month.over.filter(({ workflow }) => workflow === 'sales-research');
    const meanInput = (version: string): number => {
      const own = sessions.filter((session) => session.version === version);
      const calls = own.flatMap(({ turns }) => turns.flatMap((turn) => turn.calls));
      return calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0) / own.length;
    };
    expect([...new Set(sessions.map(({ version }) => version))].toSorted()).toEqual(['1.4', '1.5']);
    expect(meanInput('1.5')).toBeGreaterThan(1.3 * meanInput('1.4'));
  });
});

describe('spans of sessions', () => {
  const byTenant = spansByTenant(month.over.slice(0, 200), 1);

  it('come in the order in which they end', () => {
    for (const spans of byTenant.values()) {
      expect(spans.map(({ endMs }) => endMs)).toEqual(spans.map(({ endMs }) => endMs).toSorted((a, b) => a - b));
    }
    expect([...byTenant.keys()].every((tenant) => TENANTS.includes(tenant))).toBe(true);
  });

  it('lie within the span above them', () => {
    for (const spans of byTenant.values()) {
      const byId = new Map(spans.map(({ span }) => [span.spanId, span]));
      for (const { span } of spans) {
        const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
        if (parent === undefined) continue;
        expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(parent.startTimeUnixNano));
        expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(parent.endTimeUnixNano));
      }
    }
  });
});
