import { checkPolicy, checkRule, type Policy } from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';

function fieldsOf(policy: unknown): readonly string[] {
  return checkPolicy(policy as Policy).map(({ field }) => field);
}

describe('a policy', () => {
  it('may leave everything out', () => {
    expect(checkPolicy({})).toEqual([]);
  });

  it('may say everything', () => {
    const policy: Policy = {
      shares: { warning: 0.5, critical: 0.8, stop: 2 },
      usd: { warning: 1, critical: 2, stop: 2 },
      tokens: { stop: 1_000_000 },
      expectedUsd: 0.4,
      degrade: { at: 'warning', models: { 'gpt-5': 'gpt-5-mini' }, outputTokensMax: 500, agentsMax: 3 },
      pauseShare: 1.2,
      onUnavailable: 'deny',
      onUnpriced: 'refuse',
    };
    expect(checkPolicy(policy)).toEqual([]);
  });

  it.each([Number.NaN, Infinity, -Infinity, -1, 0, -0, '1', null, {}, 10_000_000, 1e-10])(
    'is refused by field name with %s US dollars',
    (value) => {
      expect(fieldsOf({ usd: { warning: value } })).toEqual(['usd.warning']);
      expect(fieldsOf({ usd: { stop: value } })).toEqual(['usd.stop']);
      expect(fieldsOf({ expectedUsd: value })).toEqual(['expectedUsd']);
    },
  );

  it.each([Number.NaN, Infinity, -0.5, 0, 75, '0.75', true])('is refused by field name with a share of %s', (value) => {
    expect(fieldsOf({ shares: { critical: value } })).toEqual(['shares.critical']);
    expect(fieldsOf({ pauseShare: value })).toEqual(['pauseShare']);
  });

  it.each([Number.NaN, 0, -5, 1.5, 2 ** 53])('is refused by field name with %s tokens', (value) => {
    expect(fieldsOf({ tokens: { stop: value } })).toEqual(['tokens.stop']);
    expect(fieldsOf({ degrade: { outputTokensMax: value } })).toEqual(['degrade.outputTokensMax']);
    expect(fieldsOf({ degrade: { agentsMax: value } })).toEqual(['degrade.agentsMax']);
  });

  it('is refused with amounts that do not ascend, also where one in between is left out', () => {
    expect(fieldsOf({ usd: { warning: 3, critical: 2, stop: 5 } })).toEqual(['usd.warning']);
    expect(fieldsOf({ shares: { warning: 2, stop: 1.5 } })).toEqual(['shares.warning']);
    expect(fieldsOf({ tokens: { critical: 10, stop: 9 } })).toEqual(['tokens.critical']);
    expect(checkPolicy({ usd: { warning: 3, stop: 2 } })[0]?.message).toBe(
      'expected at most usd.stop, which is 2, received 3',
    );
  });

  it('is refused with a pause above the stop', () => {
    expect(fieldsOf({ shares: { stop: 1.5 }, pauseShare: 1.6 })).toEqual(['pauseShare']);
    expect(fieldsOf({ shares: { stop: 1.5 }, pauseShare: 1.5 })).toEqual([]);
  });

  it.each([[['a']], 'gpt-5', { 'gpt-5': 5 }, { 'gpt-5': '' }, { 'gpt-5': 'gpt-5' }, { '': 'gpt-5' }, { a: null }])(
    'is refused with %j for models',
    (models) => {
      expect(fieldsOf({ degrade: { models } })).toEqual([expect.stringMatching(/^degrade\.models/)]);
    },
  );

  it('is refused with models that are asked instead of one another, however many are between', () => {
    const ring = { z: 'a', a: 'b', b: 'c', c: 'a', other: 'mini' };
    expect(checkPolicy({ degrade: { models: ring } })).toEqual([
      {
        field: 'degrade.models.a',
        message: 'expected models that never lead back to "a", received "a" -> "b" -> "c" -> "a"',
      },
    ]);
    expect(fieldsOf({ degrade: { models: { a: 'b', b: 'a' } } })).toEqual(['degrade.models.a']);
    const long = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`m${at}`, `m${(at + 1) % 1000}`]));
    expect(checkPolicy({ degrade: { models: long } })[0]?.message).toMatch(/"m4" -> \.\.\. -> "m0"$/);
    // From a dear one over a cheaper one to the cheapest is none.
    expect(checkPolicy({ degrade: { models: { dear: 'cheap', cheap: 'cheapest', other: 'cheapest' } } })).toEqual([]);
  });

  it.each(['a\u0000b', 'a\nb', '\u009f', '\ud800'])('is refused with the name %j', (name) => {
    expect(fieldsOf({ degrade: { models: { 'gpt-5': name } } })).toEqual(['degrade.models.gpt-5']);
    for (const field of ['tenant', 'workflow', 'agent', 'model'] as const)
      expect(checkRule({ scope: { [field]: name }, policy: {} }).map((problem) => problem.field)).toEqual([field]);
    expect(checkRule({ scope: { workflow: 'Wörter 写作' }, policy: {} })).toEqual([]);
  });

  it('is refused with unknown fields, and says which was probably meant', () => {
    expect(checkPolicy({ usd: { warn: 1 }, expectedUSDD: 1, degrade: { model: {} }, zebra: 1 } as Policy)).toEqual([
      { field: 'expectedUSDD', message: 'no such field; did you mean "expectedUsd"?' },
      { field: 'zebra', message: expect.stringMatching(/^no such field; expected one of shares, usd, tokens/) },
      { field: 'usd.warn', message: expect.stringMatching(/^no such field/) },
      { field: 'degrade.model', message: 'no such field; did you mean "models"?' },
    ]);
  });

  it.each([null, undefined, 3, 'policy', []])('is not %j', (value) => {
    expect(fieldsOf(value)).toEqual(['']);
  });

  it('is refused with words that mean nothing', () => {
    expect(fieldsOf({ onUnavailable: 'open', onUnpriced: 'ignore', degrade: { at: 'stop' } })).toEqual([
      'degrade.at',
      'onUnavailable',
      'onUnpriced',
    ]);
  });
});
