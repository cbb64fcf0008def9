// In: what a guard tells of the sessions in its process. Out: what it has to know: policies, baselines, what the ledger has counted, what
// other guards spent, how much it may spend itself, and what is to stop. Refused: nothing; a guard may lie about its own tenant only.

import type {
  BaselineDocument,
  CostBaseline,
  GuardSession,
  GuardSessionAnswer,
  GuardSyncAnswer,
  GuardSyncRequest,
  StopOrder,
} from '@turnmeter/budget';
import { type ControlStore, type LeaseAnswer, type Stop, StopKind } from '@turnmeter/control-store';
import type { SessionCost } from '../query/session-costs.ts';
import type { Baselines } from './baselines.ts';
import type { LedgerCosts } from './ledger-costs.ts';
import type { PolicyBook, TenantPolicies } from './policy-book.ts';
import { sessionLimits } from './session-limits.ts';
import type { SessionVersions } from './session-versions.ts';
import type { StopBoard } from './stop-board.ts';

export interface GuardBoardParts {
  readonly store: Pick<ControlStore, 'leases'>;
  readonly policies: PolicyBook;
  readonly baselines: Baselines;
  readonly costs: LedgerCosts;
  readonly stops: StopBoard;
  readonly versions: SessionVersions;
}

/** How long a guard may be silent before what it has not spent goes to others, ms. */
const LEASE_MS = 30_000;
/** When a guard with sessions asks again at the latest, ms; and one without. */
const NEXT_SYNC_MS = 2000;
const NEXT_SYNC_IDLE_MS = 10_000;
/** Leases that are asked for at once; each is a transaction. */
const LEASES_AT_ONCE = 16;

export class GuardBoard {
  readonly #parts: GuardBoardParts;

  constructor(parts: GuardBoardParts) {
    this.#parts = parts;
  }

