import { describe, expect, it } from 'vitest';
import type { Act } from '../../src/query/acts.ts';
import { Facet, type Line, linesOf } from '../../src/query/lines.ts';
import { costStatusOf, sessionFigures } from '../../src/query/session-figures.ts';
import { NO_SUMS } from '../../src/query/sums.ts';

const OF = { tenant: 'acme', sessionId: 's', workflow: 'least' };
const BOUNDS = { firstUs: 1, lastUs: 9, bookedUs: 99 };

function act(kind: string, [from, to]: readonly [number, number], others: Partial<Act> = {}): Act {
  return {
    session_id: 's',
    trace: 't',
    record_id: `${kind}${from}`,
    kind,
    signal: 'span',
    agent: 'a',
    handoff_to: '',
    profile: 'generic',
    handoffs: 0,
    purpose: '',
    workflow: 'w',
    workflow_version: '',
    service: 'app',
    user_id: '',
    start_us: from,
    end_us: to,
    response_us: 0,
    is_untimed: 0,
    inferences: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_nano_usd: 0,
    ...others,
  };
}

function linesWith(...statuses: readonly string[]): readonly Line[] {
  return statuses.map((name) => ({ facet: Facet.COST_STATUS, name, detail: '', sums: NO_SUMS }));
}

describe('times of a session', () => {
  it('reach from the first begin to the last end, with what people took left out of the active time', () => {
    // Something ran 0-10, 20-30 and 40-45; a person was waited for 20-28, in the middle of a span.
    const acts = [
      act('run', [0, 100]),
      act('turn', [0, 10]),
      act('turn', [20, 30]),
      act('human_wait', [20, 28]),
      act('tool', [40, 45]),
    ];
    expect(sessionFigures(OF, linesOf([]), acts, BOUNDS)).toMatchObject({ beganUs: 0, endedUs: 100, activeUs: 17 });
  });

  it('do not begin with the process of a metric', () => {
    const acts = [act('usage', [0, 50], { signal: 'metric' }), act('turn', [40, 60])];
    expect(sessionFigures(OF, linesOf([]), acts, BOUNDS)).toMatchObject({ beganUs: 40, endedUs: 60, activeUs: 20 });
  });

  it('are bounds where there are more records than are looked at', () => {
    expect(sessionFigures(OF, linesOf([]), undefined, BOUNDS)).toMatchObject({
      beganUs: 1,
      endedUs: 9,
      bookedUs: 99,
      turns: [],
      isTruncated: true,
    });
  });
});

describe('names of a session', () => {
  it('are those of its outermost record that has one', () => {
    const acts = [
      act('turn', [5, 6], { workflow: 'inner', user_id: 'late' }),
      act('run', [0, 9], { workflow: 'outer' }),
    ];
    expect(sessionFigures(OF, linesOf([]), acts, BOUNDS)).toMatchObject({ workflow: 'outer', userId: 'late' });
  });

  it('are, of its workflow’s versions, the one that it ended with', () => {
    const acts = [
      act('run', [0, 100], { workflow_version: '' }),
      act('turn', [0, 10], { workflow_version: '7' }),
      act('turn', [20, 30], { workflow_version: '8' }),
      act('turn', [5, 15], { workflow_version: '6' }),
      // Of another workflow in the same session.
      act('turn', [40, 50], { workflow: 'x', workflow_version: '99' }),
    ];
    expect(sessionFigures(OF, linesOf([]), acts, BOUNDS)).toMatchObject({ workflow: 'w', workflowVersion: '8' });
    expect(sessionFigures(OF, linesOf([]), [act('turn', [0, 1])], BOUNDS)).toMatchObject({ workflowVersion: '' });
  });

  it('rather are a workflow that was named than one called after its service', () => {
    const acts = [act('run', [0, 9], { workflow: 'app', service: 'app' }), act('turn', [5, 6], { workflow: 'named' })];
    expect(sessionFigures(OF, linesOf([]), acts, BOUNDS).workflow).toBe('named');
    const unnamed = [act('run', [0, 9], { workflow: 'app', service: 'app' })];
    expect(sessionFigures(OF, linesOf([]), unnamed, BOUNDS).workflow).toBe('app');
  });
});

describe('the status of a cost', () => {
  it('is that of its weakest part; what has a price besides what has none is a lower bound', () => {
    expect(costStatusOf(linesWith())).toBe('exact');
    expect(costStatusOf(linesWith('exact'))).toBe('exact');
    expect(costStatusOf(linesWith('exact', 'estimated'))).toBe('estimated');
    expect(costStatusOf(linesWith('estimated', 'partial', 'exact'))).toBe('partial');
    expect(costStatusOf(linesWith('unpriced', 'exact'))).toBe('partial');
    expect(costStatusOf(linesWith('unpriced'))).toBe('unpriced');
  });
});
