// What is free in an account, or held by a reservation, by when it expires: what expires at the same time is the same. Pure.

/** An amount that expires together. */
export interface Lot {
  /** Null: never. */
  readonly expiresAtMs: number | null;
  readonly amount: bigint;
}

/** Earliest expiry first, what never expires last; no amount is 0 and no time is there twice. */
export type Lots = readonly Lot[];

/** Takes so much, earliest expiry first. */
export function takeLots(lots: Lots, amount: bigint): { readonly taken: Lots; readonly rest: Lots } {
  const taken: Lot[] = [];
  const rest: Lot[] = [];
  let open = amount;
  for (const lot of lots) {
    const part = lot.amount < open ? lot.amount : open;
    open -= part;
    if (part > 0n) taken.push({ ...lot, amount: part });
    if (part < lot.amount) rest.push({ ...lot, amount: lot.amount - part });
  }
  if (open > 0n) throw new RangeError(`Lots hold too little: expected ${amount}, ${open} of it are missing.`);
  return { taken, rest };
}

export function addLots(lots: Lots, more: Lots): Lots {
  const sums = new Map(lots.map(({ expiresAtMs, amount }) => [expiresAtMs, amount]));
  for (const { expiresAtMs, amount } of more) sums.set(expiresAtMs, (sums.get(expiresAtMs) ?? 0n) + amount);
  return [...sums]
    .map(([expiresAtMs, amount]) => ({ expiresAtMs, amount }))
    .filter(({ amount }) => amount > 0n)
    .toSorted((a, b) => orderOf(a) - orderOf(b));
}

/** Takes from what expires at that time. */
export function removeLot(lots: Lots, { expiresAtMs, amount }: Lot): Lots {
  const lot = lots.find((other) => other.expiresAtMs === expiresAtMs);
  if (lot === undefined || lot.amount < amount) {
    throw new RangeError(`Nothing of ${amount} expires at ${expiresAtMs ?? 'no time'}: there is ${lot?.amount ?? 0n}.`);
  }
  return addLots(lots, [{ expiresAtMs, amount: -amount }]);
}

export function sumOf(lots: Lots): bigint {
  return lots.reduce((sum, { amount }) => sum + amount, 0n);
}

/** Those that have expired by now. */
export function expiredOf(lots: Lots, nowMs: number): Lots {
  return lots.filter((lot) => orderOf(lot) <= nowMs);
}

function orderOf({ expiresAtMs }: Lot): number {
  return expiresAtMs ?? Number.POSITIVE_INFINITY;
}

/** `[[expiresAtMs, "amount"], …]`: amounts are text, as JSON's numbers round them. */
export function writeLots(lots: Lots): string {
  return JSON.stringify(lots.map(({ expiresAtMs, amount }) => [expiresAtMs, `${amount}`]));
}

export function readLots(text: string): Lots {
  const pairs = JSON.parse(text) as readonly (readonly [number | null, string])[];
  return pairs.map(([expiresAtMs, amount]) => ({ expiresAtMs, amount: BigInt(amount) }));
}
