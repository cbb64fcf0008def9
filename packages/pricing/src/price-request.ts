import type { TokenUsage } from './usage.ts';

/** One call to be priced. */
export interface PriceRequest {
  /** The tenant's id, for the operator's own prices. */
  readonly tenant?: string | undefined;
  /** Who served the call, as telemetry has it: `openai`, `gcp.gen_ai`, `openai.chat`, `azure.ai.openai`, `litellm` … */
  readonly provider?: string | undefined;
  /** The model that answered. Preferred, because it is the one that is billed. */
  readonly responseModel?: string | undefined;
  /** The model, where telemetry does not say whether it was asked for or answered. */
  readonly model?: string | undefined;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** When the call was made, in milliseconds since 1970 UTC: prices have dates. */
  readonly timeMs: number;
  /** What was used, in tokens. */
  readonly usage: TokenUsage;
  /** What was done: `chat`, `embeddings`, `execute_tool` … Embeddings have no output to miss. */
  readonly operation?: string | undefined;
  /** The service tier that served the call: `default`, `batch`, `flex`, `priority` … The list price if left out. */
  readonly serviceTier?: string | undefined;
  /** The region of the call, for the operator's own prices. */
  readonly region?: string | undefined;
  /** What was used that is not a token. */
  readonly charges?: readonly Charge[] | undefined;
  /** What somebody else says the call cost. */
  readonly reported?: ReportedCost | undefined;
}

/** Something that costs money and is not a token. */
export interface Charge {
  /**
   * `tool_call`, `web_search`, `storage_search`, `request`, `image`, `audio_second`, `gpu_second` … or a kind of the operator's own. A
   * `tool_call` without a price costs nothing; everything else without a price makes the cost partial.
   */
  readonly kind: string;
  /** The tool's name. */
  readonly name?: string | undefined;
  /** How many units; fractions down to a millionth. */
  readonly quantity: number;
  /** What one unit costs in nano-USD (a whole number), if the span itself says so. */
  readonly unitCostNanoUsd?: number | undefined;
}

/** What somebody else says a call cost. */
export interface ReportedCost {
  /** In nano-USD; fractions are rounded half up. */
  readonly nanoUsd: number | bigint;
  /** Who says so: the provider's response, a gateway, or a price table inside a client library. */
  readonly source: 'provider' | 'gateway' | 'client_table';
}
