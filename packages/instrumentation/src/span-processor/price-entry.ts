import { type Entry, EntryKind, type Observation, payableOf, UsageSource } from '@turnmeter/accounting';
import type { Cost } from '@turnmeter/pricing';
import { recorder } from '../emit/recorder.ts';

/** What an entry costs, as the service prices it; undefined where there is nothing to pay for. */
export function priceEntry(entry: Entry): Cost | undefined {
  const request = payableOf(entry);
  if (request === undefined) return undefined;
  const cost = recorder().prices.price(request);
  // A tool nobody has a price for costs nothing.
  return entry.kind === EntryKind.TOOL && cost.totalNanoUsd === 0 ? undefined : cost;
}

/** What a call of our own cost when the recorder counted it. */
export function priceOwnCall(said: Observation): Cost | undefined {
  if (said.usageSource === UsageSource.NONE && said.charges.length === 0) return undefined;
  return recorder().prices.price({
    tenant: said.tenant === '' ? undefined : said.tenant,
    provider: said.provider,
    operation: said.operation,
    timeMs: Math.floor(said.startUs / 1000),
    serviceTier: said.serviceTier === '' ? undefined : said.serviceTier,
    model: said.model,
    requestModel: said.requestModel,
    usage: said.usage ?? {},
    charges: said.charges,
    reported: said.claim === undefined ? undefined : { nanoUsd: said.claim.nanoUsd, source: said.claim.by },
  });
}
