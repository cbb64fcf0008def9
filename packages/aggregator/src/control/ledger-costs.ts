// What sessions have cost by the ledger, for those who ask again and again: nobody waits for a query but the first, and however many
// sessions are asked for, one query reads those of a tenant.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Queries } from '../query/queries.ts';
import type { SessionCost } from '../query/session-costs.ts';
import { RecentMap } from './recent-map.ts';
import { within } from './within.ts';

export interface LedgerCostsOptions {
  readonly queries: Pick<Queries, 'sessionCosts'>;
  /** Hears why figures could not be read; those read before are answered then. */
  readonly onFailure: (error: unknown) => void;
  /** ms. @default performance.now */
  readonly nowMs?: () => number;
}

/** How old an answer may be without being read again meanwhile, ms. */
const FRESH_MS = 1000;
/** Older figures are of a session that nobody has asked for in a while: then somebody waits. */
const STALE_MS = 30_000;
/** How long somebody waits at most, ms: a check must be answered while the database is away. */
const WAIT_MS_MAX = 500;
/** How long sessions are gathered for one query, ms. */
const GATHER_MS = 10;
/** Sessions in one query. */
const BATCH_MAX = 2000;
/** Sessions that are remembered, some 300 bytes each. */
const SESSIONS_MAX = 100_000;

interface Known {
  readonly cost: SessionCost | undefined;
  readonly readMs: number;
}

export class LedgerCosts {
  readonly #options: LedgerCostsOptions;
  readonly #known = new RecentMap<string, Known>(SESSIONS_MAX);
  /** Sessions to be read next, by tenant, with the promise of their being read. */
  readonly #wanted = new Map<string, { readonly sessionIds: Set<string>; readonly done: Promise<void> }>();
  /** Of each session that is to be read or is being read: nobody asks for it again until it is. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(options: LedgerCostsOptions) {
    this.#options = options;
  }

  /**
   * What a session cost when somebody asked before, at most `staleMs` ago, or else what it costs now; undefined if the ledger knows nothing
   * of it, or could not be asked.
   */
  async of(tenant: string, sessionId: string, staleMs: number = STALE_MS): Promise<SessionCost | undefined> {
    const known = this.#known.get(keyOf(tenant, sessionId));
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() - known.readMs;
    if (ageMs <= FRESH_MS) return known?.cost;
    const reading = this.#want(tenant, sessionId);
    if (ageMs <= staleMs) return known?.cost;
    await within(WAIT_MS_MAX, reading);
    return this.#known.get(keyOf(tenant, sessionId))?.cost;
  }

  /** Takes over what somebody else has read. */
  learn(tenant: string, cost: SessionCost): void {
    this.#known.set(keyOf(tenant, cost.sessionId), { cost, readMs: this.#nowMs() });
  }

  #want(tenant: string, sessionId: string): Promise<void> {
    const key = keyOf(tenant, sessionId);
    const reading = this.#reading.get(key) ?? this.#gather(tenant, sessionId);
    this.#reading.set(key, reading);
    return reading;
  }

  #gather(tenant: string, sessionId: string): Promise<void> {
    const wanted = this.#wanted.get(tenant);
    if (wanted !== undefined && wanted.sessionIds.size < BATCH_MAX) {
      wanted.sessionIds.add(sessionId);
      return wanted.done;
    }
    const sessionIds = new Set([sessionId]);
    const done = sleep(GATHER_MS).then(() => this.#read(tenant, sessionIds));
    this.#wanted.set(tenant, { sessionIds, done });
    return done;
  }

  async #read(tenant: string, sessionIds: Set<string>): Promise<void> {
    if (this.#wanted.get(tenant)?.sessionIds === sessionIds) this.#wanted.delete(tenant);
    const { queries, onFailure } = this.#options;
    const costs = await queries.sessionCosts(tenant, [...sessionIds]).catch((error: unknown) => {
      onFailure(error);
      return undefined;
    });
    const readMs = this.#nowMs();
    for (const id of sessionIds) {
      const key = keyOf(tenant, id);
      // What could not be read counts as read: a database that is away is not helped by questions.
      this.#known.set(key, { cost: costs === undefined ? this.#known.get(key)?.cost : costs.get(id), readMs });
      this.#reading.delete(key);
    }
  }

  #nowMs(): number {
    return (this.#options.nowMs ?? performance.now.bind(performance))();
  }
}

/** No tenant has a line break in its name. */
function keyOf(tenant: string, sessionId: string): string {
  return `${tenant}\n${sessionId}`;
}
