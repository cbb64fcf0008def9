import type { BalancePaid } from './prepaid-balance.ts';
import type { SessionFigures } from '../session/figures.ts';

/** Why a report is this process's own, or not complete. */
export const ReportReason = {
  /** No address of an aggregator was given. */
  NO_AGGREGATOR: 'no_aggregator',
  /** Nobody answered there. */
  UNREACHABLE: 'unreachable',
  /** It did not answer in time. */
  TIMEOUT: 'timeout',
  /** It does not let this key finalize, or not for this tenant. */
  REFUSED: 'refused',
  /** It knows nothing of the session: its telemetry goes elsewhere, or was sampled away. */
  UNKNOWN_SESSION: 'unknown_session',
  /** It answered with an error, or something that is no report. */
  UNEXPECTED_ANSWER: 'unexpected_answer',
  /** It knows less than this process does: some telemetry was lost or is still under way. */
  AGGREGATOR_HAS_LESS: 'aggregator_has_less',
} as const;
/** @see {@link ReportReason} */
export type ReportReason = (typeof ReportReason)[keyof typeof ReportReason];

/** What a session came to. */
export interface SessionSummary {
  readonly total_tokens: number;
  /** In US dollars. */
  readonly total_cost: number;
  readonly session_duration_seconds: number;
  readonly agents_used: readonly string[];
}

/** How an agent did in a session. */
export interface AgentPerformance {
  readonly total_response_time_ms: number;
  /** Turns of the agent. */
  readonly message_count: number;
  /** Null where no turn's time is known. */
  readonly avg_response_time_ms: number | null;
}

/** One figure of a session beside the other sessions of its workflow. */
export interface ComparedMetric {
  readonly value: number;
  readonly average: number | null;
  readonly difference: number | null;
  readonly difference_percent: number | null;
  readonly percentile_rank: number | null;
  /** `normal`, `high`, `low`, `unusual`, or `unknown` where there is nothing to compare with. */
  readonly verdict: string;
  readonly explanation: string;
}

/** A session beside the averages of its workflow. */
export interface PerformanceComparison {
  readonly workflow: string;
  readonly sessions_compared: number;
  /** By the number of sessions: `none`, `low`, `fair`, `good`. */
  readonly confidence: string;
  readonly verdict: string;
  readonly explanation: string;
  /** `session_duration_seconds`, `cost_usd`, `tokens`, `turns`, `agents`. */
  readonly metrics: Readonly<Record<string, ComparedMetric>>;
}

/** A finished session, in the words of the aggregator's API. */
export interface SessionReport {
  /** Whose figures these are: the aggregator's, of all processes, or this process's own. */
  readonly source: 'aggregator' | 'local';
  /** Why not the aggregator's, or why its figures may not be all. */
  readonly reason?: ReportReason | undefined;
  readonly session_finalized: boolean;
  readonly session_id: string;
  readonly tenant: string | null;
  readonly workflow: string;
  readonly session_summary: SessionSummary;
  readonly agent_performance: Readonly<Record<string, AgentPerformance>>;
  /** Null where nobody knows the workflow's averages. */
  readonly performance_comparison: PerformanceComparison | null;
  /** What a prepaid balance has paid, where there is one. */
  readonly balance?: BalancePaid | undefined;
  readonly timestamp: string;
}

/** What this process knows of a session. */
export function localReport(figures: SessionFigures, reason: ReportReason): SessionReport {
  const { session, tenant, workflow, agents, tokens, cost, durationMs } = figures;
  return {
    source: 'local',
    reason,
    session_finalized: false,
    session_id: session ?? '',
    tenant: tenant ?? null,
    workflow: workflow ?? '',
    session_summary: {
      total_tokens: tokens.input + tokens.output,
      total_cost: cost.usd,
      session_duration_seconds: durationMs / 1000,
      agents_used: Object.keys(agents),
    },
    agent_performance: Object.fromEntries(
      Object.entries(agents).map(([name, { responseMs, turns, timedTurns }]) => [
        name,
        {
          total_response_time_ms: responseMs,
          message_count: turns,
          avg_response_time_ms: timedTurns === 0 ? null : responseMs / timedTurns,
        },
      ]),
    ),
    performance_comparison: null,
    timestamp: new Date().toISOString(),
  };
}
