// Where the money of a call went, as two lists: the tokens' buckets by name, then charges as `kind` or `kind/name`.

import { type CostParts, TEXT_BUCKETS, TOKEN_BUCKETS, type TokenBucket } from '@turnmeter/pricing';
import type { EntryCost } from '../../price/price-postings.ts';

/** The lists of one cost. Parts that cost nothing are left out. */
export interface CostPartLists {
  names: readonly string[];
  nanoUsd: readonly number[];
}

const NONE: CostPartLists = { names: [], nanoUsd: [] };

/** Names as the tables have them: `cache_write_1h`. */
const NAME_OF_BUCKET: ReadonlyMap<TokenBucket, string> = new Map(
  TOKEN_BUCKETS.map((bucket) => [bucket, bucket.replaceAll(/(?<=[a-z])(?=[A-Z0-9])/g, '_').toLowerCase()]),
);
const BUCKET_OF_NAME: ReadonlyMap<string, TokenBucket> = new Map(
  [...NAME_OF_BUCKET].map(([bucket, name]) => [name, bucket]),
);

export function listCostParts(cost: EntryCost | undefined): CostPartLists {
  if (cost === undefined || cost.totalNanoUsd === 0) return NONE;
  const names: string[] = [];
  const nanoUsd: number[] = [];
  const add = (name: string, amount: number): void => {
    if (amount === 0) return;
    names.push(name);
    nanoUsd.push(amount);
  };
  for (const [bucket, name] of NAME_OF_BUCKET) add(name, cost.parts[bucket] ?? 0);
  for (const charge of cost.charges) add(nameOfCharge(charge.kind, charge.name), charge.nanoUsd);
  return { names, nanoUsd };
}

export function readCostParts({ names, nanoUsd }: CostPartLists): {
  readonly parts: CostParts;
  readonly charges: EntryCost['charges'];
} {
  const parts: Partial<Record<TokenBucket, number>> = Object.fromEntries(TEXT_BUCKETS.map((bucket) => [bucket, 0]));
  const charges: EntryCost['charges'][number][] = [];
  for (const [at, text] of names.entries()) {
    const bucket = BUCKET_OF_NAME.get(text);
    const amount = nanoUsd[at] ?? 0;
    if (bucket === undefined) charges.push({ ...readCharge(text), nanoUsd: amount });
    else parts[bucket] = amount;
  }
  return { parts: parts as CostParts, charges };
}

function nameOfCharge(kind: string, name: string | undefined): string {
  return name === undefined || name === '' ? kind : `${kind}/${name}`;
}

function readCharge(text: string): { readonly kind: string; readonly name: string | undefined } {
  const slash = text.indexOf('/');
  return slash === -1 ? { kind: text, name: undefined } : { kind: text.slice(0, slash), name: text.slice(slash + 1) };
}
