import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act } from '../../src/query/acts.ts';
import { handoffsOf } from '../../src/query/handoffs.ts';
import { type Turn, turnsOf } from '../../src/query/turns.ts';

let count = 0;

/** What happened from second to second. */
function act(kind: string, agent: string, [from, to]: readonly [number, number], others: Partial<Act> = {}): Act {
  return {
    session_id: 's',
    trace: 't1',
    record_id: `r${++count}`,
    kind,
    signal: 'span',
    agent,
    handoff_to: '',
    profile: 'generic',
    handoffs: 0,
    purpose: '',
    workflow: 'w',
    workflow_version: '',
    service: 'app',
    user_id: '',
    start_us: from * 1e6,
    end_us: to * 1e6,
    response_us: kind === 'turn' ? (to - from) * 1e6 : 0,
    is_untimed: 0,
    inferences: kind === 'inference' ? 1 : 0,
    input_tokens: kind === 'inference' ? 100 : 0,
    output_tokens: kind === 'inference' ? 10 : 0,
    cost_nano_usd: kind === 'inference' ? 5 : 0,
    ...others,
  };
}

/** `writer 0-5` */
function shown(turns: readonly Turn[]): readonly string[] {
  return turns.map(({ speaker, beganUs, endedUs }) => `${speaker} ${beganUs / 1e6}-${endedUs / 1e6}`);
}

describe('turns that are marked', () => {
  it('are in order of their begin, with the calls that were made in them', () => {
    const turns = turnsOf([
      act('turn', 'critic', [6, 9]),
      act('inference', 'critic', [7, 8]),
      act('turn', 'writer', [0, 5]),
      act('inference', 'writer', [1, 2]),
      act('inference', 'writer', [3, 4]),
    ]);
    expect(shown(turns)).toEqual(['writer 0-5', 'critic 6-9']);
    expect(
      turns.map(({ inferences, inputTokens, outputTokens, costNanoUsd }) => [
        inferences,
        inputTokens,
        outputTokens,
        costNanoUsd,
      ]),
    ).toEqual([
      [2, 200, 20, 10],
      [1, 100, 10, 5],
    ]);
    expect(turns.map(({ responseUs }) => responseUs)).toEqual([5e6, 3e6]);
  });

  it('go on over a tool step, which belongs to them', () => {
    const turns = turnsOf([
      act('turn', 'writer', [0, 2]),
      act('tool', 'writer', [2, 3]),
      act('turn', 'writer', [3, 5]),
    ]);
    expect(shown(turns)).toEqual(['writer 0-5']);
    expect(turns[0]).toMatchObject({ toolSteps: 1, responseUs: 5e6 });
  });

  it('are two where nothing lies between two goes of one agent', () => {
    expect(shown(turnsOf([act('turn', 'writer', [0, 2]), act('turn', 'writer', [3, 5])]))).toEqual([
      'writer 0-2',
      'writer 3-5',
    ]);
  });

  it('are two where a person was asked in between', () => {
    const turns = turnsOf([
      act('turn', 'writer', [0, 2]),
      act('tool', 'writer', [2, 3]),
      act('human_wait', '', [3, 60]),
      act('turn', 'writer', [60, 61]),
    ]);
    expect(shown(turns)).toEqual(['writer 0-3', 'writer 60-61']);
  });

  it('do not go on in another trace', () => {
    const turns = turnsOf([
      act('turn', 'writer', [0, 2]),
      act('tool', 'writer', [2, 3]),
      act('turn', 'writer', [3, 4], { trace: 't2' }),
    ]);
    expect(turns).toHaveLength(2);
  });

  it('get a call of an agent that runs beside itself where it was made', () => {
    const turns = turnsOf([
      act('turn', 'writer', [0, 10]),
      act('turn', 'writer', [2, 4], { trace: 't2' }),
      act('inference', 'writer', [3, 4], { trace: 't2' }),
      act('inference', 'writer', [6, 7]),
    ]);
    expect(turns.map(({ inferences }) => inferences)).toEqual([1, 1]);
  });

  it('have no time where nobody saw them begin', () => {
    const acts = [act('turn', 'writer', [2, 2], { is_untimed: 1 }), act('turn', 'critic', [3, 5])];
    expect(turnsOf(acts).map(({ responseUs }) => responseUs)).toEqual([null, 2e6]);
  });

  it('leave out calls for choosing the speaker', () => {
    const turns = turnsOf([
      act('turn', 'writer', [1, 3]),
      act('inference', '', [0, 1], { purpose: 'speaker_selection' }),
      act('inference', 'writer', [1, 2]),
    ]);
    expect(shown(turns)).toEqual(['writer 1-3']);
    expect(turns[0]?.inferences).toBe(1);
  });
});

describe('turns that nobody marked', () => {
  it('are runs of calls of one agent', () => {
    const turns = turnsOf([
      act('inference', 'writer', [0, 1]),
      act('tool', 'writer', [1, 2]),
      act('inference', 'writer', [2, 3]),
      act('inference', 'critic', [4, 5]),
      act('inference', 'writer', [6, 7]),
    ]);
    expect(shown(turns)).toEqual(['writer 0-3', 'critic 4-5', 'writer 6-7']);
    expect(turns.map(({ responseUs, inferences, toolSteps }) => [responseUs, inferences, toolSteps])).toEqual([
      [3e6, 2, 1],
      [1e6, 1, 0],
      [1e6, 1, 0],
    ]);
  });

  it('are of nobody where no agent is named at all', () => {
    expect(shown(turnsOf([act('inference', '', [0, 1]), act('inference', '', [2, 3])]))).toEqual([' 0-3']);
  });

  it('are none for calls outside of agents where agents are marked', () => {
    expect(shown(turnsOf([act('turn', 'writer', [0, 5]), act('inference', '', [6, 7])]))).toEqual(['writer 0-5']);
  });
});

