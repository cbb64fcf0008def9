import type { Amount } from './account.ts';
import type { CallPrices } from './call-prices.ts';
import type { SpentCall } from './guarded-call.ts';
import type { HeldReservation } from './reservation.ts';
import { OnUnpriced } from '@turnmeter/budget';

/** What a call has cost: as the provider reported it, else by what is known of the request and of the parts that arrived. */
export function amountOf(spent: SpentCall, held: HeldReservation | undefined, prices: CallPrices): Amount {
  if (spent.usedNothing) return NOTHING;
  const usage = spent.usage ?? estimated(spent, held);
  if (usage === undefined) return NOTHING;
  const tokens = (usage.input ?? 0) + (usage.output ?? 0);
  if (spent.usage !== undefined && spent.nanoUsd !== undefined) return { nanoUsd: spent.nanoUsd, tokens };
  const [session] = held?.accounts ?? [];
  const call = {
    tenant: session?.owner.tenant,
    provider: spent.provider,
    model: spent.model,
    operation: spent.operation,
  };
  if (session?.limits.onUnpriced === OnUnpriced.WARN && !prices.isPriced(call)) return { nanoUsd: 0, tokens };
  return { nanoUsd: prices.nanoUsdOf(call, usage), tokens };
}

const NOTHING: Amount = { nanoUsd: 0, tokens: 0 };

/** Nobody told: half of what the prompt was at most taken for, and a few tokens for each part of the answer; never more than was reserved. */
function estimated(
  { chunks }: SpentCall,
  held: HeldReservation | undefined,
): { readonly input: number; readonly output: number } | undefined {
  if (held === undefined) return undefined;
  const output = Math.max(OUTPUT_TOKENS_UNSEEN, chunks * TOKENS_PER_CHUNK);
  const outputMax = Math.max(0, held.amount.tokens - held.inputTokens);
  return { input: held.inputTokens, output: Math.min(output, outputMax) };
}

const TOKENS_PER_CHUNK = 2;
/** Of an answer of which nothing was seen. */
const OUTPUT_TOKENS_UNSEEN = 512;
