import { describe, expect, it } from 'vitest';
import { describe as describeValues } from '../../src/query/statistics.ts';
import { VERSIONS_MAX } from '../../src/query/workflow-versions.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();

/** A summary as it is written when a session is finalized, with the columns that matter here; it begins at noon of a day of November. */
function summary(session_id: string, day: number, columns: Readonly<Record<string, unknown>>): object {
  const date = `2026-11-${`${day}`.padStart(2, '0')}`;
  return {
    ...{ tenant: 'acme', workflow: 'support', day: date, session_id, version: 1, is_deleted: 0, cost_status: 'exact' },
    began_at: `${date} 12:00:00`,
    ...columns,
  };
}

/** Noon of a day of November, µs. */
const noonUs = (day: number): number => Date.UTC(2026, 10, day, 12) * 1000;

describe('versions of a workflow', () => {
  it('are averaged over their finalized sessions, the newest first', async () => {
    const costs = [100, 400, 150, 250];
    await ledger.insert('session_summaries', [
      ...costs.map((cost_nano_usd, at) =>
        summary(`new-${at}`, 10 + at, {
          ...{ workflow_version: '2', cost_nano_usd, tokens: cost_nano_usd * 2, duration_us: 1e6 * (at + 1) },
          errors: at === 1 ? 3 : 0,
        }),
      ),
      summary('old', 3, { workflow_version: '1', cost_nano_usd: 70, cost_status: 'partial' }),
      // The old version goes on beside the new one.
      summary('late', 20, { workflow_version: '1', cost_nano_usd: 90 }),
      summary('none', 5, { cost_nano_usd: 1 }),
      summary('theirs', 5, { tenant: 'globex', workflow_version: '3', cost_nano_usd: 1 }),
      summary('other', 5, { workflow: 'sales', workflow_version: '3', cost_nano_usd: 1 }),
      summary('moved', 5, { workflow_version: '4' }),
    ]);
    await ledger.insert('session_summaries', [summary('moved', 5, { version: 2, is_deleted: 1 })]);
    const { versions, isTruncated } = await queries.workflowVersions('acme', 'support');
    expect(isTruncated).toBe(false);
    expect(versions.map(({ version, sessions }) => [version, sessions])).toEqual([
      ['2', 4],
      [undefined, 1],
      ['1', 2],
    ]);
    expect(versions[2]).toMatchObject({ underpriced: 1, firstUs: noonUs(3), lastUs: noonUs(20) });
    const { n, mean, sd, p50, p95, p99 } = describeValues(costs);
    expect(versions[0]).toMatchObject({ failed: 1, errors: 3, underpriced: 0, firstUs: noonUs(10) });
    expect(versions[0]?.metrics.cost_nano_usd).toMatchObject({ n, mean, p50, sum: 900n });
    expect(versions[0]?.metrics.cost_nano_usd.sd).toBeCloseTo(sd ?? 0, 6);
    expect(versions[0]?.metrics.cost_nano_usd.p95).toBeCloseTo(p95 ?? 0, 6);
    expect(versions[0]?.metrics.cost_nano_usd.p99).toBeCloseTo(p99 ?? 0, 6);
    expect(versions[0]?.metrics).toMatchObject({ tokens: { sum: 1800n }, duration_us: { mean: 2.5e6 } });
  });

  it('are those that were used last where there are many', async () => {
    const many = VERSIONS_MAX + 3;
    await ledger.insert(
      'session_summaries',
      Array.from({ length: many }, (_, at) =>
        summary(`m-${at}`, 1 + at, { workflow: 'often', workflow_version: `${at}` }),
      ),
    );
    const { versions, isTruncated } = await queries.workflowVersions('acme', 'often');
    expect(isTruncated).toBe(true);
    expect(versions.map(({ version }) => version)).toEqual(
      Array.from({ length: VERSIONS_MAX }, (_, at) => `${many - 1 - at}`),
    );
  });

  it('are none of a workflow that has no finalized session', async () => {
    expect(await queries.workflowVersions('acme', 'nobody')).toEqual({ versions: [], isTruncated: false });
  });
});
