import { type Entry, EntryKind, type Observation, UsageSource } from '@turnmeter/accounting';
import type { Cost, PriceRequest, TokenUsage } from '@turnmeter/pricing';
import { recorder } from '../emit/recorder.ts';

/** What an entry costs, as the service prices it; undefined where there is nothing to pay for. */
export function priceEntry(entry: Entry): Cost | undefined {
  const request = requestOf(entry);
  if (request === undefined) return undefined;
  const cost = recorder().prices.price(request);
  // A tool nobody has a price for costs nothing.
  return entry.kind === EntryKind.TOOL && cost.totalNanoUsd === 0 ? undefined : cost;
}

/** What a call of our own cost when the recorder counted it. */
export function priceOwnCall(said: Observation): Cost | undefined {
  if (said.usageSource === UsageSource.NONE && said.charges.length === 0) return undefined;
  return recorder().prices.price({
    ...namesOf(said),
    model: said.model,
    requestModel: said.requestModel,
    usage: said.usage ?? {},
    charges: said.charges,
    reported: said.claim === undefined ? undefined : { nanoUsd: said.claim.nanoUsd, source: said.claim.by },
  });
}

function requestOf(entry: Entry): PriceRequest | undefined {
  const names = namesOf(entry);
  if (entry.kind === EntryKind.TOOL) {
    const call = { kind: 'tool_call', name: entry.tool, quantity: entry.toolCalls };
    return { ...names, serviceTier: undefined, usage: {}, charges: [call, ...entry.charges] };
  }
  const isCall = entry.inferences > 0 && entry.usageSource !== UsageSource.NONE;
  if (!isCall && entry.input === 0 && entry.output === 0 && entry.charges.length === 0) return undefined;
  return {
    ...names,
    model: entry.model,
    requestModel: entry.requestModel,
    usage: usageOf(entry),
    charges: entry.charges,
    reported: entry.claim === undefined ? undefined : { nanoUsd: entry.claim.nanoUsd, source: entry.claim.by },
  };
}

function namesOf(
  said: Pick<Entry, 'tenant' | 'provider' | 'operation' | 'startUs' | 'serviceTier'>,
): Pick<PriceRequest, 'tenant' | 'provider' | 'operation' | 'timeMs' | 'serviceTier'> {
  return {
    tenant: said.tenant === '' ? undefined : said.tenant,
    provider: said.provider,
    operation: said.operation,
    timeMs: Math.floor(said.startUs / 1000),
    serviceTier: said.serviceTier === '' ? undefined : said.serviceTier,
  };
}

/** An entry's tokens; what nobody reported is not known, which is not 0. */
export function usageOf(entry: Entry): TokenUsage {
  return {
    input: entry.isInputKnown ? entry.input : undefined,
    output: entry.isOutputKnown ? entry.output : undefined,
    cacheRead: entry.cacheRead,
    cacheWrite: entry.cacheWrite,
    cacheWrite1h: entry.cacheWrite1h,
    reasoning: entry.reasoning,
    inputAudio: entry.inputAudio,
    outputAudio: entry.outputAudio,
    inputImage: entry.inputImage,
    outputImage: entry.outputImage,
  };
}
