// Sees the figures of sessions move, for those who listen: one question a tenant for all of them, none where nobody listens.

import type { GuardAction } from '@turnmeter/budget';
import type { Queries } from '../query/queries.ts';
import type { SessionCost } from '../query/session-costs.ts';
import type { EventHub } from './event-hub.ts';
import type { LedgerCosts } from './ledger-costs.ts';
import type { StopNews } from './stop-board.ts';

/** What those hear who watch sessions. */
export type SessionNews =
  | { readonly is: 'moved'; readonly cost: SessionCost }
  | { readonly is: 'finalized'; readonly cost: SessionCost }
  | { readonly is: 'guard'; readonly action: GuardAction }
  | StopNews;

export interface SessionWatchOptions {
  readonly queries: Pick<
    Queries,
    'movedSessions' | 'finalizedSince' | 'finalizedAmong' | 'sessionCosts' | 'runningCosts'
  >;
  readonly hub: EventHub<SessionNews>;
  readonly costs: LedgerCosts;
  readonly onFinalized: (tenant: string, workflow: string) => void;
  readonly onFailure: (error: unknown) => void;
  readonly unsavedSinceUs?: (() => number | undefined) | undefined;
  readonly nowUs: () => number;
  /** @default 400 */
  readonly everyMs?: number;
}

/** Between two looks: what moves is told at most so often. */
const EVERY_MS = 400;
/** How far back bookings are looked for, µs: they carry the time at which they were decided, and are in the database a moment later. */
const LOOK_BACK_US = 15e6;
/** Sessions in one look, and in what a stream begins with. */
export const SESSIONS_WATCHED_MAX = 1000;

/** What was told last of the sessions of a tenant, by id. */
interface Watched {
  /** What was finalized before is told by those who ask for it. */
  readonly sinceUs: number;
  moved: ReadonlyMap<string, string>;
  finalized: ReadonlyMap<string, number>;
}

export class SessionWatch {
  readonly #options: SessionWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: SessionWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#lookAtAll().then(() => this.start());
    }, this.#options.everyMs ?? EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** All sessions of a tenant that run, the latest first; what is told later is what moves from here on. */
  async running(tenant: string): Promise<readonly SessionCost[]> {
    const watched = this.#of(tenant);
    const costs = await this.#options.queries.runningCosts(tenant, SESSIONS_WATCHED_MAX);
    watched.moved = new Map([...watched.moved, ...figuresById(costs)]);
    return [...costs.values()].toSorted((a, b) => b.beganUs - a.beganUs);
  }

  /** Sessions that were finalized, or amended, after a time, µs. */
  async finalizedSince(tenant: string, sinceUs: number): Promise<readonly SessionCost[]> {
    const { queries } = this.#options;
    const finalized = await queries.finalizedSince(tenant, sinceUs, SESSIONS_WATCHED_MAX);
    return [...(await queries.sessionCosts(tenant, [...finalized.keys()])).values()];
  }

  #of(tenant: string): Watched {
    const known = this.#watched.get(tenant);
    if (known !== undefined) return known;
    const watched = { sinceUs: this.#options.nowUs(), moved: new Map(), finalized: new Map() };
    this.#watched.set(tenant, watched);
    return watched;
  }

  async #lookAtAll(): Promise<void> {
    const tenants = this.#options.hub.tenants;
    for (const tenant of this.#watched.keys()) if (!tenants.includes(tenant)) this.#watched.delete(tenant);
    for (const tenant of tenants) {
      if (this.#isStopped) return;
      try {
        await this.#look(tenant);
      } catch (error) {
        this.#options.onFailure(error);
      }
    }
  }

  async #look(tenant: string): Promise<void> {
    const { queries, nowUs, unsavedSinceUs } = this.#options;
    const watched = this.#of(tenant);
    const savedUs = Math.min(nowUs(), unsavedSinceUs?.() ?? Number.POSITIVE_INFINITY);
    const sinceUs = Math.max(0, savedUs - LOOK_BACK_US);
    const [moved, finalized] = await Promise.all([
      queries.movedSessions(tenant, sinceUs, SESSIONS_WATCHED_MAX),
      queries.finalizedSince(tenant, Math.max(watched.sinceUs, sinceUs), SESSIONS_WATCHED_MAX),
    ]);
    await this.#tellMoved(tenant, watched, moved);
    await this.#tellFinalized(tenant, watched, finalized);
  }

  async #tellMoved(tenant: string, watched: Watched, moved: ReadonlyMap<string, SessionCost>): Promise<void> {
    const { queries, hub, costs } = this.#options;
    const figures = figuresById(moved);
    const news = [...moved.values()].filter(({ sessionId }) => watched.moved.get(sessionId) !== figures.get(sessionId));
    // What comes for those that are over is told when it is in their summary.
    const over = await queries.finalizedAmong(
      tenant,
      news.map(({ sessionId }) => sessionId),
    );
    for (const cost of news) {
      costs.learn(tenant, cost);
      if (!over.has(cost.sessionId)) hub.publish(tenant, { is: 'moved', cost });
    }
    // What has not moved within the time that is looked back at is not found again until it does.
    watched.moved = figures;
  }

  async #tellFinalized(tenant: string, watched: Watched, finalized: ReadonlyMap<string, number>): Promise<void> {
    const { queries, hub, onFinalized } = this.#options;
    const news = [...finalized].filter(([id, version]) => watched.finalized.get(id) !== version).map(([id]) => id);
    const costs = await queries.sessionCosts(tenant, news);
    for (const cost of costs.values()) {
      onFinalized(tenant, cost.workflow);
      hub.publish(tenant, { is: 'finalized', cost });
    }
    watched.finalized = finalized;
  }
}

function figuresById(costs: ReadonlyMap<string, SessionCost>): ReadonlyMap<string, string> {
  return new Map([...costs].map(([sessionId, cost]) => [sessionId, figuresOf(cost)]));
}

/** What is told of a session, to compare: equal figures are no news. */
export function figuresOf({ costNanoUsd, tokens, turns, inferences, errors, lastUs, workflow }: SessionCost): string {
  return JSON.stringify([`${costNanoUsd}`, tokens, turns, inferences, errors, lastUs, workflow]);
}
