// Cost control in the service: what sessions may cost, what they have cost so far, who has to stop, and who hears of it. Copies of what is in
// the control store are held here, so that checks are answered from memory, also while the store is away.

import type { GuardSyncAnswer, GuardSyncRequest, PolicyScope, ResolvedPolicy } from '@turnmeter/budget';
import { resolvePolicy } from '@turnmeter/budget';
import { type ControlStore, type PolicySet, type Stop, type StopKind } from '@turnmeter/control-store';
import type { Logger } from 'pino';
import type { Assessment } from '../assess/assessor.ts';
import type { Keyring } from '../keyring.ts';
import type { Queries } from '../query/queries.ts';
import type { Telemetry } from '../telemetry.ts';
import { Baselines } from './baselines.ts';
import { ChangeFeed } from './change-feed.ts';
import { EventHub } from './event-hub.ts';
import { type FinalStanding, finalStanding } from './final-standing.ts';
import { GuardActions } from './guard-actions.ts';
import { GuardBoard } from './guard-board.ts';
import { LedgerCosts } from './ledger-costs.ts';
import { EVERY_TENANT, PolicyBook } from './policy-book.ts';
import { checkPolicyList, type PolicyWriting } from './policy-writing.ts';
import { Projector } from './projector.ts';
import { SessionVersions } from './session-versions.ts';
import { type SessionNews, SessionWatch } from './session-watch.ts';
import { Standings } from './standings.ts';
import { StopBoard, type StopNews } from './stop-board.ts';
import { StoredKeys } from './stored-keys.ts';

export interface ControlOptions {
  readonly store: ControlStore;
  readonly queries: Queries;
  readonly keyring: Keyring;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** When the oldest came that was accepted and is not in the database yet, µs; undefined while there is nothing. */
  readonly unsavedSinceUs?: (() => number | undefined) | undefined;
  /** µs since the epoch. @default the system's clock */
  readonly nowUs?: (() => number) | undefined;
}

/** What a guard has to hear at once. */
export type GuardNews = StopNews | { readonly is: 'policies' };

export interface WritePolicies {
  readonly tenant: string;
  readonly list: readonly unknown[];
  readonly by: string;
  readonly atMs: number;
  readonly expectedVersion?: number | undefined;
}

export interface StopRequest {
  readonly tenant: string;
  readonly kind: StopKind;
  readonly target: string;
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/** How often what is old is removed from the control store, ms. */
const TIDY_MS = 600_000;
/** How long sessions of which no guard tells are remembered, ms: their leases have ended long before. */
const LEASES_KEPT_MS = 86_400_000;
/** How long changes are, ms: whoever did not ask for longer reads all anew. */
const CHANGES_KEPT_MS = 7 * 86_400_000;

export class Control {
  readonly store: ControlStore;
  readonly policies: PolicyBook;
  readonly stops: StopBoard;
  readonly versions: SessionVersions = new SessionVersions();
  readonly baselines: Baselines;
  readonly costs: LedgerCosts;
  readonly projector: Projector;
  readonly standings: Standings;
  readonly actions: GuardActions;
  readonly guardNews: EventHub<GuardNews> = new EventHub();
  readonly sessionNews: EventHub<SessionNews> = new EventHub();
  readonly watch: SessionWatch;
  readonly #queries: Queries;
  readonly #onFailure: (error: unknown) => void;
  readonly #guards: GuardBoard;
  readonly #feed: ChangeFeed;
  #tidying: NodeJS.Timeout | undefined;

