import { type Policy, type PolicyRule, resolvePolicy, specificityOf } from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules, sessionPlace } from './arbitrary-rules.ts';

const PLACE = { tenant: 'acme', workflow: 'blog-post' };

describe('what holds for a session', () => {
  it('is the default where nobody says anything, and no amount of money or tokens', () => {
    const { shares, usd, tokens, expectedUsd, pauseShare, degrade, onUnavailable, onUnpriced } = resolvePolicy(
      [],
      PLACE,
    );
    expect(shares).toEqual({
      warning: { value: 0.75, from: 'default' },
      critical: { value: 0.9, from: 'default' },
      stop: { value: 1.5, from: 'default' },
    });
    expect([usd.stop, tokens.stop, expectedUsd, pauseShare, degrade.agentsMax]).toEqual(Array(5).fill(undefined));
    expect(degrade.at).toEqual({ value: 'critical', from: 'default' });
    expect(onUnavailable.value).toBe('last-known');
    expect(onUnpriced.value).toBe('dearest');
  });

  it('is the narrowest policy’s, field by field, and says whose', () => {
    const everywhere = { scope: {}, policy: { usd: { warning: 1, stop: 9 }, tokens: { stop: 500 } } };
    const tenant = { scope: { tenant: 'acme' }, policy: { usd: { stop: 8 }, onUnavailable: 'deny' as const } };
    const workflow = { scope: { workflow: 'blog-post' }, policy: { usd: { stop: 7, critical: 5 } } };
    const both = { scope: PLACE, policy: { expectedUsd: 2 } };
    const other = { scope: { workflow: 'other' }, policy: { usd: { stop: 1 } } };
    const { usd, tokens, expectedUsd, onUnavailable } = resolvePolicy(
      [both, other, tenant, everywhere, workflow],
      PLACE,
    );
    expect(usd).toEqual({
      warning: { value: 1, from: {} },
      critical: { value: 5, from: { workflow: 'blog-post' } },
      stop: { value: 7, from: { workflow: 'blog-post' } },
    });
    expect(tokens.stop).toEqual({ value: 500, from: {} });
    expect(expectedUsd).toEqual({ value: 2, from: PLACE });
    expect(onUnavailable).toEqual({ value: 'deny', from: { tenant: 'acme' } });
  });

  it('keeps the lower stop where another policy warns above it, and says so', () => {
    const { usd } = resolvePolicy(
      [
        { scope: { tenant: 'acme' }, policy: { usd: { stop: 2 } } },
        { scope: PLACE, policy: { usd: { warning: 5, critical: 7 } } },
      ],
      PLACE,
    );
    expect(usd).toEqual({
      warning: { value: 2, from: PLACE, loweredBy: 'usd.stop', written: 5 },
      critical: { value: 2, from: PLACE, loweredBy: 'usd.stop', written: 7 },
      stop: { value: 2, from: { tenant: 'acme' } },
    });
  });

  it('merges models entry by entry', () => {
    const { degrade } = resolvePolicy(
      [
        { scope: {}, policy: { degrade: { models: { big: 'small', large: 'small' } } } },
        { scope: PLACE, policy: { degrade: { models: { big: 'medium' }, outputTokensMax: 300 } } },
      ],
      PLACE,
    );
    expect([...degrade.models].map(([asked, { value, from }]) => [asked, value, from])).toEqual([
      ['big', 'medium', PLACE],
      ['large', 'small', {}],
    ]);
    expect(degrade.models.get('constructor')).toBeUndefined();
    const odd = resolvePolicy(
      [
        { scope: {}, policy: { degrade: { models: { constructor: 'tiny' } } } },
        { scope: PLACE, policy: { degrade: { models: { big: 'small' } } } },
      ],
      PLACE,
    );
    expect(odd.degrade.models.get('constructor')).toEqual({ value: 'tiny', from: {} });
    expect(degrade.outputTokensMax).toEqual({ value: 300, from: PLACE });
  });
});

