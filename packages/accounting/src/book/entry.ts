// What is booked: one entry adds one record's tokens, turn, tool call or error to a tenant, session, workflow, agent and model.
// Figures are sums of `sign * value`; an entry is never changed, only reversed and booked anew.

import type { Charge, CostClaim, Observation, UsageSource } from '../observe/observation.ts';

export const EntryKind = {
  INFERENCE: 'inference',
  EMBEDDING: 'embedding',
  RERANK: 'rerank',
  /** Tokens reported beside calls or summed above them. */
  USAGE: 'usage',
  TURN: 'turn',
  TOOL: 'tool',
  HANDOFF: 'handoff',
  HUMAN_WAIT: 'human_wait',
  /** The outermost span of a run: adds no amount, but the session began and ended with it. */
  RUN: 'run',
  /** Adds nothing; keeps the reason why not, and what it would have added. */
  EXCLUDED: 'excluded',
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** Why an entry counts, or not. Stable codes; `explain` has a sentence for each. */
export const Reason = {
  CALL: 'call',
  CALL_WITHOUT_USAGE: 'call_without_usage',
  MODEL_REQUEST_WITHOUT_SPAN: 'model_request_without_span',
  REPORTED_BESIDE_CALLS: 'reported_beside_calls',
  SUM_FALLBACK: 'sum_fallback',
  METRIC_FALLBACK: 'metric_fallback',
  TURN: 'turn',
  TOOL_CALL: 'tool_call',
  HANDOFF: 'handoff',
  HUMAN_WAIT: 'human_wait',
  RUN: 'run',
  /** Another record is the same call, and nearer to the wire. */
  COPY: 'copy',
  /** A call around other calls that are not copies of it. */
  WRAPS_CALLS: 'wraps_calls',
  CACHE_HIT: 'cache_hit',
  SUM_OF_COUNTED_CALLS: 'sum_of_counted_calls',
  LIFETIME_TOTAL: 'lifetime_total',
  REPEATED_USAGE: 'repeated_usage',
  /** A better source reports the same calls; this one is compared with it. */
  WITNESS: 'witness',
  WAITING_FOR_QUIET: 'waiting_for_quiet',
  REPEATED_TOOL: 'repeated_tool',
  /** Another record is the same go of the agent, seen by another instrumentation. */
  REPEATED_TURN: 'repeated_turn',
  /** Only of reversals: the same is booked again at another price. */
  REPRICED: 'repriced',
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Amounts that add up. Tokens in inclusive buckets, times in µs. */
export interface Amounts {
  readonly inferences: number;
  readonly turns: number;
  readonly toolCalls: number;
  readonly handoffs: number;
  readonly errors: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly reasoning: number;
  readonly inputAudio: number;
  readonly outputAudio: number;
  readonly inputImage: number;
  readonly outputImage: number;
  readonly responseTimeUs: number;
  readonly humanWaitUs: number;
  /** Tokens of this record that are not added because they are counted elsewhere, or never. */
  readonly excludedInput: number;
  readonly excludedOutput: number;
}

export interface Entry extends Amounts {
  readonly tenant: string;
  /** '' while no session is known: unattributed. */
  readonly session: string;
  readonly workflow: string;
  /** '' while none is known. */
  readonly workflowVersion: string;
  readonly user: string;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly requestModel: string;
  readonly tool: string;
  readonly handoffTo: string;
  readonly purpose: string;
  readonly operation: string;
  readonly service: string;
  readonly profile: string;
  readonly signal: Observation['signal'];
  readonly traceId: string;
  readonly recordId: string;
  readonly kind: EntryKind;
  readonly reason: Reason;
  /** For `copy` and `witness`: key of the record that counts instead. */
  readonly countedBy: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly timeToFirstTokenUs: number;
  readonly usageSource: UsageSource;
  /** Which token parts are known: undefined amounts are booked as 0, this tells them from real zeros. */
  readonly isInputKnown: boolean;
  readonly isOutputKnown: boolean;
  readonly serviceTier: string;
  readonly claim: CostClaim | undefined;
  readonly charges: readonly Charge[];
  readonly error: string;
  readonly notes: readonly string[];
}

export const NOTHING: Amounts = {
  inferences: 0,
  turns: 0,
  toolCalls: 0,
  handoffs: 0,
  errors: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  inputAudio: 0,
  outputAudio: 0,
  inputImage: 0,
  outputImage: 0,
  responseTimeUs: 0,
  humanWaitUs: 0,
  excludedInput: 0,
  excludedOutput: 0,
};

/** One booking: the entry is added (`sign` 1), or taken back as it was booked (`sign` -1). */
export interface Posting {
  readonly sign: 1 | -1;
  readonly entry: Entry;
  /** For a reversal: what the record is booked as from now on; '' for a first booking. */
  readonly because: Reason | '';
}

/** Would booking `b` where `a` stands change anything? Written out, because it is asked for every record of a trace with news. */
export function isSameEntry(a: Entry, b: Entry): boolean {
  return isSamePlace(a, b) && isSameCount(a, b) && isSameUsage(a, b) && isSamePrice(a, b);
}

function isSamePlace(a: Entry, b: Entry): boolean {
  return (
    a.kind === b.kind &&
    a.reason === b.reason &&
    a.countedBy === b.countedBy &&
    a.tenant === b.tenant &&
    a.session === b.session &&
    a.workflow === b.workflow &&
    a.workflowVersion === b.workflowVersion &&
    a.user === b.user &&
    a.agent === b.agent &&
    a.tool === b.tool &&
    a.handoffTo === b.handoffTo &&
    a.purpose === b.purpose &&
    a.operation === b.operation &&
    a.service === b.service &&
    a.profile === b.profile
  );
}

function isSameCount(a: Entry, b: Entry): boolean {
  return (
    a.startUs === b.startUs &&
    a.endUs === b.endUs &&
    a.timeToFirstTokenUs === b.timeToFirstTokenUs &&
    a.inferences === b.inferences &&
    a.turns === b.turns &&
    a.toolCalls === b.toolCalls &&
    a.handoffs === b.handoffs &&
    a.errors === b.errors &&
    a.error === b.error &&
    a.responseTimeUs === b.responseTimeUs &&
    a.humanWaitUs === b.humanWaitUs
  );
}

function isSameUsage(a: Entry, b: Entry): boolean {
  return (
    a.input === b.input &&
    a.output === b.output &&
    a.cacheRead === b.cacheRead &&
    a.cacheWrite === b.cacheWrite &&
    a.cacheWrite1h === b.cacheWrite1h &&
    a.reasoning === b.reasoning &&
    a.inputAudio === b.inputAudio &&
    a.outputAudio === b.outputAudio &&
    a.inputImage === b.inputImage &&
    a.outputImage === b.outputImage &&
    a.excludedInput === b.excludedInput &&
    a.excludedOutput === b.excludedOutput &&
    a.usageSource === b.usageSource &&
    a.isInputKnown === b.isInputKnown &&
    a.isOutputKnown === b.isOutputKnown
  );
}

function isSamePrice(a: Entry, b: Entry): boolean {
  return (
    a.provider === b.provider &&
    a.model === b.model &&
    a.requestModel === b.requestModel &&
    a.serviceTier === b.serviceTier &&
    a.claim?.nanoUsd === b.claim?.nanoUsd &&
    a.claim?.by === b.claim?.by &&
    a.charges.length === b.charges.length &&
    a.charges.every(({ kind, name, quantity }, at) => {
      const other = b.charges[at];
      return kind === other?.kind && name === other.name && quantity === other.quantity;
    })
  );
}
