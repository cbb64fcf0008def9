import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRule, AlertState, Reading } from '../../src/alert/alert-rule.ts';
import { messageOf } from '../../src/alert/message.ts';
import { asTold, stepRule, SUBJECTS_MAX } from '../../src/alert/step.ts';

const MINUTE = 60_000;

function rule(changes: Partial<AlertRule> = {}): AlertRule {
  return {
    id: 'alert_1',
    tenant: 'acme',
    name: 'dear sessions',
    what: 'session_cost_usd',
    where: {},
    comparison: 'above',
    threshold: 10,
    windowSeconds: undefined,
    forSeconds: 0,
    repeatSeconds: 3600,
    webhookUrl: 'https://hooks.example/',
    isEnabled: true,
    createdAtMs: 0,
    changedAtMs: 0,
    changedBy: '',
    disabledBecause: '',
    ...changes,
  };
}

function reading(value: number, name = 's1', overSinceMs?: number): Reading {
  return { subject: { kind: 'session', name, workflow: 'research' }, value, overSinceMs };
}

/** A rule over time: what is told at each step. */
class Course {
  readonly #rule: AlertRule;
  #states: ReadonlyMap<string, AlertState> = new Map();
  readonly ids: string[] = [];

  constructor(changes: Partial<AlertRule> = {}) {
    this.#rule = rule(changes);
  }

