// Policies as people might write them, for property tests.

import type { Limits, Policy, PolicyRule, PolicyScope } from '@turnmeter/budget';
import fc from 'fast-check';

export const TENANTS: readonly string[] = ['acme', 'umbrella'];
export const WORKFLOWS: readonly string[] = ['blog-post', 'support'];

function limits(amount: fc.Arbitrary<number>): fc.Arbitrary<Limits> {
  const three = fc.array(amount, { minLength: 3, maxLength: 3 }).map((values) => values.toSorted((a, b) => a - b));
  const given = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
  return fc.tuple(three, given).map(([[warning, critical, stop], [hasWarning, hasCritical, hasStop]]) => ({
    ...(hasWarning ? { warning } : {}),
    ...(hasCritical ? { critical } : {}),
    ...(hasStop ? { stop } : {}),
  }));
}

const share = fc.integer({ min: 1, max: 400 }).map((percent) => percent / 100);
const usd = fc.integer({ min: 1, max: 1_000_000 }).map((cents) => cents / 100);
const tokens = fc.integer({ min: 1, max: 10_000_000 });

export const policy: fc.Arbitrary<Policy> = fc.record(
  {
    shares: limits(share),
    usd: limits(usd),
    tokens: limits(tokens),
    expectedUsd: usd,
    degrade: fc.record(
      {
        at: fc.constantFrom('warning' as const, 'critical' as const),
        models: fc.dictionary(fc.constantFrom('big', 'large', '__proto__'), fc.constantFrom('small', 'tiny')),
        outputTokensMax: tokens,
        agentsMax: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    ),
    onUnavailable: fc.constantFrom('last-known' as const, 'allow' as const, 'deny' as const),
    onUnpriced: fc.constantFrom('dearest' as const, 'refuse' as const, 'warn' as const),
  },
  { requiredKeys: [] },
);

const scope: fc.Arbitrary<PolicyScope> = fc.record(
  {
    tenant: fc.constantFrom(...TENANTS),
    workflow: fc.constantFrom(...WORKFLOWS),
    agent: fc.constantFrom('writer', 'editor'),
    model: fc.constantFrom('big', 'small'),
  },
  { requiredKeys: [] },
);

export const rules: fc.Arbitrary<readonly PolicyRule[]> = fc.array(fc.record({ scope, policy }), { maxLength: 12 });

export const sessionPlace: fc.Arbitrary<PolicyScope> = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  workflow: fc.constantFrom(...WORKFLOWS),
});
