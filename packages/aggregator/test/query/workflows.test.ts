import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessor } from '../../src/assess/assessor.ts';
import { describe as describeValues } from '../../src/query/statistics.ts';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
let assessor: Assessor;
beforeAll(async () => {
  assessor = toldAssessor(ledger.client);
});
afterAll(async () => {
  await assessor.stop();
});

/** What the sessions of a workflow take: seconds, tokens, turns. */
type Sample = readonly (readonly [seconds: number, tokens: number, turns: number])[];

/** Books and finalizes sessions, over days. */
async function finalizeAll(workflow: string, sample: Sample, tenant = 'acme'): Promise<void> {
  const sessions = sample.map(([seconds, tokens, turns], at) => {
    const session_id = `${workflow}-${at}`;
    const begin = -86_400 * (at % 3);
    const of = { session_id, workflow, tenant };
    const goes = Array.from({ length: turns }, (_, nth) =>
      turn(
        nth % 2 === 0 ? 'writer' : 'critic',
        [begin + (seconds / turns) * nth, begin + (seconds / turns) * (nth + 1)],
        of,
      ),
    );
    return [...goes, call([begin, begin + seconds / turns], { ...of, input_tokens: tokens, output_tokens: 0 })];
  });
  await ledger.book(sessions.flat());
  for (const at of sample.keys()) await assessor.finalize(tenant, `${workflow}-${at}`);
}

/** What averages are to be, from the values themselves. */
function averageOf(values: readonly number[]): object {
  const { n, mean = 0, sd = 0, p50 = 0, p95 = 0, p99 = 0 } = describeValues(values);
  const sum = BigInt(values.reduce((total, value) => total + value, 0));
  return { n, sum, ...mapValues({ mean, sd, p50, p95, p99 }, closeTo) };
}

function closeTo(value: number): unknown {
  return expect.closeTo(value, 6);
}

