// In: policies as somebody wants to write them. Out: documents to keep, each complete. Refused: what one of them says that cannot be, by its
// place in the list and the name of its field.

import {
  checkRule,
  inDocument,
  policyDocument,
  type PolicyProblem,
  type PolicyRule,
  readPolicyDocument,
  specificityOf,
} from '@turnmeter/budget';
import type { JsonDocument } from '@turnmeter/control-store';

/** Policies in one list; each is checked beside all others, which takes some tenths of a second for as many. */
export const POLICIES_MAX = 500;

export type PolicyWriting =
  | { readonly documents: readonly JsonDocument[]; readonly problems?: undefined }
  | { readonly documents?: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * Checks a whole list, beside the policies that hold with it.
 *
 * @param of.tenant - whose list it is; undefined for that of all tenants
 * @param of.general - the policies of all tenants, beside a tenant's own
 */
export function checkPolicyList(
  list: readonly unknown[],
  of: { readonly tenant: string | undefined; readonly general: readonly PolicyRule[] },
): PolicyWriting {
  const readings = list.map((document, at) => ({ at, reading: readPolicyDocument(document) }));
  const problems = readings.flatMap(({ at, reading }) => named(at, reading.problems ?? []));
  if (problems.length > 0) return { problems };
  const rules = readings.flatMap(({ reading }) => reading.rule ?? []);
  const foreign = rules.flatMap(({ scope }, at) =>
    scope.tenant === undefined || scope.tenant === of.tenant ? [] : named(at, [foreignTenant(scope.tenant, of.tenant)]),
  );
  if (foreign.length > 0) return { problems: foreign };
  const scoped = rules.map((rule): PolicyRule => ({ ...rule, scope: { ...rule.scope, tenant: of.tenant } }));
  const wrong = contradictions(scoped, of.general);
  if (wrong.length > 0) return { problems: wrong };
  return { documents: scoped.map((rule) => ({ ...policyDocument(rule) }) as JsonDocument) };
}

/** Two policies that contradict each other are both wrong by themselves; it is said once, of the narrower. */
function contradictions(rules: readonly PolicyRule[], general: readonly PolicyRule[]): readonly PolicyProblem[] {
  const others = [...general, ...rules];
  const said = new Set<string>();
  const narrowestFirst = [...rules.entries()].toSorted(
    ([, a], [, b]) => specificityOf(b.scope) - specificityOf(a.scope),
  );
  return narrowestFirst
    .map(([at, rule]) => {
      const problems = checkRule(rule, others).filter(({ field, message }) => !said.has(`${field} ${message}`));
      for (const { field, message } of problems) said.add(`${field} ${message}`);
      return { at, problems: [...repeated(rules, at), ...problems] };
    })
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, problems }) => named(at, problems));
}

/** `policies.3.usd.warning` */
function named(at: number, problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  return problems.map(({ field, message }) => ({
    field: `policies.${at}${field === '' ? '' : `.${inDocument(field)}`}`,
    message,
  }));
}

function foreignTenant(received: string, tenant: string | undefined): PolicyProblem {
  const expected = tenant === undefined ? 'none, as these are for all tenants' : `none, or ${JSON.stringify(tenant)}`;
  return { field: 'tenant', message: `expected ${expected}, received ${JSON.stringify(received)}` };
}

/** Which of two with the same scope holds would be anybody's guess. */
function repeated(rules: readonly PolicyRule[], at: number): readonly PolicyProblem[] {
  const own = scopeKey(rules[at]);
  const first = rules.findIndex((rule) => scopeKey(rule) === own);
  return first === at ? [] : [{ field: '', message: `expected another scope than that of policies.${first}` }];
}

function scopeKey(rule: PolicyRule | undefined): string {
  const { workflow, agent, model } = rule?.scope ?? {};
  return JSON.stringify([workflow, agent, model]);
}
