// Where the money of a call went, as two lists: the tokens' buckets by name, then charges as `kind` or `kind/name`.

import { type CostParts, TEXT_BUCKETS, TOKEN_BUCKETS, type TokenBucket } from '@turnmeter/pricing';
import type { EntryCost } from '../../price/price-postings.ts';

/** The lists of one cost. Parts that cost nothing are left out. */
export interface CostPartLists {
  names: readonly string[];
  nanoUsd: readonly number[];
}

const NONE: readonly never[] = [];

/** Names as the tables have them: `cache_write_1h`. */
const BUCKETS: readonly (readonly [TokenBucket, string])[] = TOKEN_BUCKETS.map((bucket) => [
  bucket,
  bucket.replaceAll(/(?<=[a-z])(?=[A-Z0-9])/g, '_').toLowerCase(),
]);
const BUCKET_OF_NAME: ReadonlyMap<string, TokenBucket> = new Map(BUCKETS.map(([bucket, name]) => [name, bucket]));

/** Names of the parts of a cost, without those that cost nothing. */
export function namesOfParts(cost: EntryCost | undefined): readonly string[] {
  if (cost === undefined || cost.totalNanoUsd === 0) return NONE;
  const names: string[] = [];
  for (const [bucket, name] of BUCKETS) if ((cost.parts[bucket] ?? 0) !== 0) names.push(name);
  for (const charge of cost.charges) if (charge.nanoUsd !== 0) names.push(nameOfCharge(charge.kind, charge.name));
  return names;
}

/** Their amounts, in the same order. */
export function amountsOfParts(cost: EntryCost | undefined): readonly number[] {
  if (cost === undefined || cost.totalNanoUsd === 0) return NONE;
  const amounts: number[] = [];
  for (const [bucket] of BUCKETS) {
    const nanoUsd = cost.parts[bucket] ?? 0;
    if (nanoUsd !== 0) amounts.push(nanoUsd);
  }
  for (const { nanoUsd } of cost.charges) if (nanoUsd !== 0) amounts.push(nanoUsd);
  return amounts;
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
