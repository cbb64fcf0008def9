import type { JsonDocument } from '../json-value.ts';
import type { Authorship } from '../policies/policies.ts';

/** A rule as its tenant wrote it. */
export interface AlertRule extends Authorship {
  readonly tenant: string;
  readonly id: string;
  /** Of this rule; counts up with each writing. */
  readonly version: number;
  readonly document: JsonDocument;
}

export interface PutAlertRule extends Authorship {
  readonly tenant: string;
  readonly id: string;
  readonly document: JsonDocument;
  /** Refuses to write over a version that the writer has not seen; 0: only if there is none. */
  readonly expectedVersion?: number | undefined;
}

export interface AlertRules {
  /** Of one tenant, or of all; by tenant and id. */
  list(tenant?: string): Promise<readonly AlertRule[]>;
  find(tenant: string, id: string): Promise<AlertRule | undefined>;
  /** @throws ControlStoreError version_conflict */
  put(rule: PutAlertRule): Promise<AlertRule>;
  /** With its states; what is to be delivered still is. False if there is none. */
  remove(removal: Authorship & { readonly tenant: string; readonly id: string }): Promise<boolean>;
}

/** How it stands with a rule, or with one of the series it watches. */
export interface AlertState {
  readonly tenant: string;
  readonly ruleId: string;
  /** Which series of the rule; the same for the same labels. */
  readonly fingerprint: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly sinceMs: number;
  readonly lastDeliveryMs: number | null;
  /** Labels, value and whatever else the evaluation keeps. */
  readonly document: JsonDocument;
}

export interface AlertStates {
  /** Of one tenant, or of all. */
  list(filter?: {
    readonly tenant?: string | undefined;
    readonly ruleId?: string | undefined;
  }): Promise<readonly AlertState[]>;
  put(states: readonly AlertState[]): Promise<void>;
  remove(states: readonly Pick<AlertState, 'tenant' | 'ruleId' | 'fingerprint'>[]): Promise<void>;
}

export const DeliveryOutcome = { WAITING: 'waiting', DELIVERED: 'delivered', FAILED: 'failed' } as const;
export type DeliveryOutcome = (typeof DeliveryOutcome)[keyof typeof DeliveryOutcome];

/** A message to a webhook. */
export interface Delivery {
  /** Made up by who enqueues; the same id twice is one delivery. */
  readonly id: string;
  readonly tenant: string;
  readonly ruleId: string;
  readonly url: string;
  /** As it is sent, so that its signature stays right. */
  readonly body: string;
  /** Headers, secret's name and whatever else the sender keeps. */
  readonly document: JsonDocument;
  readonly attempts: number;
  readonly nextAttemptMs: number;
  readonly outcome: DeliveryOutcome;
  /** What came of the last attempt: a status, an error. */
  readonly detail: string | null;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
}

export type NewDelivery = Pick<
  Delivery,
  'id' | 'tenant' | 'ruleId' | 'url' | 'body' | 'document' | 'createdAtMs' | 'nextAttemptMs'
>;

/** The queue of what is to be sent. Each is sent at least once: by who claimed it, or by another after the claim ran out. */
export interface Deliveries {
  /** False if one with this id is there. */
  enqueue(delivery: NewDelivery): Promise<boolean>;
  /** Due ones, earliest first; they count as tried, and are nobody else's until `nowMs + claimMs`. */
  claimDue(claim: {
    readonly nowMs: number;
    readonly claimMs: number;
    readonly limit: number;
  }): Promise<readonly Delivery[]>;
  /** It failed, and is to be tried again. */
  retry(retry: { readonly id: string; readonly nextAttemptMs: number; readonly detail: string }): Promise<void>;
  finish(end: {
    readonly id: string;
    readonly outcome: 'delivered' | 'failed';
    readonly detail: string | null;
    readonly atMs: number;
  }): Promise<void>;
  /** Newest first. */
  list(filter: {
    readonly tenant: string;
    readonly ruleId?: string | undefined;
    readonly outcome?: DeliveryOutcome | undefined;
    /** @default 100 */
    readonly limit?: number | undefined;
  }): Promise<readonly Delivery[]>;
  /** Forgets finished ones; resolves to how many. */
  prune(beforeMs: number): Promise<number>;
}
