// In: a running session. Out: what it will have cost, from a history of its workflow that is kept ready. Refused: nothing; whoever asks for
// the first time waits for the history to be read, all others get the one that is there while a newer one is made.

import {
  historyPreparation,
  type NoProjection,
  type Projection,
  projectEndCost,
  type RunningSession,
  type SessionHistory,
} from '@turnmeter/budget';
import { inSteps } from '../in-steps.ts';
import type { Queries } from '../query/queries.ts';

export interface ProjectorOptions {
  readonly queries: Pick<Queries, 'workflowHistory'>;
  /** Hears why a history could not be read again; the one that was known is answered then. */
  readonly onFailure: (error: unknown) => void;
  /** How old a history may be without being made anew, ms. @default 10000 */
  readonly freshMs?: number;
  /** Since the epoch, ms. @default Date.now */
  readonly nowMs?: () => number;
}

/** A history with the time it is of. */
export interface KnownHistory {
  readonly history: SessionHistory;
  /** When it was read, ms since the epoch. */
  readonly readMs: number;
}

export type TimedProjection = (Projection | NoProjection) & Pick<KnownHistory, 'readMs'>;

const FRESH_MS = 10_000;
/** The same of one whose workflow has a session more: where many end, one reading is for all of a second. */
const NEWS_MS = 1000;
/** Turns of all histories that are kept together: some 40 bytes each. Those not used for longest go first. */
const TURNS_MAX = 1_000_000;
/** What a workflow without any session takes, in turns: names are made up faster than sessions. */
const WORKFLOW_WEIGHT = 100;

interface Kept {
  readonly known: KnownHistory;
  /** Turns, and what the workflow itself takes. */
  readonly weight: number;
  /** When somebody last began to read it anew, ms since the epoch. */
  readonly askedMs: number;
  /** A session was finalized since. */
  readonly hasNews: boolean;
}

/** Keeps histories of workflows, prepared for projections. */
export class Projector {
  readonly #options: ProjectorOptions;
  /** The one used last is the last. */
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<KnownHistory>>();
  /** Those to be read anew, for whom nobody waits. */
  readonly #due = new Set<string>();
  #refreshing: Promise<void> = Promise.resolve();
  #weight = 0;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  /** @throws QueryError where nothing is known yet and the database cannot be asked */
  async project(tenant: string, workflow: string, running: RunningSession): Promise<TimedProjection> {
    const { history, readMs } = await this.historyOf(tenant, workflow);
    return { ...projectEndCost(history, running), readMs };
  }

  /** @throws QueryError where nothing is known yet and the database cannot be asked */
  async historyOf(tenant: string, workflow: string): Promise<KnownHistory> {
    const key = keyOf(tenant, workflow);
    const kept = this.#kept.get(key);
    if (kept === undefined) return this.#read(key, tenant, workflow);
    const nowMs = this.#nowMs();
    const isOld = nowMs - kept.askedMs > (kept.hasNews ? NEWS_MS : (this.#options.freshMs ?? FRESH_MS));
    this.#kept.delete(key);
    // Of a reading that fails too: a database that is away is not helped by questions.
    this.#kept.set(key, isOld ? { ...kept, askedMs: nowMs, hasNews: false } : kept);
    if (isOld) this.#refresh(key, tenant, workflow);
    return kept.known;
  }

  /** One after the other: all of them at a time would keep those who ask waiting. */
  #refresh(key: string, tenant: string, workflow: string): void {
    if (this.#due.has(key)) return;
    this.#due.add(key);
    const before = this.#refreshing;
    const readAfter = async (): Promise<void> => {
      await before;
      this.#due.delete(key);
      await this.#read(key, tenant, workflow).catch(this.#options.onFailure);
    };
    this.#refreshing = readAfter();
  }

  /** A session of it was finalized: its history is read again soon, once somebody asks. */
  forget(tenant: string, workflow: string): void {
    const key = keyOf(tenant, workflow);
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#kept.set(key, { ...kept, hasNews: true });
  }

  #read(key: string, tenant: string, workflow: string): Promise<KnownHistory> {
    const reading = this.#reading.get(key);
    if (reading !== undefined) return reading;
    const next = this.#make(key, tenant, workflow).finally(() => this.#reading.delete(key));
    this.#reading.set(key, next);
    return next;
  }

  async #make(key: string, tenant: string, workflow: string): Promise<KnownHistory> {
    const readMs = this.#nowMs();
    const sessions = await this.#options.queries.workflowHistory(tenant, workflow);
    const known = { history: await inSteps(historyPreparation(sessions, this.#kept.get(key)?.known.history)), readMs };
    this.#keep(key, known);
    return known;
  }

  #keep(key: string, known: KnownHistory): void {
    const weight = known.history.sessions.reduce((sum, { costsNanoUsd }) => sum + costsNanoUsd.length, WORKFLOW_WEIGHT);
    this.#weight += weight - (this.#kept.get(key)?.weight ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, { known, weight, askedMs: known.readMs, hasNews: false });
    for (const [oldest, kept] of this.#kept) {
      if (this.#weight <= TURNS_MAX || oldest === key) break;
      this.#kept.delete(oldest);
      this.#weight -= kept.weight;
    }
  }

  #nowMs(): number {
    return (this.#options.nowMs ?? Date.now)();
  }
}

function keyOf(tenant: string, workflow: string): string {
  return JSON.stringify([tenant, workflow]);
}
