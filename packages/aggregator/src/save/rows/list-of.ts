const NOTHING: readonly never[] = [];

/** One value of each; nothing is made for the many rows that have none. */
export function listOf<Item, Value>(items: readonly Item[], pick: (item: Item) => Value): readonly Value[] {
  return items.length === 0 ? NOTHING : items.map(pick);
}
