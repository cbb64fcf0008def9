import { checkRule, type PolicyRule } from '@turnmeter/budget';
import { describe, expect, it } from 'vitest';

const TENANT: PolicyRule = { scope: { tenant: 'acme' }, policy: { usd: { stop: 2 } } };

describe('a rule', () => {
  it('is refused with a scope that names nothing or something unknown', () => {
    const scope = { tenant: ' ', workflow: 5, user: 'ada' } as unknown as PolicyRule['scope'];
    expect(checkRule({ scope, policy: {} }).map(({ field }) => field)).toEqual(['user', 'tenant', 'workflow']);
  });

  it('is refused where its warning lies above the stop of a wider one', () => {
    const rule: PolicyRule = { scope: { workflow: 'blog-post' }, policy: { usd: { warning: 3 } } };
    const wider: PolicyRule = { scope: {}, policy: { usd: { stop: 2 } } };
    expect(checkRule(rule, [wider])).toEqual([
      {
        field: 'usd.warning',
        message:
          'expected at most usd.stop, which is 2 of the policy for all sessions, received 3 of the policy for workflow blog-post',
      },
    ]);
  });

  it('is refused where its stop lies below the warning of a narrower one', () => {
    const narrower: PolicyRule = { scope: { tenant: 'acme', workflow: 'blog-post' }, policy: { usd: { warning: 3 } } };
    expect(checkRule(TENANT, [narrower]).map(({ field }) => field)).toEqual(['usd.warning']);
  });

  it('is refused where its amounts lie above those of the defaults', () => {
    const rule: PolicyRule = { scope: {}, policy: { shares: { warning: 1.6 }, pauseShare: 1.7 } };
    expect(checkRule(rule)).toEqual([
      {
        field: 'shares.warning',
        message:
          'expected at most shares.critical, which is 0.9 by default, received 1.6 of the policy for all sessions',
      },
      {
        field: 'pauseShare',
        message: 'expected at most shares.stop, which is 1.5 by default, received 1.7 of the policy for all sessions',
      },
    ]);
  });

  it('may stop below the default warnings', () => {
    expect(checkRule({ scope: {}, policy: { shares: { stop: 0.5 } } })).toEqual([]);
  });

  it('takes the place of the one with its scope', () => {
    const rule: PolicyRule = { scope: { tenant: 'acme' }, policy: { usd: { warning: 3 } } };
    expect(checkRule(rule, [TENANT])).toEqual([]);
  });

  it('does not answer for others that contradict each other', () => {
    const narrower: PolicyRule = { scope: { tenant: 'acme', workflow: 'blog-post' }, policy: { usd: { warning: 3 } } };
    const rule: PolicyRule = { scope: {}, policy: { tokens: { stop: 10 } } };
    expect(checkRule(rule, [TENANT, narrower])).toEqual([]);
  });

  it('is refused where it asks a model instead of which a wider one asks the first again', () => {
    const wider: PolicyRule = { scope: {}, policy: { degrade: { models: { big: 'small' } } } };
    const rule: PolicyRule = { scope: { workflow: 'w' }, policy: { degrade: { models: { small: 'big' } } } };
    expect(checkRule(rule, [wider]).map(({ field }) => field)).toEqual(['degrade.models.big']);
    const instead: PolicyRule = { scope: { workflow: 'w' }, policy: { degrade: { models: { big: 'tiny' } } } };
    expect(checkRule(instead, [wider])).toEqual([]);
  });
});
