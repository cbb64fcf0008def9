import type { ReportedCost } from '@turnmeter/pricing';
import { isObject, type JsonObject } from './json-object.ts';

/** More than any single call: a larger figure is a fault, and sums stay exact. */
const USD_MAX = 1_000_000;

/**
 * What the answer says it cost, as gateways and some providers put it into the usage. OpenRouter: `cost` in USD, which is its fee
 * alone for a key of one's own; Perplexity: `cost.total_cost` in USD; xAI: `cost_in_usd_ticks` of 1e-10 USD.
 */
export function readReportedCost(usage: JsonObject): ReportedCost | undefined {
  const { cost } = usage;
  if (cost !== undefined && usage['is_byok'] !== true) {
    if (isObject(cost)) return inNanoUsd(cost['total_cost'], 1e9, 'provider');
    return inNanoUsd(cost, 1e9, 'gateway');
  }
  return inNanoUsd(usage['cost_in_usd_ticks'], 0.1, 'provider');
}

/** USD as a number or decimal text to nano-USD; undefined unless it is a sum of money. Zero beside tokens is no price. */
export function inNanoUsd(
  amount: unknown,
  nanoUsdPerUnit: number,
  source: ReportedCost['source'],
): ReportedCost | undefined {
  const number = typeof amount === 'string' && amount !== '' ? Number(amount) : amount;
  if (typeof number !== 'number' || !(number > 0)) return undefined;
  const nanoUsd = Math.round(number * nanoUsdPerUnit);
  return nanoUsd > 0 && nanoUsd < USD_MAX * 1e9 ? { nanoUsd, source } : undefined;
}
