// Which policies hold for a session or a part of it, and which of two is the narrower one.

import type { PolicyScope } from './policy.ts';

/**
 * How narrow a scope is: a total order, so that merging cannot depend on the order in which policies were written. Each field weighs more
 * than all before it together: all < tenant < workflow < tenant and workflow < agent < … < model < … < all four named.
 */
export function specificityOf({ tenant, workflow, agent, model }: PolicyScope): number {
  return (
    (tenant === undefined ? 0 : 1) +
    (workflow === undefined ? 0 : 2) +
    (agent === undefined ? 0 : 4) +
    (model === undefined ? 0 : 8)
  );
}

/** Whether a policy of this scope holds there: what it names is named there too, alike. */
export function holdsFor(scope: PolicyScope, place: PolicyScope): boolean {
  return (
    (scope.tenant === undefined || scope.tenant === place.tenant) &&
    (scope.workflow === undefined || scope.workflow === place.workflow) &&
    (scope.agent === undefined || scope.agent === place.agent) &&
    (scope.model === undefined || scope.model === place.model)
  );
}

/** Whether a policy bounds exactly this kind of thing: a session, or an agent's part of it, a model's, or an agent's with a model. */
export function isOfSameKind(scope: PolicyScope, place: PolicyScope): boolean {
  return (
    (scope.agent === undefined) === (place.agent === undefined) &&
    (scope.model === undefined) === (place.model === undefined)
  );
}

/** Whether two scopes name the same. */
export function isSameScope(one: PolicyScope, other: PolicyScope): boolean {
  return holdsFor(one, other) && specificityOf(one) === specificityOf(other);
}

/** `tenant acme, workflow blog-post` for people; `all sessions` where nothing is named. */
export function describeScope({ tenant, workflow, agent, model }: PolicyScope): string {
  const parts = Object.entries({ tenant, workflow, agent, model }).flatMap(([field, name]) =>
    name === undefined ? [] : [`${field} ${name}`],
  );
  return parts.length === 0 ? 'all sessions' : parts.join(', ');
}
