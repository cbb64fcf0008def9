import { checkRule, policyDocument, type PolicyRule, readPolicyDocument } from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules } from '../policy/arbitrary-rules.ts';

describe('a policy document', () => {
  it('is read into a rule; null is the same as missing', () => {
    const json = {
      tenant: 'acme',
      workflow: null,
      usd: { warning: 1, critical: null, stop: 3 },
      expected_usd: 0.8,
      degrade: { models: { 'gpt-5': 'gpt-5-mini' }, output_tokens_max: 800, agents_max: null },
      pause_share: null,
      on_unavailable: 'deny',
    };
    expect(readPolicyDocument(json)).toEqual({
      rule: {
        scope: { tenant: 'acme' },
        policy: {
          usd: { warning: 1, stop: 3 },
          expectedUsd: 0.8,
          degrade: { models: { 'gpt-5': 'gpt-5-mini' }, outputTokensMax: 800 },
          onUnavailable: 'deny',
        },
      },
    });
  });

  it('is refused by the names that it uses itself', () => {
    const json = {
      tenant: 7,
      usd: { warning: 5, stop: 3, stopp: 1 },
      expectedUsd: 3,
      expected_usd: -1,
      degrade: { output_tokens_max: 0.5, models: { toString: 1 } },
      pause_share: 'x',
      on_unpriced: 'maybe',
    };
    const { problems = [] } = readPolicyDocument(json);
    expect(problems.map(({ field }) => field)).toEqual([
      'expectedUsd',
      'usd.stopp',
      'tenant',
      'usd.warning',
      'expected_usd',
      'degrade.models.toString',
      'degrade.output_tokens_max',
      'pause_share',
      'on_unpriced',
    ]);
    expect(problems[0]?.message).toBe('no such field; did you mean "expected_usd"?');
    expect(problems[1]?.message).toBe('no such field; did you mean "stop"?');
  });

  it('of nothing but unknown fields is refused without comparing all of them', () => {
    const json = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`field_${at}`, 1]));
    expect(readPolicyDocument(json).problems).toHaveLength(10);
  });

  it('does not reach prototypes', () => {
    const json: unknown = JSON.parse(
      '{"__proto__": {"usd": {"stop": 1}}, "degrade": {"models": {"__proto__": "tiny"}}}',
    );
    expect(readPolicyDocument(json).problems?.map(({ field }) => field)).toEqual(['__proto__']);
    expect(readPolicyDocument(Object.create({ usd: { stop: 1 } }))).toEqual({ rule: { scope: {}, policy: {} } });
  });

  it('gives a rule or problems for any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('usd', 'degrade', 'tenant'), fc.jsonValue())),
        (json) => {
          const { rule, problems } = readPolicyDocument(json);
          expect(rule === undefined).not.toBe(problems === undefined);
          expect(rule === undefined ? [] : checkRule({ scope: rule.scope, policy: {} })).toEqual([]);
        },
      ),
    );
  });

  it('says what its rule says', () => {
    fc.assert(
      fc.property(rules, (list) => {
        for (const rule of list) {
          const json: unknown = JSON.parse(JSON.stringify(policyDocument(rule)));
          expect(readPolicyDocument(json).rule).toEqual(withoutEmpty(rule));
        }
      }),
    );
  });
});

/** What JSON keeps of a rule. */
function withoutEmpty(rule: PolicyRule): unknown {
  return JSON.parse(JSON.stringify(rule));
}
