// For services without a stream of events: they are asked each second, and what has changed is told as a stream would have told it.

import { setTimeout as sleep } from 'node:timers/promises';
import { COST_THRESHOLDS } from '@turnmeter/budget';
import type { SessionStatusDocument } from '../../serve/documents/session-event.ts';
import type { SessionDocument } from '../../serve/documents/session-schema.ts';
import type { SessionsDocument } from '../commands/sessions.ts';
import type { WorkflowsDocument } from '../commands/workflows.ts';
import type { FeedOptions } from './session-feed.ts';
import type { WatchNews } from './watched-session.ts';

const EVERY_MS = 1000;
/** Averages move slowly. */
const AVERAGES_EVERY_MS = 10_000;
const SESSIONS_MAX = 200;

export async function* pollSessions({ api, workflow, signal }: FeedOptions): AsyncGenerator<WatchNews> {
  const told = new Map<string, SessionStatusDocument>();
  let averages = new Map<string, number>();
  let averagedMs = Number.NEGATIVE_INFINITY;
  for (let isFirst = true; ; isFirst = false) {
    if (performance.now() - averagedMs >= AVERAGES_EVERY_MS) {
      averages = averagesOf(await api.get<WorkflowsDocument>('api/v1/workflows'));
      averagedMs = performance.now();
    }
    const list = await api.get<SessionsDocument>('api/v1/sessions', {
      state: 'running',
      workflow,
      limit: SESSIONS_MAX,
    });
    if (isFirst) yield { event: 'connected', isPolling: true };
    const running = new Set<string>();
    for (const session of list.sessions) {
      const status = statusOf(session, averages.get(session.workflow));
      if (status === undefined) continue;
      running.add(status.session_id);
      if (JSON.stringify(told.get(status.session_id)) === JSON.stringify(status)) continue;
      told.set(status.session_id, status);
      yield { event: 'session', data: status };
    }
    for (const [id, status] of told) {
      if (running.has(id)) continue;
      told.delete(id);
      yield { event: 'finalized', data: { ...status, state: 'finalized' } };
    }
    if (isFirst) yield { event: 'ready', data: { sessions: running.size } };
    await sleep(EVERY_MS, undefined, { signal });
  }
}

function averagesOf({ workflows }: WorkflowsDocument): Map<string, number> {
  return new Map(
    workflows.flatMap(({ workflow, performance_averages: { avg_cost_per_session: cost } }) =>
      cost === null ? [] : [[workflow, cost] as const],
    ),
  );
}

/** As far as an older service knows: the plain average instead of an expectation, the usual thresholds, and no projection. */
function statusOf(session: SessionDocument, expected: number | undefined): SessionStatusDocument | undefined {
  const { session_id, workflow, cost, session_summary, turn_count, inferences, errors, started_at, ended_at } = session;
  if (session_id === null) return undefined;
  const share = expected === undefined || expected <= 0 ? null : cost.usd / expected;
  return {
    session_id,
    workflow,
    state: 'running',
    cost: { usd: cost.usd, nano_usd: cost.nano_usd },
    tokens: session_summary.total_tokens,
    turns: turn_count,
    inferences,
    errors,
    began_at: started_at,
    last_at: ended_at,
    ...standingOf(share),
    expected_cost: expected ?? null,
    percent_of_expected: share === null ? null : share * 100,
    projected_cost: null,
    confidence: 'none',
    binding_limit: null,
    is_stopped: false,
  };
}

function standingOf(share: number | null): Pick<SessionStatusDocument, 'status' | 'level'> {
  if (share === null || share < COST_THRESHOLDS.warning) return { status: 'within_limits', level: 'ok' };
  if (share >= COST_THRESHOLDS.stop) return { status: 'exceeded_limit', level: 'stop' };
  return { status: 'approaching_limit', level: share >= COST_THRESHOLDS.critical ? 'critical' : 'warning' };
}
