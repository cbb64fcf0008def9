import { checkPolicy, checkScope, LIMIT_LEVELS } from './check-policy.ts';
import { describeRing, ringOfModels } from './model-ring.ts';
import type { PolicyRule } from './policy.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { type Resolved, type ResolvedPolicy, resolvePolicy } from './resolve-policy.ts';
import { describeScope, holdsFor, isSameScope } from './scope.ts';

/**
 * What is wrong with a policy in its scope, also beside the others of the tenant: amounts of one that lie above the stop of another, or of
 * the defaults, would never be reached.
 *
 * @param others - the policies that hold with it; the one that it replaces, of the same scope, may be among them
 * @returns nothing if it can be held
 */
export function checkRule(rule: PolicyRule, others: readonly PolicyRule[] = []): readonly PolicyProblem[] {
  const problems = [...checkScope(rule.scope), ...checkPolicy(rule.policy)];
  if (problems.length > 0) return problems;
  const kept = others.filter(({ scope }) => !isSameScope(scope, rule.scope));
  const narrower = kept.filter(({ scope }) => holdsFor(rule.scope, scope));
  const rules = [...kept, rule];
  // A contradiction between two others is not this one's fault.
  const known = new Set(narrower.flatMap(({ scope }) => contradictionsAt(kept, scope).map(nameOf)));
  const found = [rule, ...narrower].flatMap(({ scope }) => contradictionsAt(rules, scope));
  const own = new Map(
    found.filter((problem) => !known.has(nameOf(problem))).map((problem) => [nameOf(problem), problem]),
  );
  return [...own.values()];
}

function nameOf({ field, message }: PolicyProblem): string {
  return `${field}: ${message}`;
}

function contradictionsAt(rules: readonly PolicyRule[], scope: PolicyRule['scope']): readonly PolicyProblem[] {
  const resolved = resolvePolicy(rules, scope);
  const amounts = (['shares', 'usd', 'tokens'] as const).flatMap((unit) =>
    LIMIT_LEVELS.map((level) => [`${unit}.${level}`, resolved[unit][level]] as const),
  );
  const lowered = [...amounts, ['pauseShare', resolved.pauseShare] as const].flatMap(([field, amount]) =>
    amount?.loweredBy === undefined || amount.from === 'default' ? [] : [contradiction(field, amount, resolved)],
  );
  return [...lowered, ...ringsAt(resolved)];
}

/** Models that several policies together ask instead of one another. */
function ringsAt({ degrade }: ResolvedPolicy): readonly PolicyProblem[] {
  const ring = ringOfModels(new Map([...degrade.models].map(([model, { value }]) => [model, value])));
  return ring === undefined ? [] : [{ field: `degrade.models.${ring[0]}`, message: describeRing(ring) }];
}

function contradiction(
  field: string,
  amount: Resolved<number>,
  { shares, usd, tokens }: ResolvedPolicy,
): PolicyProblem {
  const limits: ReadonlyMap<string, Resolved<number> | undefined> = new Map(
    Object.entries({ shares, usd, tokens }).flatMap(([unit, ofUnit]) =>
      LIMIT_LEVELS.map((level) => [`${unit}.${level}`, ofUnit[level]] as const),
    ),
  );
  const limit = limits.get(amount.loweredBy ?? '');
  return {
    field,
    message:
      `expected at most ${amount.loweredBy}, which is ${amount.value}${whose(limit)}, ` +
      `received ${amount.written}${whose(amount)}`,
  };
}

function whose(amount: Resolved<number> | undefined): string {
  if (amount === undefined) return '';
  return amount.from === 'default' ? ' by default' : ` of the policy for ${describeScope(amount.from)}`;
}