describe('what holds for an agent’s part of a session', () => {
  const all: readonly PolicyRule[] = [
    { scope: {}, policy: { usd: { stop: 9 }, onUnpriced: 'warn', degrade: { models: { big: 'small' } } } },
    { scope: { agent: 'writer' }, policy: { usd: { stop: 1 } } },
    { scope: { model: 'big' }, policy: { usd: { stop: 2 }, degrade: { models: { big: 'tiny' } } } },
    { scope: { agent: 'writer', model: 'big' }, policy: { tokens: { stop: 100 } } },
  ];

  it('is not what holds for the session', () => {
    expect(resolvePolicy(all, PLACE).usd.stop?.value).toBe(9);
    expect(resolvePolicy(all, { ...PLACE, agent: 'writer' }).usd.stop?.value).toBe(1);
    expect(resolvePolicy(all, { ...PLACE, agent: 'editor' }).usd.stop).toBeUndefined();
    expect(resolvePolicy(all, { ...PLACE, agent: 'editor' }).shares.stop).toBeUndefined();
  });

  it('is told apart from a model’s part, and from both', () => {
    expect(resolvePolicy(all, { ...PLACE, model: 'big' }).usd.stop?.value).toBe(2);
    const both = resolvePolicy(all, { ...PLACE, agent: 'writer', model: 'big' });
    expect(both.usd.stop).toBeUndefined();
    expect(both.tokens.stop?.value).toBe(100);
  });

  it('is done as the narrowest of all says', () => {
    const part = resolvePolicy(all, { ...PLACE, agent: 'writer', model: 'big' });
    expect(part.onUnpriced.value).toBe('warn');
    expect(part.degrade.models.get('big')?.value).toBe('tiny');
  });
});

describe('the order of scopes', () => {
  it('is total: no two of them are equally narrow, and each name weighs more than those before it', () => {
    const scopes = [{}, { tenant: 'acme' }].flatMap((scope) =>
      [scope, { ...scope, workflow: 'blog-post' }].flatMap((wider) =>
        [wider, { ...wider, agent: 'writer' }].flatMap((part) => [part, { ...part, model: 'big' }]),
      ),
    );
    expect(new Set(scopes.map(specificityOf)).size).toBe(16);
    const ascending = [{}, { tenant: 'acme' }, { workflow: 'blog-post' }, PLACE, { agent: 'writer' }, { model: 'big' }];
    const ranks = ascending.map(specificityOf);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const stops = [{ tenant: 'acme' }, { workflow: 'blog-post' }].map((scope, at) => ({
      scope,
      policy: { usd: { stop: at + 1 } },
    }));
    expect(resolvePolicy(stops, PLACE).usd.stop).toEqual({ value: 2, from: { workflow: 'blog-post' } });
  });
});

describe('merging', () => {
  it('does not depend on the order of policies', () => {
    fc.assert(
      fc.property(rules, fc.infiniteStream(fc.nat()), sessionPlace, (list, keys, place) => {
        const shuffled = list
          .map((rule) => ({ rule, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ rule }) => rule);
        expect(resolvePolicy(shuffled, place)).toEqual(resolvePolicy(list, place));
      }),
    );
  });

  it('ends in amounts that ascend, none above what its policy says', () => {
    fc.assert(
      fc.property(rules, sessionPlace, (list, place) => {
        const resolved = resolvePolicy(list, place);
        for (const { warning, critical, stop } of [resolved.shares, resolved.usd, resolved.tokens]) {
          const values = [warning, critical, stop].flatMap((amount) => (amount === undefined ? [] : [amount.value]));
          expect(values).toEqual(values.toSorted((a, b) => a - b));
          for (const amount of [warning, critical, stop]) {
            expect(amount?.value ?? 0).toBeLessThanOrEqual(amount?.written ?? amount?.value ?? 0);
          }
        }
        expect(resolved.pauseShare?.value ?? 0).toBeLessThanOrEqual(resolved.shares.stop?.value ?? 0);
      }),
    );
  });

  it('takes the stop of the narrowest policy that has one, whatever others say', () => {
    fc.assert(
      fc.property(rules, sessionPlace, (list, place) => {
        const holding = list.filter(
          ({ scope, policy }) =>
            policy.usd?.stop !== undefined &&
            scope.agent === undefined &&
            scope.model === undefined &&
            [undefined, place.tenant].includes(scope.tenant) &&
            [undefined, place.workflow].includes(scope.workflow),
        );
        const rank = Math.max(...holding.map(({ scope }) => specificityOf(scope)));
        const stops = holding
          .filter(({ scope }) => specificityOf(scope) === rank)
          .map(({ policy }: { readonly policy: Policy }) => policy.usd?.stop ?? 0);
        const expected = stops.length === 0 ? undefined : Math.min(...stops);
        expect(resolvePolicy(list, place).usd.stop?.value).toBe(expected);
      }),
    );
  });

  it('never stops later for one policy more of the same scope with a lower stop', () => {
    fc.assert(
      fc.property(rules, sessionPlace, fc.double({ min: 0.01, max: 100, noNaN: true }), (list, place, stop) => {
        const before = resolvePolicy(list, place).usd.stop;
        const scope = before === undefined || before.from === 'default' ? place : before.from;
        const after = resolvePolicy([...list, { scope, policy: { usd: { stop } } }], place).usd.stop;
        expect(after?.value).toBe(Math.min(stop, before?.value ?? Infinity));
      }),
    );
  });
});
