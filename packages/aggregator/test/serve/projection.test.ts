// Projections as they are asked for over HTTP, held against the OpenAPI document.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type EntryRow, turn } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

const CENT = 1e7;
const SESSIONS = 20;

const { ledger } = await openedLedger();
let api: RunningApi;
let documentation: Documentation;
beforeAll(async () => {
  api = await runApi(ledger, { keys: [keyNamed('of-acme', ['acme']), keyNamed('of-globex', ['globex'])] });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  // Four turns of 10 to 29 cents each: after two of them half of what they cost in the end.
  const ids = Array.from({ length: SESSIONS }, (_, at) => `s${at}`);
  await ledger.book(
    ids.flatMap((id, at) => {
      const version = id === 's2' ? '2.0' : '';
      return turnsOf(id, { begin: -1000 * (at + 1), turns: 4, cents: 10 + at, version });
    }),
  );
  for (const id of ids) await api.assessor.finalize('acme', id);
});
afterAll(() => api.stop());

interface Course {
  readonly begin: number;
  readonly turns: number;
  readonly cents: number;
  readonly workflow?: string;
  readonly version?: string;
}

/** Turns of ten seconds, each with a call. */
function turnsOf(
  session_id: string,
  { begin, turns, cents, workflow = 'research', version = '' }: Course,
): readonly EntryRow[] {
  const of = { session_id, workflow, workflow_version: version, agent: 'writer' };
  return Array.from({ length: turns }, (_, at) => begin + 10 * at).flatMap((from) => [
    turn('writer', [from, from + 10], of),
    call([from + 1, from + 9], { ...of, input_tokens: 900, output_tokens: 100, cost_nano_usd: cents * CENT }),
  ]);
}

async function ask(id: string, key = 'of-acme'): Promise<Answer> {
  const answer = await api.get(`/api/v1/sessions/${id}/projection`, { authorization: `Bearer ${key}` });
  expect(documentation.faultsOf('GET', '/api/v1/sessions/{id}/projection', answer)).toEqual([]);
  return answer;
}

describe('GET /sessions/{id}/projection', () => {
  it('says what a running session will cost, how it stands at its turn, and which were like it', async () => {
    await ledger.book(turnsOf('running', { begin: 0, turns: 2, cents: 30 }));
    const { status, body } = await ask('running');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      session_id: 'running',
      workflow: 'research',
      state: 'running',
      turn_count: 2,
      current_cost_usd: 0.6,
      projection: { status: 'projected', level: 0.9, method: 'equal_turns', sessions: 20, sessions_needed: 9 },
      // The others had cost 20 to 58 cents after two turns, the middle of the tenth and eleventh being 39.
      comparison_at_turn: {
        turn: 2,
        sessions_compared: 20,
        cost_usd: { value: 0.6, median: 0.39, percentile_rank: 100 },
        tokens: { value: 2000, median: 2000, ratio: 1, percentile_rank: 50, verdict: 'normal' },
        session_duration_seconds: { value: 20, median: 20, verdict: 'normal' },
      },
      history: { sessions: SESSIONS },
    });
    const { low, mid, high } = body.projection.cost_usd;
    expect(low).toBeGreaterThanOrEqual(0.6);
    // In proportion it comes to 1.20; what others still spent was 0.39 in the middle.
    expect(mid).toBeGreaterThan(0.95);
    expect(mid).toBeLessThan(1.25);
    expect(high).toBeGreaterThanOrEqual(mid);
    expect(body.similar_sessions[0]).toMatchObject({
      session_id: 's19',
      because: ['same_entry_agent', 'first_prompt_of_similar_size', 'cost_as_much_by_this_turn'],
      cost_at_turn_usd: 0.58,
      end_cost_usd: 1.16,
      turn_count: 4,
    });
    expect(body.explanation).toMatch(/^After 2 turns it has cost \$0\.60, which is \w+: half of 20 sessions had cost/);
  });

  it('takes into account which version of the workflow it runs, by its spans or its guard', async () => {
    await ledger.book([
      ...turnsOf('versioned', { begin: 0, turns: 2, cents: 12, version: '2.0' }),
      ...turnsOf('told', { begin: 0, turns: 2, cents: 12 }),
      ...turnsOf('unversioned', { begin: 0, turns: 2, cents: 12 }),
    ]);
    api.control.versions.learn('acme', 'told', '2.0');
    const similar = async (id: string): Promise<readonly string[]> =>
      (await ask(id)).body.similar_sessions[0]?.because ?? [];
    for (const id of ['versioned', 'told']) expect(await similar(id)).toContain('same_version');
    expect(await similar('unversioned')).not.toContain('same_version');
  });

  it('says that it cannot be said where too few sessions came as far', async () => {
    await ledger.book(turnsOf('long', { begin: 0, turns: 6, cents: 10 }));
    const { body } = await ask('long');
    expect(body).toMatchObject({
      projection: { status: 'not_enough_history', cost_usd: null, sessions: 0, sessions_needed: 9 },
      comparison_at_turn: { turn: 6, sessions_compared: 0, cost_usd: { median: null, verdict: 'unknown' } },
      similar_sessions: [],
    });
    expect(body.explanation).toContain(
      'What it will cost cannot be said: 0 finished sessions came as far, 9 are needed.',
    );
    await ledger.book(turnsOf('first', { begin: 0, turns: 1, cents: 1, workflow: 'new' }));
    expect((await ask('first')).body).toMatchObject({
      projection: { status: 'not_enough_history' },
      history: { sessions: 0 },
    });
  });

  it('compares a session that is over with others, not with itself, and projects nothing', async () => {
    const { body } = await ask('s0');
    expect(body).toMatchObject({ state: 'finalized', projection: null, comparison_at_turn: { sessions_compared: 19 } });
    expect(body.similar_sessions.map(({ session_id }: { session_id: string }) => session_id)).not.toContain('s0');
  });

  it('knows sessions of the key’s tenant alone', async () => {
    expect((await ask('running', 'of-globex')).status).toBe(404);
    const { status, body } = await ask('runing');
    expect(status).toBe(404);
    expect(body.detail).toContain('running');
  });
});
