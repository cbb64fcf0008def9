import type { JsonDocument } from '../json-value.ts';

/** What a change is about. */
export const ChangeTopic = {
  STOP: 'stop',
  RELEASE: 'release',
  POLICIES: 'policies',
  ALERT_RULES: 'alert_rules',
  KEYS: 'keys',
} as const;
export type ChangeTopic = (typeof ChangeTopic)[keyof typeof ChangeTopic];

export interface Change {
  /** Counts up in the order in which changes became visible: none appears behind one that was read. */
  readonly cursor: number;
  readonly topic: ChangeTopic;
  readonly tenant: string;
  /** `{version}` of policies, `{kind, target, reason, by, atMs}` of stops … */
  readonly document: JsonDocument;
  readonly atMs: number;
}

/** What was written, for all who hold copies of it: each aggregator polls. */
export interface Changes {
  /** Where the newest change is: what starts now asks since here. */
  latestCursor(): Promise<number>;
  /** Oldest first. @param limit `@default 1000` */
  since(cursor: number, limit?: number): Promise<readonly Change[]>;
  /** Forgets old ones; resolves to how many. Whoever was away for longer has to read everything anew. */
  prune(beforeMs: number): Promise<number>;
}