function mapValues<Value>(object: Readonly<Record<string, Value>>, map: (value: Value) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

const SAMPLE: Sample = [
  [10, 1000, 1],
  [20, 3000, 2],
  [30, 2000, 3],
  [15, 9000, 1],
  [25, 500, 4],
  [60, 100, 2],
  [12, 700, 3],
];

describe('averages of a workflow', () => {
  it('are those of its finalized sessions, computed from the numbers themselves', async () => {
    await finalizeAll('average', SAMPLE);
    await ledger.book([call([1, 2], { session_id: 'runs', workflow: 'average', input_tokens: 1_000_000 })]);
    await ledger.refresh();
    const found = await queries.workflow('acme', 'average');
    expect(found).toMatchObject({ tenant: 'acme', workflow: 'average', sessions: 7, underpriced: 0 });
    const expected = {
      duration_us: SAMPLE.map(([seconds]) => seconds * 1e6),
      tokens: SAMPLE.map(([, tokens]) => tokens),
      cost_nano_usd: SAMPLE.map(([, tokens]) => tokens),
      turns: SAMPLE.map(([, , turns]) => turns),
      agents: SAMPLE.map(([, , turns]) => (turns > 1 ? 2 : 1)),
    };
    // These few are all kept, so that quantiles are exact too.
    expect(found?.metrics).toEqual(mapValues(expected, averageOf));
  });

  it('follow amendments, and sessions that turn out to be of another workflow', async () => {
    await finalizeAll('changes', SAMPLE.slice(0, 3));
    await ledger.refresh();
    expect((await queries.workflow('acme', 'changes'))!.metrics.tokens).toMatchObject({ n: 3, mean: 2000 });
    await ledger.book([
      call([1, 2], { session_id: 'changes-0', workflow: 'changes', input_tokens: 3000, output_tokens: 0 }),
    ]);
    await assessor.finalize('acme', 'changes-0');
    await ledger.refresh();
    expect((await queries.workflow('acme', 'changes'))!.metrics.tokens).toMatchObject({ n: 3, mean: 3000 });
  });

  it('of how agents respond leave out turns that nobody saw begin', async () => {
    const of = { session_id: 'half-seen', workflow: 'half-seen' };
    const unseen = { ...of, notes: ['untimed_turn'], response_time_us: 0 };
    await ledger.book([
      turn('writer', [0, 4], of),
      turn('writer', [5, 11], of),
      turn('writer', [12, 12], unseen),
      turn('critic', [13, 13], unseen),
    ]);
    await assessor.finalize('acme', 'half-seen');
    await ledger.refresh();
    expect(await queries.workflowAgents('acme', 'half-seen')).toMatchObject([
      { agent: 'critic', turns: 1, response: { n: 0, mean: undefined, min: undefined, max: undefined } },
      { agent: 'writer', turns: 3, response: { n: 2, mean: 5e6, min: 4e6, max: 6e6 } },
    ]);
  });

  it('of one session have no deviation', async () => {
    await finalizeAll('single', SAMPLE.slice(0, 1));
    await ledger.refresh();
    expect((await queries.workflow('acme', 'single'))!.metrics.duration_us).toMatchObject({
      n: 1,
      mean: 10e6,
      sd: undefined,
      p50: 10e6,
      p99: 10e6,
    });
  });

  it('tell how many sessions cost more than is known', async () => {
    await ledger.book([
      call([1, 2], {
        session_id: 'u1',
        workflow: 'underpriced',
        cost_status: 'unpriced',
        cost_nano_usd: 0,
        unpriced_tokens: 110,
      }),
      call([1, 2], { session_id: 'u2', workflow: 'underpriced' }),
    ]);
    for (const id of ['u1', 'u2']) await assessor.finalize('acme', id);
    await ledger.refresh();
    expect(await queries.workflow('acme', 'underpriced')).toMatchObject({ sessions: 2, underpriced: 1 });
  });

  it('are none while no session is finalized, or for another tenant', async () => {
    await ledger.book([call([1, 2], { session_id: 'r', workflow: 'running-only' })]);
    await ledger.refresh();
    expect(await queries.workflow('acme', 'running-only')).toBeUndefined();
    expect(await queries.workflow('other', 'average')).toBeUndefined();
    expect(await queries.workflowAgents('other', 'average')).toEqual([]);
  });

  it('are listed for one tenant, and for operators for all', async () => {
    await finalizeAll('average', SAMPLE.slice(0, 2), 'other');
    await ledger.refresh();
    const { workflows: own } = await queries.workflows({ tenant: 'other' });
    expect(own.map(({ tenant, workflow, sessions }) => [tenant, workflow, sessions])).toEqual([
      ['other', 'average', 2],
    ]);
    const { workflows: all, isTruncated } = await queries.workflows('every');
    expect(isTruncated).toBe(false);
    expect(all[0]).toMatchObject({ tenant: 'acme', workflow: 'average', sessions: 7 });
    expect(new Set(all.map(({ tenant }) => tenant))).toEqual(new Set(['acme', 'other']));
  });
});

describe('agents of a workflow', () => {
  it('are averaged over all their turns', async () => {
    await finalizeAll('team', SAMPLE);
    await ledger.refresh();
    const agents = await queries.workflowAgents('acme', 'team');
    expect(agents.map(({ agent }) => agent)).toEqual(['critic', 'writer']);
    // Goes alternate, the writer's first; a session's goes are equally long, and the call is made in the first.
    const ofWriter = SAMPLE.flatMap(([seconds, , turns]) =>
      Array.from({ length: Math.ceil(turns / 2) }, () => Math.round((seconds / turns) * 1e6)),
    );
    const writer = agents[1];
    const expected = describeValues(ofWriter);
    expect(writer).toMatchObject({ sessions: 7, inputTokens: 16_300, costNanoUsd: 16_300n, inferences: 7 });
    expect(writer?.response).toMatchObject({ n: expected.n, min: expected.min, max: expected.max });
    expect(writer?.response.mean).toBeCloseTo(expected.mean!, -1);
    expect(writer?.response.sd).toBeCloseTo(expected.sd!, -1);
    expect(writer?.response.p50).toBeCloseTo(expected.p50!, -1);
    expect(agents[0]).toMatchObject({ agent: 'critic', sessions: 5, inputTokens: 0 });
  });

  it('that took part no more after an amendment are gone', async () => {
    const of = { session_id: 'gone-agent', workflow: 'gone' };
    const extra = turn('ghost', [20, 30], of);
    await ledger.book([turn('writer', [0, 10], of), extra]);
    await assessor.finalize('acme', 'gone-agent');
    await ledger.refresh();
    expect((await queries.workflowAgents('acme', 'gone')).map(({ agent }) => agent)).toEqual(['ghost', 'writer']);
    await ledger.takeBack([extra]);
    await assessor.finalize('acme', 'gone-agent');
    await ledger.refresh();
    expect((await queries.workflowAgents('acme', 'gone')).map(({ agent }) => agent)).toEqual(['writer']);
  });
});

describe('names that were meant', () => {
  it('are those that begin alike or are nearly the same', async () => {
    expect(await queries.nearWorkflows('acme', 'avrage')).toEqual(['average']);
    expect(await queries.nearWorkflows('acme', 'AVER')).toEqual(['average']);
    expect(await queries.nearWorkflows('acme', 'entirely different')).toEqual([]);
    expect(await queries.nearWorkflows('nobody', 'average')).toEqual([]);
    expect(await queries.nearSessions('acme', 'team-9')).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^team-\d$/)),
    );
    expect(await queries.nearSessions('other', 'team-9')).toEqual([]);
    expect(await queries.nearSessions('acme', 'x'.repeat(100_000))).toEqual([]);
  });
});