  at(nowMs: number, readings: readonly Reading[], { isCrash = false } = {}): readonly string[] {
    const { changed, gone, owed } = stepRule({ rule: this.#rule, states: this.#states, readings, nowMs });
    const states = new Map(this.#states);
    for (const state of changed) states.set(state.fingerprint, state);
    for (const fingerprint of gone) states.delete(fingerprint);
    for (const state of owed) {
      this.ids.push(messageOf(this.#rule, state, nowMs).id);
      if (!isCrash) states.set(state.fingerprint, asTold(state, nowMs));
    }
    this.#states = states;
    return owed.map(({ subject, status, resolvedBecause }) =>
      [subject.name, status, ...(resolvedBecause === undefined ? [] : [resolvedBecause])].join(' '),
    );
  }

  get statuses(): readonly string[] {
    return [...this.#states.values()].map(({ subject, status }) => `${subject.name} ${status}`);
  }
}

describe('a rule', () => {
  it('fires beyond its threshold and not at it, and resolves once', () => {
    const course = new Course();
    expect(course.at(0, [reading(10)])).toEqual([]);
    expect(course.at(1000, [reading(10.01)])).toEqual(['s1 firing']);
    expect(course.at(2000, [reading(11)])).toEqual([]);
    expect(course.at(3000, [reading(10)])).toEqual(['s1 resolved condition']);
    expect(course.at(4000, [reading(10)])).toEqual([]);
  });

  it('that is about what is below fires below', () => {
    const course = new Course({ comparison: 'below' });
    expect(course.at(0, [reading(10)])).toEqual([]);
    expect(course.at(1, [reading(9)])).toEqual(['s1 firing']);
  });

  it('with `for` waits as long, begins anew after a pause, and tells nobody of what passed before', () => {
    const course = new Course({ forSeconds: 300 });
    expect(course.at(0, [reading(11)])).toEqual([]);
    expect(course.statuses).toEqual(['s1 pending']);
    expect(course.at(4 * MINUTE, [reading(11)])).toEqual([]);
    expect(course.at(4.5 * MINUTE, [reading(9)])).toEqual([]);
    expect(course.statuses).toEqual([]);
    expect(course.at(5 * MINUTE, [reading(11)])).toEqual([]);
    expect(course.at(10 * MINUTE - 1, [reading(11)])).toEqual([]);
    expect(course.at(10 * MINUTE, [reading(11)])).toEqual(['s1 firing']);
  });

  it('repeats what goes on, not more often than it may', () => {
    const course = new Course();
    expect(course.at(0, [reading(11)])).toEqual(['s1 firing']);
    expect(course.at(59 * MINUTE, [reading(12)])).toEqual([]);
    expect(course.at(60 * MINUTE, [reading(13)])).toEqual(['s1 firing']);
    expect(course.at(61 * MINUTE, [reading(13)])).toEqual([]);
    expect(new Set(course.ids).size).toBe(2);
  });

  it('has a state for each subject', () => {
    const course = new Course();
    expect(course.at(0, [reading(11, 'a'), reading(9, 'b'), reading(12, 'c')])).toEqual(['a firing', 'c firing']);
    expect(course.at(1, [reading(11, 'a'), reading(13, 'b')])).toEqual(['c resolved no_data', 'b firing']);
  });

  it('tells of a session that ended before anybody looked, once, and resolves it', () => {
    const course = new Course();
    expect(course.at(1000, [reading(11, 's1', 900)])).toEqual(['s1 firing']);
    expect(course.at(2000, [reading(11, 's1', 900)])).toEqual(['s1 resolved over']);
    expect(course.at(3000, [reading(11, 's1', 900)])).toEqual([]);
    expect(course.at(4000, [])).toEqual([]);
    // More was booked to it later.
    expect(course.at(5000, [reading(20, 's1', 4500)])).toEqual(['s1 firing']);
  });

  it('tells nothing of sessions that were over before it was written, or that did not last as long as `for`', () => {
    expect(new Course({ changedAtMs: 950 }).at(1000, [reading(11, 's1', 900)])).toEqual([]);
    expect(new Course({ forSeconds: 60 }).at(1000, [reading(11, 's1', 900)])).toEqual([]);
  });

  it('owes the same message, with the same id, until it is put down as told', () => {
    const course = new Course();
    course.at(0, [reading(11)], { isCrash: true });
    course.at(10_000, [reading(12)], { isCrash: true });
    course.at(20_000, [reading(13)]);
    expect(course.at(30_000, [reading(13)])).toEqual([]);
    expect(course.ids.length).toBe(3);
    expect(new Set(course.ids).size).toBe(1);
  });

  it('takes back nothing that nobody heard of', () => {
    const course = new Course();
    course.at(0, [reading(11)], { isCrash: true });
    expect(course.at(1000, [reading(9)])).toEqual([]);
    expect(course.statuses).toEqual([]);
  });

  it('watches the furthest of more subjects than it may have, and those it told of', () => {
    const course = new Course();
    course.at(0, [reading(10.5, 'first')]);
    const many = Array.from({ length: SUBJECTS_MAX + 5 }, (_, at) => reading(11 + at, `s${at}`));
    const told = course.at(1, [reading(10.5, 'first'), ...many]);
    // The one that fires keeps its place; the others are the dearest.
    expect(told.length).toBe(SUBJECTS_MAX - 1);
    expect(told).not.toContain('s5 firing');
    expect(told).toContain(`s${SUBJECTS_MAX + 4} firing`);
  });

  it('never resolves what did not fire, nor fires twice within the interval, whatever is measured', () => {
    const values = fc.array(fc.record({ value: fc.constantFrom(9, 11), isCrash: fc.boolean() }), { maxLength: 60 });
    const wrongOf = (steps: readonly { value: number; isCrash: boolean }[], forSeconds: number): readonly string[] => {
      const course = new Course({ forSeconds, repeatSeconds: 1e6 });
      const wrong: string[] = [];
      let last = 'resolved';
      for (const [at, { value, isCrash }] of steps.entries()) {
        for (const told of course.at(at * 10_000, [reading(value)], { isCrash })) {
          const status = told.split(' ')[1] ?? '';
          // Whether a message that was queued in a crash arrived is not known; once more is better than not.
          if (status === last) wrong.push(`${status} after ${last}`);
          last = isCrash ? 'unknown' : status;
        }
      }
      return wrong;
    };
    const property = fc.property(values, fc.constantFrom(0, 20), (steps, forSeconds) => {
      expect(wrongOf(steps, forSeconds)).toEqual([]);
    });
    expect(() => fc.assert(property)).not.toThrow();
  });
});