  /** @throws ControlStoreError while the control store is away: a guard then goes by what it has. */
  async sync(tenant: string, request: GuardSyncRequest, nowMs: number): Promise<GuardSyncAnswer> {
    for (const { session_id, workflow_version } of request.sessions) {
      if (workflow_version !== null) this.#parts.versions.learn(tenant, session_id, workflow_version);
    }
    const policies = await this.#parts.policies.of(tenant);
    const baselines = await this.#baselinesFor(tenant, request);
    const counted = await this.#countedOf(tenant, request);
    const sessions: GuardSessionAnswer[] = [];
    for (let at = 0; at < request.sessions.length; at += LEASES_AT_ONCE) {
      const some = request.sessions.slice(at, at + LEASES_AT_ONCE);
      const asking = some.map((session) => this.#answer({ policies, baselines, counted, request, session, nowMs }));
      sessions.push(...(await Promise.all(asking)));
    }
    return {
      policy_version: policies.version,
      policies: [...policies.own.documents, ...policies.general.documents],
      baselines: [...baselines.values()].flat().map(baselineDocument),
      sessions,
      stopped_workflows: this.#parts.stops
        .list(tenant)
        .filter(({ kind }) => kind === StopKind.WORKFLOW)
        .map((stop) => ({ workflow: stop.target, ...stopOrder(stop) })),
      next_sync_ms: request.sessions.some(({ is_over }) => !is_over) ? NEXT_SYNC_MS : NEXT_SYNC_IDLE_MS,
    };
  }

  async #baselinesFor(
    tenant: string,
    { sessions, workflows }: GuardSyncRequest,
  ): Promise<ReadonlyMap<string, readonly CostBaseline[]>> {
    const wanted = new Set([...workflows, ...sessions.flatMap(({ workflow }) => workflow ?? [])]);
    const found = await Promise.all([...wanted].map((workflow) => this.#parts.baselines.of(tenant, workflow)));
    return new Map(found.map(({ workflow, baselines }) => [workflow, baselines]));
  }

  /** As they are now, since a guard asks in the background; all at once, so that one question reads them. */
  async #countedOf(tenant: string, { sessions }: GuardSyncRequest): Promise<ReadonlyMap<string, SessionCost>> {
    const found = await Promise.all(sessions.map(({ session_id }) => this.#parts.costs.of(tenant, session_id, 0)));
    return new Map(found.flatMap((cost) => (cost === undefined ? [] : [[cost.sessionId, cost]])));
  }

  async #answer({
    policies,
    baselines,
    counted,
    request,
    session,
    nowMs,
  }: SessionQuestion): Promise<GuardSessionAnswer> {
    const { store, stops } = this.#parts;
    const { tenant } = policies;
    const { session_id, workflow, workflow_version } = session;
    const cost = counted.get(session_id);
    const limits = sessionLimits(policies, {
      workflow: workflow ?? undefined,
      version: workflow_version ?? undefined,
      baselines: workflow === null ? [] : (baselines.get(workflow) ?? []),
    });
    const countedNanoUsd = Math.max(0, Number(cost?.costNanoUsd ?? 0n));
    const countedTokens = Math.max(0, cost?.tokens ?? 0);
    const lease = await store.leases.sync({
      tenant,
      session: session_id,
      guard: request.guard_id,
      sequence: request.sequence,
      spentNanoUsd: session.spent_nano_usd,
      spentTokens: session.spent_tokens,
      reservedNanoUsd: session.reserved_nano_usd,
      reservedTokens: session.reserved_tokens,
      heldNanoUsd: session.leased_nano_usd,
      heldTokens: session.leased_tokens,
      ...limits,
      countedNanoUsd,
      countedTokens,
      isOver: session.is_over,
      ttlMs: LEASE_MS,
      nowMs,
    });
    const stop = stops.of(tenant, session_id, workflow);
    return sessionAnswer(session, { countedNanoUsd, countedTokens, lease, stop });
  }
}

interface SessionQuestion {
  readonly policies: TenantPolicies;
  readonly baselines: ReadonlyMap<string, readonly CostBaseline[]>;
  /** By the ledger. */
  readonly counted: ReadonlyMap<string, SessionCost>;
  readonly request: GuardSyncRequest;
  readonly session: GuardSession;
  readonly nowMs: number;
}

interface SessionKnowledge {
  readonly countedNanoUsd: number;
  readonly countedTokens: number;
  readonly lease: LeaseAnswer;
  readonly stop: Stop | undefined;
}

function sessionAnswer(
  { session_id }: GuardSession,
  { countedNanoUsd, countedTokens, lease, stop }: SessionKnowledge,
): GuardSessionAnswer {
  return {
    session_id,
    counted_nano_usd: countedNanoUsd,
    counted_tokens: countedTokens,
    elsewhere_nano_usd: lease.elsewhereNanoUsd,
    elsewhere_tokens: lease.elsewhereTokens,
    elsewhere_reserved_nano_usd: lease.elsewhereReservedNanoUsd,
    elsewhere_reserved_tokens: lease.elsewhereReservedTokens,
    leased_nano_usd: lease.leasedNanoUsd,
    leased_tokens: lease.leasedTokens,
    lease_expires_at: lease.expiresAtMs === null ? null : new Date(lease.expiresAtMs).toISOString(),
    stop: stop === undefined ? null : stopOrder(stop),
  };
}

export function stopOrder({ reason, by, atMs }: Stop): StopOrder {
  return { reason, by, at: new Date(atMs).toISOString() };
}

function baselineDocument({ workflow, version, n, meanNanoUsd, sdNanoUsd }: CostBaseline): BaselineDocument {
  return {
    workflow,
    version: version ?? null,
    n,
    mean_nano_usd: meanNanoUsd === undefined ? null : Math.round(meanNanoUsd),
    sd_nano_usd: sdNanoUsd === undefined ? null : Math.round(sdNanoUsd),
  };
}
