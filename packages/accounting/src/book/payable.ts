import { type Charge, type CostClaim, UsageSource } from '../observe/observation.ts';
import { type Entry, EntryKind } from './entry.ts';

/** What there is to pay for in an entry, as `@turnmeter/pricing` is asked for a price: the two know nothing of each other but this shape. */
export interface Payable {
  readonly tenant: string | undefined;
  readonly provider: string;
  readonly operation: string;
  /** Milliseconds since 1970 UTC. */
  readonly timeMs: number;
  readonly model?: string;
  readonly requestModel?: string;
  readonly serviceTier?: string | undefined;
  readonly usage: PayableUsage;
  readonly charges: readonly Charge[];
  readonly reported?: { readonly nanoUsd: number; readonly source: CostClaim['by'] } | undefined;
}

/** Tokens in inclusive buckets; undefined is not known, which is not 0. */
export interface PayableUsage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly reasoning?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
  readonly inputImage?: number;
  readonly outputImage?: number;
}

/** What there is to pay for in an entry; undefined where that is nothing: a turn, an excluded record, a failed call. */
export function payableOf(entry: Entry): Payable | undefined {
  const base = {
    tenant: entry.tenant === '' ? undefined : entry.tenant,
    provider: entry.provider,
    operation: entry.operation,
    timeMs: Math.floor(entry.startUs / 1000),
  };
  if (entry.kind === EntryKind.TOOL) {
    const call = { kind: 'tool_call', name: entry.tool, quantity: entry.toolCalls };
    return { ...base, usage: {}, charges: [call, ...entry.charges] };
  }
  const isCall = entry.inferences > 0 && entry.usageSource !== UsageSource.NONE;
  if (!isCall && entry.input === 0 && entry.output === 0 && entry.charges.length === 0) return undefined;
  return {
    ...base,
    model: entry.model,
    requestModel: entry.requestModel,
    serviceTier: entry.serviceTier === '' ? undefined : entry.serviceTier,
    usage: usageOf(entry),
    charges: entry.charges,
    reported: entry.claim === undefined ? undefined : { nanoUsd: entry.claim.nanoUsd, source: entry.claim.by },
  };
}

/** An entry's tokens. */
export function usageOf(entry: Entry): PayableUsage {
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
