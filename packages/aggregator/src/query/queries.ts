// Everything that can be read. In: a tenant and what is asked for. Out: figures as the ledger has them. Refused: what is larger or slower
// than limits allow. Every question is asked for one tenant; `Tenants` names the places where an operator may ask for all.

import type { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import type { FinishedSession } from '@turnmeter/budget';
import { type BackupPiece, type BackupPlan, type BackupScope, planBackup, readBackupPiece } from './backup.ts';
import { check, type CheckResult } from './check.ts';
import { type DataQuality, type DataQualityQuery, readDataQuality } from './data-quality.ts';
import { explain, type ExplainQuery, type Explanation, findForgotten, type Forgotten } from './explain.ts';
import { exportRows, type ExportQuery } from './export.ts';
import {
  type FinalizedCost,
  readFinalizedAmong,
  readFinalizedCosts,
  readFinalizedCostsOf,
  readFinalizedSince,
  type WorkflowName,
} from './finalized-costs.ts';
import { listSessions, type Session, sessionOf, type SessionsPage, type SessionsQuery } from './list-sessions.ts';
import { nearSessions, nearWorkflows } from './near-names.ts';
import {
  type ActiveSessions,
  type PeriodCost,
  type PeriodCostsQuery,
  readActiveSessions,
  readPeriodCosts,
} from './period-costs.ts';
import { type ProducerRow, type ProducersQuery, readProducers } from './producers.ts';
import { findSummaries } from './read-summaries.ts';
import { readSessionParts, type SessionPart } from './session-parts.ts';
import { readSessions } from './read-session.ts';
import { Reader, type ReadLimits } from './reader.ts';
import { readMovedSessions, readRunningCosts, readSessionCosts, type SessionCost } from './session-costs.ts';
import { readTotals, type Totals, type TotalsQuery } from './totals.ts';
import type { TrendsQuery } from './trend-rows.ts';
import { readTrends, type Trends } from './trends.ts';
import {
  type BegunSessions,
  readBegunSessions,
  readWindowSums,
  type WindowQuery,
  type WindowSums,
} from './window-sums.ts';
import { readWorkflowHistory } from './workflow-history.ts';
import { readWorkflowVersions, type VersionList } from './workflow-versions.ts';
import {
  type AgentAverages,
  listWorkflows,
  readWorkflow,
  readWorkflowAgents,
  type Tenants,
  type WorkflowAverages,
  type WorkflowList,
} from './workflows.ts';

export interface QueriesOptions {
  /**
   * Sessions whose last booking is before this time (µs) are finalized, as the assessor knows.
   * @default all may be running: right, and slow where there are many
   */
  readonly settledUs?: () => number;
  /** @default 10 s, 1 GiB and a million rows for each query */
  readonly limits?: ReadLimits;
}

export interface Queries {
  /** The same for somebody who may go away: what is being read then is cancelled. */
  cancelledBy(signal: AbortSignal): Queries;
  sessions(tenant: string, query: SessionsQuery): Promise<SessionsPage>;
  /** One session as it is now; undefined if nothing stands for it. */
  session(tenant: string, sessionId: string): Promise<Session | undefined>;
  /** Ids that somebody may have meant. */
  nearSessions(tenant: string, sessionId: string): Promise<readonly string[]>;
  /** What sessions cost so far, by id; those of which nothing stands are not in it. */
  sessionCosts(tenant: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, SessionCost>>;
  /** The same of those that were booked to after a time, the latest `limit` of them. */
  movedSessions(tenant: string, sinceUs: number, limit: number): Promise<ReadonlyMap<string, SessionCost>>;
  /** The same of those that are not finalized, the latest `limit` of them. */
  runningCosts(tenant: string, limit: number): Promise<ReadonlyMap<string, SessionCost>>;
  /** Sessions that were finalized, or amended, after a time: each with when that was. */
  finalizedSince(tenant: string, sinceUs: number, limit: number): Promise<ReadonlyMap<string, number>>;
  /** What agents and models of sessions used so far. */
  sessionParts(tenant: string, sessionIds: readonly string[]): Promise<readonly SessionPart[]>;
  /** What a tenant used since a time. */
  windowSums(tenant: string, query: WindowQuery): Promise<readonly WindowSums[]>;
  /** How many sessions began since a time, µs, by workflow. */
  begunSessions(tenant: string, fromUs: number): Promise<readonly BegunSessions[]>;
  /** Those of the sessions that are finalized. */
  finalizedAmong(tenant: string, sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The latest finalized sessions of a workflow whose whole cost is known. */
  finalizedCosts(tenant: string, workflow: string, limit: number): Promise<readonly FinalizedCost[]>;
  /** The same of many workflows, of all tenants: what they cost alone. */
  finalizedCostsOf(
    names: readonly WorkflowName[],
    limit: number,
  ): Promise<readonly (WorkflowName & { readonly costsNanoUsd: readonly number[] })[]>;
  workflows(tenants: Tenants): Promise<WorkflowList>;
  /** Undefined while no session of it is finalized. */
  workflow(tenant: string, workflow: string): Promise<WorkflowAverages | undefined>;
  workflowAgents(tenant: string, workflow: string): Promise<readonly AgentAverages[]>;
  workflowVersions(tenant: string, workflow: string): Promise<VersionList>;
  nearWorkflows(tenant: string, workflow: string): Promise<readonly string[]>;
  /** Its latest finalized sessions turn by turn, for projections; as many as count there, unless a limit says otherwise. */
  workflowHistory(tenant: string, workflow: string, limit?: number): Promise<readonly FinishedSession[]>;
  /** Undefined if nothing was seen of it. */
  explain(tenant: string, query: ExplainQuery): Promise<Explanation | undefined>;
  /** For what cannot be explained: whether it is unknown, or no more kept. */
  findForgotten(tenant: string, query: ExplainQuery): Promise<Forgotten>;
  producers(tenant: string, query: ProducersQuery): Promise<readonly ProducerRow[]>;
  dataQuality(tenant: string, query: DataQualityQuery): Promise<DataQuality>;
  totals(tenant: string, query: TotalsQuery): Promise<Totals>;
  /** Of all tenants, for the operator: what workflows have spent in a day and its month. */
  periodCosts(query: PeriodCostsQuery): Promise<readonly PeriodCost[]>;
  /** Of all tenants, for the operator: sessions that something was booked to since a time, µs. */
  activeSessions(sinceUs: number, limit: number): Promise<readonly ActiveSessions[]>;
  trends(tenant: string, query: TrendsQuery): Promise<Trends>;
  check(tenants: Tenants): AsyncGenerator<CheckResult>;
  export(tenant: string, query: ExportQuery): Promise<Readable>;
  /** Of all tenants, for the operator: what a backup consists of. */
  planBackup(scope: BackupScope): Promise<BackupPlan>;
  backupPiece(plan: BackupPlan, piece: BackupPiece): Promise<Readable>;
}

/** Reads through a client whose database has all migrations. The client stays its owner's. */
export function createQueries(client: ClickHouseClient, options: QueriesOptions = {}): Queries {
  return queriesOf(new Reader(client, options.limits), options.settledUs ?? (() => 0));
}

function queriesOf(reader: Reader, settledUs: () => number): Queries {
  return {
    cancelledBy: (signal) => queriesOf(reader.cancelledBy(signal), settledUs),
    sessions: (tenant, query) => listSessions(reader, tenant, query, settledUs()),
    session: (tenant, sessionId) => readOne(reader, tenant, sessionId),
    nearSessions: (tenant, sessionId) => nearSessions(reader, tenant, sessionId),
    sessionCosts: (tenant, sessionIds) => readSessionCosts(reader, tenant, sessionIds),
    movedSessions: (tenant, sinceUs, limit) => readMovedSessions(reader, tenant, { sinceUs, limit }),
    runningCosts: (tenant, limit) => readRunningCosts(reader, tenant, { limit, settledUs: settledUs() }),
    finalizedSince: (tenant, sinceUs, limit) => readFinalizedSince(reader, tenant, { sinceUs, limit }),
    sessionParts: (tenant, sessionIds) => readSessionParts(reader, tenant, sessionIds),
    windowSums: (tenant, query) => readWindowSums(reader, tenant, query),
    begunSessions: (tenant, fromUs) => readBegunSessions(reader, tenant, fromUs),
    finalizedAmong: (tenant, sessionIds) => readFinalizedAmong(reader, tenant, sessionIds),
    finalizedCosts: (tenant, workflow, limit) => readFinalizedCosts(reader, tenant, workflow, limit),
    finalizedCostsOf: (names, limit) => readFinalizedCostsOf(reader, names, limit),
    workflows: (tenants) => listWorkflows(reader, tenants),
    workflow: (tenant, workflow) => readWorkflow(reader, tenant, workflow),
    workflowAgents: (tenant, workflow) => readWorkflowAgents(reader, tenant, workflow),
    workflowVersions: (tenant, workflow) => readWorkflowVersions(reader, tenant, workflow),
    nearWorkflows: (tenant, workflow) => nearWorkflows(reader, tenant, workflow),
    workflowHistory: (tenant, workflow, limit) => readWorkflowHistory(reader, tenant, workflow, limit),
    explain: (tenant, query) => explain(reader, tenant, query),
    findForgotten: (tenant, query) => findForgotten(reader, tenant, query),
    producers: (tenant, query) => readProducers(reader, tenant, query),
    dataQuality: (tenant, query) => readDataQuality(reader, tenant, query),
    totals: (tenant, query) => readTotals(reader, tenant, query),
    periodCosts: (query) => readPeriodCosts(reader, query),
    activeSessions: (sinceUs, limit) => readActiveSessions(reader, { sinceUs, limit }),
    trends: (tenant, query) => readTrends(reader, tenant, query),
    check: (tenants) => check(reader, tenants),
    export: (tenant, query) => exportRows(reader, tenant, query),
    planBackup: (scope) => planBackup(reader, scope),
    backupPiece: (plan, piece) => readBackupPiece(reader, plan, piece),
  };
}

async function readOne(reader: Reader, tenant: string, sessionId: string): Promise<Session | undefined> {
  const [ledger, summaries] = await Promise.all([
    readSessions(reader, tenant, [sessionId]),
    findSummaries(reader, tenant, [sessionId]),
  ]);
  return sessionOf(sessionId, ledger, summaries);
}
