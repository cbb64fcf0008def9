import type { AlertRules, AlertStates, Deliveries } from './alerts/alerts.ts';
import type { Balances } from './balances/balances.ts';
import type { Changes } from './changes/changes.ts';
import type { Keys } from './keys/keys.ts';
import type { Leases } from './leases/leases.ts';
import type { Locks } from './locks/locks.ts';
import type { Policies } from './policies/policies.ts';
import type { Stops } from './stops/stops.ts';

/** What must be unique and transactional. Every operation is one transaction, and durable when its promise resolves. */
export interface ControlStore {
  readonly policies: Policies;
  readonly stops: Stops;
  readonly leases: Leases;
  readonly keys: Keys;
  readonly alertRules: AlertRules;
  readonly alertStates: AlertStates;
  readonly deliveries: Deliveries;
  readonly balances: Balances;
  readonly changes: Changes;
  readonly locks: Locks;
  /** Whether others can write here too: false for a file of this process. */
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * Writes all that is committed into a new SQLite file, as of one moment, while the store is used.
   *
   * @throws ControlStoreError invalid if the store is a PostgreSQL database, which has tools of its own for that
   */
  copyTo(file: string): Promise<void>;
  /** Waits for what is under way, and closes. */
  stop(): Promise<void>;
}

export interface ControlStoreOptions {
  /** `postgres://user:password@host/database`; the tables are in the schema `turnmeter` there. */
  readonly url?: string | undefined;
  /** Path of an SQLite file; it is made if it is not there. Exactly one of the two. */
  readonly file?: string | undefined;
  /**
   * Hears why the thread that has the SQLite file open has ended, by a mistake of ours or for want of memory. Another one takes its place: a
   * tenth of a second later, and ever later where it goes on ending. What is asked meanwhile is refused as `unavailable`.
   */
  readonly onThreadEnd?: ((why: Error) => void) | undefined;
}
