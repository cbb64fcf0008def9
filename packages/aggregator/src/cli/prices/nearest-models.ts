import { distance } from 'fastest-levenshtein';
import type { PriceSnapshot } from '@turnmeter/pricing';

const NEAREST_MAX = 5;

/** Names of the price list that look like a name, nearest first; empty where none does. */
export function nearestModels(model: string, snapshot: PriceSnapshot, provider?: string): readonly string[] {
  const wanted = (model.split('/').at(-1) ?? model).toLowerCase();
  const names = new Set(
    snapshot.providers
      .filter(({ id }) => provider === undefined || provider.toLowerCase().includes(id))
      .flatMap(({ models }) => models.map(({ id }) => id)),
  );
  return [...names]
    .map((name) => ({
      name,
      far: name.includes(wanted) || wanted.includes(name) ? 0 : distance(wanted, name.toLowerCase()),
    }))
    .filter(({ far }) => far <= Math.max(2, wanted.length / 3))
    .toSorted((a, b) => a.far - b.far || a.name.length - b.name.length)
    .slice(0, NEAREST_MAX)
    .map(({ name }) => name);
}
