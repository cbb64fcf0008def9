// What one record says, in our words: what it is, its usage in inclusive buckets, whom it names and what it hangs below.
// Made from a record alone; what it counts as is decided later, with its neighbors (`rules/`).

import type { Signal, SpanLink } from '../record/record.ts';
import type { Note } from './notes.ts';

/** What a record is. Only some roles can count; the rest carry identity and lineage. */
export const Role = {
  /** One model call: chat, completion, response. */
  INFERENCE: 'inference',
  EMBEDDING: 'embedding',
  RERANK: 'rerank',
  /** One agent's go, or an agent's whole run. */
  AGENT: 'agent',
  /** A run of the whole chat, graph, crew. */
  WORKFLOW: 'workflow',
  /** A node, task, chain or loop cycle between them. */
  STEP: 'step',
  TOOL: 'tool',
  HANDOFF: 'handoff',
  SPEAKER_SELECTION: 'speaker_selection',
  /** Waiting for a person. */
  HUMAN_INPUT: 'human_input',
  /** Usage reported beside the calls it belongs to (AG2's `record_usage`, metric points). */
  USAGE: 'usage',
  /** An HTTP request to a model's address: a sign of a call that nothing else may have seen. */
  MODEL_REQUEST: 'model_request',
  /** Usage on a record whose dialect nobody knows: its place in the trace decides (`rules/structure.ts`). */
  UNDECIDED: 'undecided',
  /** Knowledge about others: a sub-agent's name, a child session's parent (`aliases`). */
  FACT: 'fact',
  /** Parent and child, nothing more. */
  LINEAGE: 'lineage',
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** What the usage on a record is a figure of. */
export const Grain = {
  /** This call. */
  CALL: 'call',
  /** All calls below, other agents' included. */
  SUM: 'sum',
  /** This agent's own calls below, without those of agents nested in it. */
  OWN_SUM: 'own_sum',
  /** Everything an object spent in its life so far, or a cumulative figure: no call's sum, so never booked. */
  LIFETIME: 'lifetime',
  /** The same amount again as another record of the same producer. */
  REPEAT: 'repeat',
  /** Usage served from a cache: nobody was billed. */
  CACHE_HIT: 'cache_hit',
} as const;
export type Grain = (typeof Grain)[keyof typeof Grain];

/** Where token numbers come from. */
export const UsageSource = {
  /** Counted by the provider and passed on. */
  PROVIDER: 'provider',
  /** Counted by a tokenizer at the producer, or with a bucket whose meaning the data does not decide. */
  ESTIMATED: 'estimated',
  /** A model call without readable usage: there is more than the figures show. */
  MISSING: 'missing',
  /** Nothing was used, or the record is no call: a failed call, a turn, a tool. */
  NONE: 'none',
} as const;
export type UsageSource = (typeof UsageSource)[keyof typeof UsageSource];

/** How far from the provider's wire the numbers were taken; when copies disagree, the nearest wins. */
export const WireDistance = { PROVIDER_SDK: 0, CLIENT: 1, GATEWAY: 2, FRAMEWORK: 3, UNKNOWN: 4 } as const;
export type WireDistance = (typeof WireDistance)[keyof typeof WireDistance];

/**
 * Tokens in inclusive buckets: `input` ⊇ `cacheRead`, `cacheWrite` ⊇ `cacheWrite1h`; `output` ⊇ `reasoning`. Non-negative
 * integers; undefined is "not reported", which is not 0.
 */
export interface Usage {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly cacheWrite1h: number | undefined;
  readonly reasoning: number | undefined;
  readonly inputAudio: number | undefined;
  readonly outputAudio: number | undefined;
  readonly inputImage: number | undefined;
  readonly outputImage: number | undefined;
}

/** How a record's usage relates to the records around it: which of them may hold the same spend. */
export const Coverage = {
  /** A counted inference anywhere below. */
  BELOW: 'below',
  /** A counted inference with equal output tokens below the same parent. */
  SIBLING: 'sibling',
  /** A counted inference below a tool span of the same parent. */
  SIBLING_TOOL: 'sibling_tool',
  /** Usage on the agent's go that the record is part of. */
  AGENT_ABOVE: 'agent_above',
  /** Of a call: the end of one that another record of the same scope began beside it, without usage. The two are one call. */
  COMPLETES: 'completes',
} as const;
export type Coverage = (typeof Coverage)[keyof typeof Coverage];

/**
 * How a session id was named; lower is better. Behind `RESOURCE` come the ways in which the book finds one (`book/identity.ts`),
 * and `WINDOW`, an id of a process that is known to hold several chats.
 */
export const SessionRank = { TURNMETER: 0, APP: 1, PRODUCT: 2, RESOURCE: 3, WINDOW: 8, NONE: 9 } as const;
export type SessionRank = (typeof SessionRank)[keyof typeof SessionRank];

/** A figure that somebody else put on the call, in USD. */
export interface CostClaim {
  readonly nanoUsd: number;
  readonly by: 'provider' | 'gateway' | 'client_table';
}

/** A cost that is not tokens (R42). */
export interface Charge {
  readonly kind: string;
  readonly name: string;
  readonly quantity: number;
}

/**
 * Several sources may report one population of calls (log events, spans, metrics). The lowest rank that has data is booked, the
 * others are witnesses. Undefined where a record stands for itself.
 */
export interface Authority {
  /** Who reports: a producer (`codex`) or, for instrumented apps, a service. */
  readonly family: string;
  /** 0 = per-call record of the best kind, higher = weaker. */
  readonly rank: number;
}

/** That an id is another name of something; see `rules/aliases.ts`. */
export interface Alias {
  readonly kind: 'session_parent' | 'agent_name';
  readonly from: string;
  readonly to: string;
}

export interface Observation {
  readonly tenant: string;
  readonly signal: Signal;
  /** Span id, or the content hash of a log record, or the series (and time) of a metric point. */
  readonly id: string;
  /** '' for records outside any trace. */
  readonly traceId: string;
  /** Parent span, or for a log record the span it was written in; '' at a root. */
  readonly parentId: string;
  readonly links: readonly SpanLink[];
  /** Name of the profile that read it. */
  readonly profile: string;
  readonly role: Role;
  /** `gen_ai.operation.name` or its equivalent; for metric points the metric's name. Low cardinality. */
  readonly operation: string;
  readonly scope: string;
  readonly service: string;
  /** The process, for matching copies that share a clock: service name and instance. */
  readonly process: string;
  /** Microseconds since the epoch. */
  readonly startUs: number;
  readonly endUs: number;

  readonly usage: Usage | undefined;
  readonly grain: Grain;
  readonly usageSource: UsageSource;
  readonly coverage: Coverage;
  /** Of a call with usage: it may as well be the sum of the calls below it. Their numbers decide (`book/coverage.ts`). */
  readonly mayBeSum: boolean;
  readonly wireDistance: WireDistance;
  readonly authority: Authority | undefined;
  /**
   * Model calls this record stands for: 1 for a call, 0 for what only adds tokens, `count` of a histogram. An agent's go that says
   * how many it made is a turn although none of them is below it.
   */
  readonly calls: number;

  readonly provider: string;
  /** The model that answered, else the one asked for. */
  readonly model: string;
  readonly requestModel: string;
  /** The provider's id of the answer; '' where it is no such thing (a UUID, a request id of our own making). */
  readonly responseId: string;
  readonly serviceTier: string;
  readonly claim: CostClaim | undefined;
  readonly charges: readonly Charge[];
  readonly timeToFirstTokenUs: number;

  readonly session: string;
  readonly sessionRank: SessionRank;
  /** A conversation id: the outermost of a trace names the session where no application did. */
  readonly conversation: string;
  readonly agent: string;
  /** Opaque agent id, to be named by an alias. */
  readonly agentId: string;
  /** True where calls below that name no agent must not inherit one from above. */
  readonly endsAgent: boolean;
  /** For role `agent`: may this be a turn? A chat manager or a tool executor may not. */
  readonly canBeTurn: boolean;
  readonly workflow: string;
  /** Of the workflow; '' where none is named. */
  readonly workflowVersion: string;
  readonly user: string;
  readonly tool: string;
  readonly toolCallId: string;
  /** Agent that is handed over to, for handoffs and transfer tools. */
  readonly handoffTo: string;
  /** What a call was for, where it is not an agent's own: `speaker_selection`, `summary`, `utility`. */
  readonly purpose: string;
  /** Class of the failure, '' when it succeeded. Control flow (handoffs, interrupts) is no failure. */
  readonly error: string;
  readonly alias: Alias | undefined;
  /** What was noticed and repaired while reading, see `notes.ts`. */
  readonly notes: readonly Note[];
}

/** Stable key of an observation within its tenant. */
export function observationKey(observation: Observation): string {
  return observation.signal === 'span'
    ? `${observation.traceId}/${observation.id}`
    : `${observation.signal}/${observation.id}`;
}