describe('turns of any session', () => {
  const anyAct = fc
    .record({
      kind: fc.constantFrom('turn', 'inference', 'tool', 'human_wait', 'run', 'handoff'),
      agent: fc.constantFrom('', 'a', 'b', '__proto__'),
      trace: fc.constantFrom('t1', 't2', ''),
      start: fc.nat({ max: 50 }),
      length: fc.nat({ max: 20 }),
    })
    .map(({ kind, agent, trace, start, length }) => act(kind, agent, [start, start + length], { trace }));

  it('are the same in whatever order they are read, never negative, and spend no more than was spent', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (acts, chances) => {
        const turns = turnsOf(acts);
        const shuffled = acts
          .map((one) => ({ one, at: Number(chances.next().value) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(turnsOf(shuffled)).toEqual(turns);
        for (const turn of turns) {
          expect(turn.endedUs).toBeGreaterThanOrEqual(turn.beganUs);
          expect(turn.responseUs).not.toBeLessThan(0);
        }
        const spent = acts.reduce((sum, { input_tokens }) => sum + input_tokens, 0);
        expect(turns.reduce((sum, { inputTokens }) => sum + inputTokens, 0)).toBeLessThanOrEqual(spent);
      }),
    );
  });
});

/** `planner > writer` */
function changesIn(acts: readonly Act[]): readonly string[] {
  return turnsOf(acts).flatMap(({ speaker, handedBy }) => (handedBy === null ? [] : [`${handedBy} > ${speaker}`]));
}

describe('who handed over', () => {
  it('is whoever spoke before, if it was another agent', () => {
    const acts = [
      act('turn', 'planner', [0, 2]),
      act('turn', 'writer', [3, 5]),
      act('turn', 'writer', [6, 8]),
      act('inference', 'critic', [9, 10]),
      act('turn', 'writer', [11, 12], { trace: 't2' }),
    ];
    expect(changesIn(acts)).toEqual(['planner > writer', 'writer > critic', 'critic > writer']);
  });

  it('is nobody where an agent is asked within the turn of another, as a tool is', () => {
    const acts = [
      act('turn', 'writer', [0, 10]),
      act('turn', 'proofreader', [2, 4]),
      act('inference', 'translator', [5, 6]),
      act('turn', 'critic', [11, 12]),
    ];
    expect(changesIn(acts)).toEqual(['writer > critic']);
  });

  it('is whoever spoke before also where turns are short and follow at once', () => {
    const acts = [
      act('turn', 'planner', [0, 0.01]),
      act('turn', 'writer', [0.01, 0.011]),
      act('turn', 'critic', [0.0105, 0.012]),
    ];
    expect(changesIn(acts)).toEqual(['planner > writer', 'writer > critic']);
  });

  it('is nobody where the clock has a turn end a moment after the one that it is in', () => {
    expect(changesIn([act('turn', 'writer', [0, 10]), act('turn', 'proofreader', [2, 10.001])])).toEqual([]);
  });

  it('is whoever announced it, where agents run within those that hand over to them', () => {
    const acts = [
      act('turn', 'Planner', [0, 30]),
      act('tool', 'Planner', [1, 2], { handoff_to: 'Writer' }),
      act('turn', 'Writer', [3, 20]),
      act('tool', 'Writer', [4, 5], { handoff_to: 'Critic' }),
      act('turn', 'Critic', [6, 10]),
      act('turn', 'Proofreader', [11, 12]),
    ];
    expect(changesIn(acts)).toEqual(['Planner > Writer', 'Writer > Critic']);
  });

  it('is told by Turnmeter’s own spans, and by nothing else of them', () => {
    const told = { profile: 'turnmeter', handoffs: 1 };
    const acts = [
      act('turn', 'planner', [0, 2], { profile: 'turnmeter' }),
      act('turn', 'writer', [3, 9], { ...told, handoff_to: 'writer' }),
      // They speak at the same time: who was first handed nothing over.
      act('turn', 'critic', [4, 12], { profile: 'turnmeter', trace: 't2' }),
      act('turn', 'editor', [13, 14], { ...told, handoff_to: 'editor' }),
    ];
    expect(changesIn(acts)).toEqual(['planner > writer', 'critic > editor']);
  });
});

/** An agent's go from µs to µs. */
function go(
  speaker: string,
  from: number,
  to: number,
  by: { readonly handedBy?: string; readonly inputTokens?: number } = {},
): Turn {
  const counts = { inferences: 1, toolSteps: 0, inputTokens: 0, outputTokens: 0, costNanoUsd: 0 };
  return { speaker, beganUs: from, endedUs: to, responseUs: to - from, ...counts, handedBy: null, ...by };
}

describe('handoffs', () => {
  it('are counted by pair, with the gap between turns and what was carried over', () => {
    // a→b: gaps 5 and 0 (they overlap), tokens 7 + 9; b→a: gap 10, tokens 3.
    expect(
      handoffsOf([
        go('a', 0, 10),
        go('b', 15, 20, { handedBy: 'a', inputTokens: 7 }),
        go('a', 30, 50, { handedBy: 'b', inputTokens: 3 }),
        go('b', 40, 60, { handedBy: 'a', inputTokens: 9 }),
        go('b', 70, 80),
      ]),
    ).toEqual([
      { from: 'a', to: 'b', count: 2, gapUs: 5, inputTokens: 16 },
      { from: 'b', to: 'a', count: 1, gapUs: 10, inputTokens: 3 },
    ]);
  });

  it('are none where nobody handed over', () => {
    expect(handoffsOf([])).toEqual([]);
    expect(handoffsOf([go('a', 0, 1), go('b', 2, 3)])).toEqual([]);
  });
});
