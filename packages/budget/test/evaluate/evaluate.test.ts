import {
  actionAt,
  BudgetError,
  evaluate,
  type Evaluation,
  type ExpectedCost,
  Level,
  levelAt,
  NO_EXPECTATION,
  recommendations,
  type Policy,
  type PolicyRule,
  resolvePolicy,
  type Spent,
  stopLimits,
  thresholdsOf,
} from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules, sessionPlace } from '../policy/arbitrary-rules.ts';

const PLACE = { tenant: 'acme', workflow: 'blog-post' };
const LEVELS: readonly string[] = Object.values(Level);
const ACTIONS = ['none', 'notify', 'degrade', 'pause', 'stop'];

function expectedOf(nanoUsd: number): ExpectedCost {
  return { nanoUsd, n: 30, confidence: 'good', source: 'workflow' };
}

function at(policy: Policy, spend: Partial<Spent>, expected: ExpectedCost = NO_EXPECTATION): Evaluation {
  const resolved = resolvePolicy([{ scope: { tenant: 'acme' }, policy }], PLACE);
  return evaluate({ policy: resolved, spend: { nanoUsd: 0, tokens: 0, ...spend }, expected });
}

describe('a session', () => {
  // 75 %, 90 % and 150 % of 1 USD, to the nano-dollar.
  it.each([
    [0, 'ok', 'within_limits', 'none'],
    [749_999_999, 'ok', 'within_limits', 'none'],
    [750_000_000, 'warning', 'approaching_limit', 'notify'],
    [899_999_999, 'warning', 'approaching_limit', 'notify'],
    [900_000_000, 'critical', 'approaching_limit', 'notify'],
    [1_499_999_999, 'critical', 'approaching_limit', 'notify'],
    [1_500_000_000, 'stop', 'exceeded_limit', 'stop'],
  ])('that has spent %d of 1,000,000,000 expected is %s, %s: %s', (nanoUsd, level, status, action) => {
    expect(at({}, { nanoUsd }, expectedOf(1e9))).toMatchObject({ level, status, action, fraction: nanoUsd / 1e9 });
  });

  it('is compared without the noise of floating point', () => {
    // 0.07 × 100 is 7.000000000000001 in doubles, 1.1 × 1.1e15 is off by a digit.
    expect(at({ shares: { warning: 0.07 } }, { nanoUsd: 7 }, expectedOf(100)).level).toBe('warning');
    expect(at({ shares: { warning: 0.07 } }, { nanoUsd: 6 }, expectedOf(100)).level).toBe('ok');
    const policy = { shares: { warning: 0.1, critical: 0.2, stop: 1.1 } };
    expect(at(policy, { nanoUsd: 1_210_000_000_000_000 }, expectedOf(1_100_000_000_000_000)).level).toBe('stop');
    expect(at(policy, { nanoUsd: 1_209_999_999_999_999 }, expectedOf(1_100_000_000_000_000)).level).toBe('critical');
    // Three quarters of 3 are 2.25: reached by 3, not by 2.
    expect(at({}, { nanoUsd: 2 }, expectedOf(3)).level).toBe('ok');
    expect(at({}, { nanoUsd: 3 }, expectedOf(3)).level).toBe('critical');
    expect(at({}, { nanoUsd: 4 }, expectedOf(3)).level).toBe('critical');
    expect(at({}, { nanoUsd: 5 }, expectedOf(3)).level).toBe('stop');
    expect(at({ shares: { warning: 1e-7 } }, { nanoUsd: 99 }, expectedOf(1e9)).level).toBe('ok');
    expect(at({ shares: { warning: 1e-7 } }, { nanoUsd: 100 }, expectedOf(1e9)).level).toBe('warning');
  });

  it('is bound by absolute limits beside the shares, whichever comes first', () => {
    const policy: Policy = { usd: { warning: 0.1 + 0.2, stop: 1 }, tokens: { critical: 500, stop: 600 } };
    expect(at(policy, { nanoUsd: 300_000_000 }, expectedOf(1e9))).toMatchObject({
      level: 'warning',
      bindingLimit: { name: 'usd.warning', amount: 300_000_000, from: { tenant: 'acme' } },
    });
    expect(at(policy, { nanoUsd: 1, tokens: 500 }, expectedOf(1e9))).toMatchObject({
      level: 'critical',
      status: 'approaching_limit',
      bindingLimit: { name: 'tokens.critical', unit: 'tokens', value: 500, spent: 500, used: 1 },
    });
    expect(at(policy, { tokens: 600 }, expectedOf(1e9)).status).toBe('exceeded_limit');
    expect(at(policy, { nanoUsd: 1e9 }, expectedOf(1e9))).toMatchObject({
      level: 'stop',
      bindingLimit: { name: 'usd.stop' },
    });
  });

  it('without a baseline is bound by the absolute limits alone', () => {
    expect(at({ usd: { stop: 2 } }, { nanoUsd: 1.9e9 })).toMatchObject({
      level: 'ok',
      fraction: undefined,
      isUnlimited: false,
      bindingLimit: { name: 'usd.stop', used: 0.95 },
    });
    expect(at({ usd: { stop: 2 } }, { nanoUsd: 2e9 }).level).toBe('stop');
  });

  it('without a baseline and without a stop is said to be unlimited', () => {
    expect(at({}, { nanoUsd: 1e15 })).toMatchObject({ level: 'ok', isUnlimited: true, bindingLimit: undefined });
    expect(at({ usd: { warning: 1, critical: 2 } }, { nanoUsd: 3e9 })).toMatchObject({
      level: 'critical',
      isUnlimited: true,
    });
    const declared = { ...NO_EXPECTATION, nanoUsd: 1e9, source: 'declared' } as const;
    expect(at({ expectedUsd: 1 }, {}, declared).isUnlimited).toBe(false);
  });

  it('is warned, and neither stopped nor paused, by what one or two others cost, unless somebody declared it', () => {
    const spend = { nanoUsd: 2e9 };
    const of = (n: number, source: ExpectedCost['source'] = 'workflow'): ExpectedCost => ({
      ...{ nanoUsd: 1e9, n, confidence: 'low', source },
    });
    for (const n of [1, 2]) {
      const evaluation = at({ pauseShare: 1 }, spend, of(n));
      expect(evaluation).toMatchObject({
        ...{ status: 'exceeded_limit', level: 'stop', action: 'notify', isUnlimited: true, isHeldBack: true },
        bindingLimit: { name: 'shares.stop', isEnforced: false },
      });
      const texts = recommendations(evaluation).map(({ text }) => text);
      expect(texts[0]).toMatch(/^Look at the session now/);
      expect(texts[1]).toContain(`${n === 1 ? '1 finished session is' : '2 finished sessions are'} too few to stop`);
      expect(stopLimits(thresholdsOf(resolvePolicy([], PLACE), of(n))).nanoUsd).toBeUndefined();
      expect(at({}, spend, of(n, 'sessions_and_declared')).action).toBe('stop');
    }
    expect(at({}, spend, of(3))).toMatchObject({ action: 'stop', isUnlimited: false, isHeldBack: false });
    expect(at({ degrade: { agentsMax: 2 } }, spend, of(1)).action).toBe('degrade');
    // Limits that somebody wrote hold by themselves.
    expect(at({ usd: { stop: 1.8 } }, spend, of(1))).toMatchObject({ action: 'stop', isUnlimited: false });
    expect(at({ tokens: { stop: 5 } }, { ...spend, tokens: 5 }, of(1)).action).toBe('stop');
  });

  it('is degraded from where the policy says, and only where it says how', () => {
    const models = { big: 'small' };
    expect(at({ degrade: { models } }, { nanoUsd: 8e8 }, expectedOf(1e9)).action).toBe('notify');
    expect(at({ degrade: { models } }, { nanoUsd: 9e8 }, expectedOf(1e9)).action).toBe('degrade');
    expect(at({ degrade: { at: 'warning', agentsMax: 2 } }, { nanoUsd: 8e8 }, expectedOf(1e9)).action).toBe('degrade');
    expect(at({ degrade: { at: 'warning' } }, { nanoUsd: 8e8 }, expectedOf(1e9)).action).toBe('notify');
  });

  it('is paused from where the policy says, until it is stopped', () => {
    const policy: Policy = { pauseShare: 1.2, degrade: { models: { big: 'small' } } };
    expect(at(policy, { nanoUsd: 1_199_999_999 }, expectedOf(1e9)).action).toBe('degrade');
    expect(at(policy, { nanoUsd: 1_200_000_000 }, expectedOf(1e9))).toMatchObject({
      action: 'pause',
      level: 'critical',
      bindingLimit: { name: 'pauseShare', value: 1.2 },
    });
    expect(at(policy, { nanoUsd: 1_500_000_000 }, expectedOf(1e9))).toMatchObject({
      action: 'stop',
      bindingLimit: { name: 'shares.stop' },
    });
    // Before any warning, if somebody wants that.
    expect(at({ pauseShare: 0.1 }, { nanoUsd: 1e8 }, expectedOf(1e9))).toMatchObject({ level: 'ok', action: 'pause' });
  });

  it('has the level of its worst part', () => {
    const list: readonly PolicyRule[] = [
      { scope: { agent: 'writer' }, policy: { usd: { stop: 0.2 } } },
      { scope: { model: 'big' }, policy: { shares: { warning: 0.5 } } },
      { scope: { agent: 'editor' }, policy: { expectedUsd: 0.1, shares: { stop: 2 } } },
    ];
    const partsAt = (writer: number, big: number, editor: number): Evaluation =>
      evaluate({
        policy: resolvePolicy(list, PLACE),
        spend: { nanoUsd: 6e8, tokens: 0 },
        expected: expectedOf(1e9),
        parts: [
          { policy: resolvePolicy(list, { ...PLACE, agent: 'writer' }), spend: { nanoUsd: writer, tokens: 0 } },
          { policy: resolvePolicy(list, { ...PLACE, model: 'big' }), spend: { nanoUsd: big, tokens: 0 } },
          { policy: resolvePolicy(list, { ...PLACE, agent: 'editor' }), spend: { nanoUsd: editor, tokens: 0 } },
        ],
      });
    expect(partsAt(1e8, 4e8, 1e8).level).toBe('ok');
    expect(partsAt(1e8, 5e8, 1e8)).toMatchObject({
      level: 'warning',
      bindingLimit: { name: 'shares.warning', scope: { model: 'big' } },
    });
    expect(partsAt(2e8, 5e8, 1e8)).toMatchObject({
      level: 'stop',
      status: 'exceeded_limit',
      bindingLimit: { name: 'usd.stop', scope: { agent: 'writer' }, from: { agent: 'writer' } },
    });
    // Twice of what the policy expects of the editor.
    expect(partsAt(1e8, 4e8, 2e8)).toMatchObject({ level: 'stop', bindingLimit: { scope: { agent: 'editor' } } });
  });

  it('is told at which level it will end', () => {
    const policy = resolvePolicy([], PLACE);
    const projected = { lowNanoUsd: 5e8, midNanoUsd: 1.6e9, highNanoUsd: 3e9 };
    const spend = { nanoUsd: 5e8, tokens: 0 };
    const evaluation = evaluate({ policy, spend, projected, expected: expectedOf(1e9) });
    expect(evaluation).toMatchObject({ level: 'ok', projectedLevel: 'stop', projected });
  });

  it.each([Number.NaN, -1, 0.5, Infinity, 2 ** 53])('is refused with %s spent', (nanoUsd) => {
    expect(() => at({}, { nanoUsd })).toThrow(BudgetError);
    expect(() => at({}, { tokens: nanoUsd })).toThrow('expected tokens as a whole number');
  });

  it('stops in the hot path where what was spent is no number', () => {
    const thresholds = thresholdsOf(resolvePolicy([], PLACE), NO_EXPECTATION);
    expect(levelAt(thresholds, Number.NaN, 0)).toBe('stop');
    expect(levelAt(thresholds, 0, Number.NaN)).toBe('stop');
  });
});

