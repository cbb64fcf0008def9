// Comes in: what an aggregator answers. Goes out: a report. Refused: whatever else answers at that address.

import type { AgentPerformance, PerformanceComparison, SessionReport, SessionSummary } from './session-report.ts';

/** The answer to `POST /api/v1/sessions/{id}/finalize`, without what agents did; undefined if it is none. */
export function readFinalized(answer: unknown): Omit<SessionReport, 'agent_performance'> | undefined {
  if (!isObject(answer) || typeof answer['session_id'] !== 'string' || typeof answer['workflow'] !== 'string') {
    return undefined;
  }
  const { session_summary: summary, performance_comparison: comparison, tenant, finalized_at: finalizedAt } = answer;
  if (!isSummary(summary)) return undefined;
  return {
    source: 'aggregator',
    session_finalized: answer['session_finalized'] === true,
    session_id: answer['session_id'],
    tenant: typeof tenant === 'string' ? tenant : null,
    workflow: answer['workflow'],
    session_summary: summary,
    performance_comparison: isComparison(comparison) ? comparison : null,
    timestamp: typeof finalizedAt === 'string' ? finalizedAt : new Date().toISOString(),
  };
}

/** What agents did, out of the answer to `GET /api/v1/sessions/{id}`; undefined if it is none. */
export function readAgents(answer: unknown): Readonly<Record<string, AgentPerformance>> | undefined {
  const agents = isObject(answer) ? answer['agent_performance'] : undefined;
  if (!isObject(agents)) return undefined;
  const read = Object.create(null) as Record<string, AgentPerformance>;
  for (const [name, agent] of Object.entries(agents)) {
    if (!isObject(agent)) continue;
    const { total_response_time_ms: total, message_count: count, avg_response_time_ms: average } = agent;
    if (typeof total !== 'number' || typeof count !== 'number') continue;
    read[name] = {
      total_response_time_ms: total,
      message_count: count,
      avg_response_time_ms: typeof average === 'number' ? average : null,
    };
  }
  return read;
}

function isSummary(value: unknown): value is SessionSummary {
  return (
    isObject(value) &&
    ['total_tokens', 'total_cost', 'session_duration_seconds'].every((name) => typeof value[name] === 'number') &&
    Array.isArray(value['agents_used'])
  );
}

function isComparison(value: unknown): value is PerformanceComparison {
  return isObject(value) && typeof value['verdict'] === 'string' && isObject(value['metrics']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
