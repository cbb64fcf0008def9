import type { Authorship } from '../policies/policies.ts';

export const StopKind = { SESSION: 'session', WORKFLOW: 'workflow' } as const;
export type StopKind = (typeof StopKind)[keyof typeof StopKind];

/** What is to stop: a session by its id, or all sessions of a workflow by its name. */
export interface StopTarget {
  readonly tenant: string;
  readonly kind: StopKind;
  readonly target: string;
}

export interface Stop extends StopTarget, Authorship {
  readonly reason: string;
}

export interface StopChange extends Stop {
  readonly cursor: number;
  readonly isReleased: boolean;
}

export interface Stops {
  /** Again for what is stopped already: the first order stays, and is what comes back. */
  stop(stop: Stop): Promise<Stop>;
  /** False if nothing was stopped. */
  release(release: StopTarget & Authorship & { readonly reason?: string | undefined }): Promise<boolean>;
  /** Of one tenant, or of all. Newest first. */
  list(filter?: {
    readonly tenant?: string | undefined;
    readonly limit?: number | undefined;
  }): Promise<readonly Stop[]>;
  find(target: StopTarget): Promise<Stop | undefined>;
  /** Stops and releases after a cursor, oldest first; start with `changes.latestCursor()` and `list()`. */
  changesSince(cursor: number, limit?: number): Promise<readonly StopChange[]>;
}