describe('any policy', () => {
  const spent = fc.integer({ min: 0, max: 2e13 });
  const tokens = fc.integer({ min: 0, max: 2e7 });
  const expected = fc
    .option(fc.integer({ min: 1, max: 1e12 }), { nil: undefined })
    .map((nanoUsd) => ({ ...NO_EXPECTATION, nanoUsd }));

  it('never lets more spending be a lower level or a weaker action', () => {
    fc.assert(
      fc.property(
        rules,
        sessionPlace,
        expected,
        spent,
        tokens,
        spent,
        tokens,
        (list, place, known, a, b, more, moreTokens) => {
          const policy = resolvePolicy(list, place);
          const before = evaluate({ policy, spend: { nanoUsd: a, tokens: b }, expected: known });
          const after = evaluate({ policy, spend: { nanoUsd: a + more, tokens: b + moreTokens }, expected: known });
          expect(LEVELS.indexOf(after.level)).toBeGreaterThanOrEqual(LEVELS.indexOf(before.level));
          expect(ACTIONS.indexOf(after.action)).toBeGreaterThanOrEqual(ACTIONS.indexOf(before.action));
        },
      ),
    );
  });

  it('never calls a session ok that has come to a stop', () => {
    fc.assert(
      fc.property(rules, sessionPlace, expected, (list, place, known) => {
        const policy = resolvePolicy(list, place);
        const stops = stopLimits(thresholdsOf(policy, known));
        for (const stop of [stops.nanoUsd, stops.tokens]) {
          if (stop === undefined) continue;
          const evaluation = evaluate({
            policy,
            spend: { nanoUsd: 0, tokens: 0, [stop.unit]: stop.amount },
            expected: known,
          });
          expect(evaluation).toMatchObject({ level: 'stop', action: 'stop', isUnlimited: false });
          expect(evaluation.bindingLimit?.used).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });

  it('says the same by thresholds made once', () => {
    fc.assert(
      fc.property(rules, sessionPlace, expected, spent, tokens, (list, place, known, nanoUsd, count) => {
        const policy = resolvePolicy(list, place);
        const thresholds = thresholdsOf(policy, known);
        const evaluation = evaluate({ policy, spend: { nanoUsd, tokens: count }, expected: known });
        const level = levelAt(thresholds, nanoUsd, count);
        expect(level).toBe(evaluation.level);
        expect(actionAt(thresholds, level, { nanoUsd, tokens: count })).toBe(evaluation.action);
      }),
    );
  });

  it('names a limit of the level that it gives', () => {
    fc.assert(
      fc.property(rules, sessionPlace, expected, spent, tokens, (list, place, known, nanoUsd, count) => {
        const policy = resolvePolicy(list, place);
        const { level, bindingLimit } = evaluate({ policy, spend: { nanoUsd, tokens: count }, expected: known });
        const isReached = (bindingLimit?.used ?? 0) >= 1;
        expect(level !== 'ok').toBe(isReached);
        expect(isReached ? bindingLimit?.level : 'ok').toBe(level);
      }),
    );
  });
});
