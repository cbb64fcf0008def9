import type { Charge } from '@turnmeter/accounting';

/** Charges as three columns have them. */
export interface ChargeLists {
  kinds: readonly string[];
  names: readonly string[];
  quantities: readonly number[];
}

export const kindOfCharge = ({ kind }: Charge): string => kind;
export const nameOfCharge = ({ name }: Charge): string => name;
export const quantityOfCharge = ({ quantity }: Charge): number => quantity;

export function emptyChargeLists(): ChargeLists {
  return { kinds: [], names: [], quantities: [] };
}

export function chargesOf({ kinds, names, quantities }: ChargeLists): readonly Charge[] {
  return kinds.map((kind, at) => ({ kind, name: names[at] ?? '', quantity: quantities[at] ?? 0 }));
}
