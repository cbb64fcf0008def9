// What the harness and the process that it kills say to each other.

import type { Observation } from '@turnmeter/accounting';

/** How a writer is to run. Travels as JSON in its first argument. */
export interface WriterSettings {
  /** Of the segments. */
  readonly directory: string;
  /** A ClickHouse that runs elsewhere; undefined to run the embedded engine in the writer's care, which dies with it. */
  readonly url: string | undefined;
  /** Data of the embedded engine. */
  readonly engineDirectory: string;
  readonly database: string;
  /** The writer kills itself at the n-th call of a function, before or after it did its work. */
  readonly failPoint: FailPoint | undefined;
  /** What the writer's clock is off by, µs. */
  readonly clockOffsetUs: number;
  /** The disk seems to be full every other moment. */
  readonly isDiskFull: boolean;
}

/** A call to the operating system at which a process can die. */
export interface FailPoint {
  readonly call: FailCall;
  readonly at: number;
  readonly when: 'before' | 'after';
}

export const FAIL_CALLS = ['writev', 'datasync', 'sync', 'rename', 'rm', 'truncate', 'open', 'request'] as const;
export type FailCall = (typeof FAIL_CALLS)[number];

export type ToWriter =
  | { readonly kind: 'request'; readonly id: number; readonly observations: readonly Observation[] }
  | { readonly kind: 'stop' };

export type FromWriter =
  | {
      readonly kind: 'ready';
      readonly replayed: number;
      readonly enginePid: number | undefined;
    }
  | { readonly kind: 'acknowledged'; readonly id: number }
  /** To be sent again. */
  | { readonly kind: 'refused'; readonly id: number; readonly code: string }
  /** So many segments came into the database by so many INSERTs into one table, since the writer started. */
  | { readonly kind: 'saved'; readonly segments: number; readonly inserts: number }
  | { readonly kind: 'stopped'; readonly quarantined: readonly number[] };
