// Models that are asked instead of one another: of a ring nobody can say which is the cheaper one.

import { shown } from './policy-problem.ts';

/** Models each of which is asked instead of the one before, and the first instead of the last; undefined if there is no such ring. */
export function ringOfModels(instead: ReadonlyMap<string, string>): readonly [string, ...string[]] | undefined {
  const checked = new Set<string>();
  for (const start of instead.keys()) {
    const path = new Set<string>();
    let model: string | undefined = start;
    while (model !== undefined && !checked.has(model) && !path.has(model)) {
      path.add(model);
      model = instead.get(model);
    }
    if (model !== undefined && path.has(model)) {
      const [first = model, ...rest] = [...path].slice([...path].indexOf(model));
      return [first, ...rest];
    }
    for (const passed of path) checked.add(passed);
  }
  return undefined;
}

/** Longer ones are not written out. */
const WRITTEN_MAX = 5;

export function describeRing(ring: readonly [string, ...string[]]): string {
  const names = ring.slice(0, WRITTEN_MAX).map(shown);
  const first = shown(ring[0]);
  const written = [...names, ...(ring.length > WRITTEN_MAX ? ['...'] : []), first].join(' -> ');
  return `expected models that never lead back to ${first}, received ${written}`;
}