  constructor(options: ControlOptions) {
    const { store, queries, keyring, telemetry, logger, nowUs = () => Date.now() * 1000 } = options;
    const onFailure = atTimes((error: unknown): void => {
      logger.warn({ err: error }, 'figures for cost control could not be read');
    });
    this.store = store;
    this.#queries = queries;
    this.#onFailure = onFailure;
    this.policies = new PolicyBook({ store, logger, onChange: (tenant) => this.#tellPolicies(tenant) });
    this.stops = new StopBoard({ store, onNews: (news) => this.#tellStop(news) });
    this.baselines = new Baselines({ queries, onFailure });
    this.costs = new LedgerCosts({ queries, onFailure });
    this.actions = new GuardActions(telemetry);
    this.projector = new Projector({ queries, onFailure });
    const { policies, stops, baselines, costs, projector, versions } = this;
    this.standings = new Standings({ policies, baselines, projector, onFailure });
    this.#guards = new GuardBoard({ store, policies, baselines, costs, stops, versions });
    this.watch = new SessionWatch({
      queries,
      costs,
      nowUs,
      onFailure,
      hub: this.sessionNews,
      unsavedSinceUs: options.unsavedSinceUs,
      onFinalized: (tenant, workflow) => this.learnFinalized(tenant, workflow),
    });
    const followers = [new StoredKeys(store, keyring), this.policies, this.stops];
    this.#feed = new ChangeFeed({ store, followers, logger });
  }

  /** Why the control store cannot be read, '' if it can. */
  get trouble(): string {
    return this.#feed.trouble;
  }

  /** @throws ControlStoreError if what is in the store cannot be read: who may do what is not known then */
  async start(): Promise<void> {
    await this.#feed.start();
    this.watch.start();
    this.#tidying = setInterval(() => void this.#tidy().catch(this.#onFailure), TIDY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#tidying);
    await this.watch.stop();
    await this.#feed.stop();
  }

  /** A session of a workflow was finalized: what is known of them is old. */
  learnFinalized(tenant: string, workflow: string): void {
    this.baselines.forget(tenant, workflow);
    this.projector.forget(tenant, workflow);
  }

  /** How a session that was finalized stood; undefined where policies or other sessions cannot be read: it is finalized nevertheless. */
  async judge(assessment: Assessment): Promise<FinalStanding | undefined> {
    const { tenant, workflow } = assessment.summary.figures;
    this.learnFinalized(tenant, workflow);
    try {
      return await finalStanding(assessment, {
        policies: this.policies,
        queries: this.#queries,
        versions: this.versions,
      });
    } catch (error) {
      this.#onFailure(error);
      return undefined;
    }
  }

  /** What was written last, past all copies. */
  policySet(tenant: string): Promise<PolicySet> {
    return this.store.policies.list(tenant);
  }

  /** Writes a whole list, unless something in it cannot be. @throws ControlStoreError version_conflict, unavailable */
  async writePolicies({ tenant, list, ...writing }: WritePolicies): Promise<PolicyWriting> {
    const isGeneral = tenant === EVERY_TENANT;
    const { rules } = isGeneral ? { rules: [] } : await this.policies.of(tenant);
    const general = rules.filter(({ scope }) => scope.tenant === undefined);
    const checked = checkPolicyList(list, { tenant: isGeneral ? undefined : tenant, general });
    if (checked.problems !== undefined) return checked;
    await this.store.policies.put({ tenant, documents: checked.documents, ...writing });
    await this.#feed.catchUp();
    return checked;
  }

  /** What holds for sessions of a tenant's workflow, or a part of them. */
  async resolve(
    place: PolicyScope & { readonly tenant: string },
  ): Promise<{ policy: ResolvedPolicy; version: number }> {
    const { rules, version } = await this.policies.of(place.tenant);
    return { policy: resolvePolicy(rules, place), version };
  }

  /** Everybody who listens here has heard of it when this resolves. */
  async order(request: StopRequest): Promise<Stop> {
    const stop = await this.store.stops.stop(request);
    await this.#feed.catchUp();
    return stop;
  }

  /** False if nothing was stopped. */
  async release(release: Omit<StopRequest, 'reason'>): Promise<boolean> {
    const wasStopped = await this.store.stops.release(release);
    await this.#feed.catchUp();
    return wasStopped;
  }

  /** Brings all copies up to date with what was written. */
  catchUp(): Promise<void> {
    return this.#feed.catchUp();
  }

  async sync(tenant: string, request: GuardSyncRequest, nowMs: number): Promise<GuardSyncAnswer> {
    for (const action of this.actions.add(tenant, request.actions)) {
      this.sessionNews.publish(tenant, { is: 'guard', action });
    }
    return this.#guards.sync(tenant, request, nowMs);
  }

  async #tidy(): Promise<void> {
    const nowMs = Date.now();
    await this.store.balances.expireDue(nowMs);
    await this.store.leases.prune(nowMs - LEASES_KEPT_MS);
    await this.store.changes.prune(nowMs - CHANGES_KEPT_MS);
  }

  #tellPolicies(tenant: string): void {
    const tenants = tenant === EVERY_TENANT ? this.guardNews.tenants : [tenant];
    for (const one of tenants) this.guardNews.publish(one, { is: 'policies' });
  }

  #tellStop(news: StopNews): void {
    const tenant = news.is === 'stop' ? news.stop.tenant : news.tenant;
    this.guardNews.publish(tenant, news);
    this.sessionNews.publish(tenant, news);
  }
}

/** Complains at most so often, ms: while the database is away every check would. */
const COMPLAIN_MS = 10_000;

function atTimes(complain: (error: unknown) => void): (error: unknown) => void {
  let silentUntilMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    const nowMs = performance.now();
    if (nowMs < silentUntilMs) return;
    silentUntilMs = nowMs + COMPLAIN_MS;
    complain(error);
  };
}
