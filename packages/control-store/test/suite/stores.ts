import type { ControlStore } from '../../src/index.ts';

/** One database, opened as often as there are aggregators. Who opens a store stops it. */
export interface Stores {
  open(): Promise<ControlStore>;
}

/** Does something with so many stores of the same database. */
export async function withStores<Result>(
  stores: Stores,
  count: number,
  use: (...opened: readonly [ControlStore, ...ControlStore[]]) => Promise<Result>,
): Promise<Result> {
  const [first, ...others] = await Promise.all(Array.from({ length: count }, () => stores.open()));
  if (first === undefined) throw new RangeError('expected one store or more');
  try {
    return await use(first, ...others);
  } finally {
    await Promise.all([first, ...others].map((store) => store.stop()));
  }
}

let tenants = 0;

/** Each test, and each run of a property, has a tenant of its own. */
export function newTenant(): string {
  tenants += 1;
  return `tenant-${tenants}`;
}
