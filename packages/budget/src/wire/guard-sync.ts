// What a guard and the aggregator tell each other, in the background: `POST /api/v1/guard/sync`, and the events of
// `GET /api/v1/guard/events` (server-sent). JSON, snake_case; money is whole nano-USD.

import type { PolicyDocument } from './policy-document.ts';

/** One session that runs in the guard's process. */
export interface GuardSession {
  readonly session_id: string;
  readonly workflow: string | null;
  readonly workflow_version: string | null;
  /** Settled in this process, of this session, since it began here. Only grows. */
  readonly spent_nano_usd: number;
  readonly spent_tokens: number;
  /** Reserved for calls that are under way. */
  readonly reserved_nano_usd: number;
  readonly reserved_tokens: number;
  /** What the guard may spend in all by the lease it holds; 0 without one. */
  readonly leased_nano_usd: number;
  readonly leased_tokens: number;
  /** True once the session has ended here: its lease is given back. */
  readonly is_over: boolean;
}

export interface GuardSyncRequest {
  /** Made up once per process; who holds a lease. */
  readonly guard_id: string;
  /** Counts up with each request of this guard: an older one that arrives late changes nothing. */
  readonly sequence: number;
  readonly sessions: readonly GuardSession[];
  /** Workflows whose baselines are wanted, also before a session of them runs. */
  readonly workflows: readonly string[];
  /** What was done since the last request that was answered. */
  readonly actions: readonly GuardAction[];
}

/** What a guard did; kept for people and counted in metrics. */
export interface GuardAction {
  readonly session_id: string;
  readonly workflow: string | null;
  readonly action: 'notify' | 'degrade' | 'pause' | 'resume' | 'stop' | 'override';
  /** Which limit made it: `shares.stop`, `usd.critical`, `kill_switch`, `lease`. */
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface GuardSessionAnswer {
  readonly session_id: string;
  /** What the aggregator has counted of this session, from all processes and producers. */
  readonly counted_nano_usd: number;
  readonly counted_tokens: number;
  /** Spent and reserved by other guards of the session, as they told last. */
  readonly elsewhere_nano_usd: number;
  readonly elsewhere_tokens: number;
  /** The reserved part of it, which may be given back. */
  readonly elsewhere_reserved_nano_usd: number;
  readonly elsewhere_reserved_tokens: number;
  /**
   * What this guard may spend of the session in all, from its first call there on: leases of all guards together never exceed the
   * session's limit. Null where the session has no limit of that unit.
   */
  readonly leased_nano_usd: number | null;
  readonly leased_tokens: number | null;
  /** RFC 3339; a guard that is silent until then gives up what it has not spent of it. */
  readonly lease_expires_at: string | null;
  readonly stop: StopOrder | null;
}

/** Somebody wants a session, or all of a workflow, to stop. */
export interface StopOrder {
  readonly reason: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface BaselineDocument {
  readonly workflow: string;
  readonly version: string | null;
  readonly n: number;
  readonly mean_nano_usd: number | null;
  readonly sd_nano_usd: number | null;
}

export interface GuardSyncAnswer {
  /** Of the tenant: changes whenever one of its policies does. */
  readonly policy_version: number;
  /** Of the tenant, and those for all tenants. */
  readonly policies: readonly PolicyDocument[];
  /** Of each workflow asked for and of those of the sessions, by version and in all. */
  readonly baselines: readonly BaselineDocument[];
  readonly sessions: readonly GuardSessionAnswer[];
  /** Workflows that are stopped as a whole. */
  readonly stopped_workflows: readonly ({ readonly workflow: string } & StopOrder)[];
  /** When to ask again at the latest, in milliseconds. */
  readonly next_sync_ms: number;
}

/** `event:` names of `GET /api/v1/guard/events`; `data:` is JSON. A guard that gets one syncs at once, and obeys a stop right away. */
export const GuardEvent = {
  /** `{session_id, …StopOrder}` */
  STOP_SESSION: 'stop_session',
  /** `{workflow, …StopOrder}` */
  STOP_WORKFLOW: 'stop_workflow',
  /** `{session_id}` or `{workflow}`: a stop was taken back. */
  RELEASE: 'release',
  /** `{policy_version}` */
  POLICIES: 'policies',
} as const;
export type GuardEvent = (typeof GuardEvent)[keyof typeof GuardEvent];
