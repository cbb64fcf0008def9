// in: recordings. out: a service that has counted them, and what it says about them, shown as it happens.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AssessmentDocument } from '../../serve/documents/assessment-document.ts';
import type { ExplanationDocument } from '../../serve/documents/explain-document.ts';
import { ApiClient } from '../client/api-client.ts';
import type { DemoOptions } from '../commands/demo.ts';
import type { WorkflowsDocument } from '../commands/workflows.ts';
import type { Invocation } from '../invocation.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { LiveApp } from './live-app.ts';
import { viewFor } from './live-table.ts';
import { type DemoService, openDemoService } from './open-demo-service.ts';
import { type DemoPlan, planSessions } from './plan-sessions.ts';
import { type PlayedSession, playSessions, type SessionsView } from './play-sessions.ts';
import type { BudgetComparison } from './print-budget.ts';
import { printIntroduction, printNextSteps, printResults } from './print-demo.ts';

/** What the service says when all is counted. */
export interface DemoResults {
  readonly sessions: readonly PlayedSession[];
  readonly workflows: WorkflowsDocument;
  readonly comparison: AssessmentDocument;
  readonly explanation: ExplanationDocument;
  /** Whether the session that is compared happened now. */
  readonly isLive: boolean;
  /** Undefined without an app that held a chat with a budget, and without. */
  readonly budget: BudgetComparison | undefined;
}

/** Runs `turnmeter demo`. */
export async function runDemo(invocation: Invocation, options: DemoOptions): Promise<void> {
  const service = await openDemoService(invocation, options);
  try {
    await showAll(invocation, service, options);
    if (options.once !== true) await untilStopped(invocation.signal);
  } finally {
    // The terminal has written ^C where the cursor was.
    if (invocation.signal.aborted) invocation.note('');
    const stopping = new Spinner(invocation, 'stopping');
    await service.stop().finally(() => stopping.stop());
    if (options.json !== true)
      invocation.note(
        service.isTemporary ? 'stopped, its data removed' : `stopped; its data is in ${shown(service.dataDir)}`,
      );
  }
}

async function showAll(invocation: Invocation, service: DemoService, options: DemoOptions): Promise<void> {
  const { signal } = invocation;
  const isForPeople = options.json !== true;
  const api = new ApiClient({ url: service.apiUrl, key: undefined, tenant: undefined, signal });
  const mark = randomBytes(2).toString('hex');
  const plan = planSessions({ pace: options.pace, mark, nowMs: Date.now() });
  const { stretch } = plan;
  const app =
    options.app === undefined
      ? undefined
      : new LiveApp({ file: options.app, otlpUrl: service.otlpUrl, mark, stretch, signal });
  if (isForPeople) printIntroduction(invocation, { plan, isAppRunning: app !== undefined, service });
  const view = isForPeople
    ? viewFor(
        invocation,
        plan.sessions.map(({ sessionId }) => sessionId),
      )
    : NO_VIEW;
  const sessions = await playSessions(plan.sessions, { service, api, view, app, signal });
  view.end();
  const unusual = app?.chats.find(({ isUnusual }) => isUnusual)?.sessionId ?? plan.unusual;
  const results = await askForResults(invocation, { api, plan, unusual, sessions, budget: budgetOf(app, sessions) });
  if (!isForPeople) {
    invocation.printJson(forPrograms(service, results));
    return;
  }
  printResults(invocation, results, service);
  if (options.once !== true) printNextSteps(invocation, results, service);
}

const NO_VIEW: SessionsView & { end(): void } = { update: () => undefined, end: () => undefined };

function budgetOf(app: LiveApp | undefined, sessions: readonly PlayedSession[]): BudgetComparison | undefined {
  const chat = app?.chats.find(({ twin }) => twin !== undefined);
  const guarded = sessions.find((session) => session.chat === chat);
  const free = sessions.find((session) => session.chat.sessionId === chat?.twin);
  return chat === undefined || guarded === undefined || free === undefined
    ? undefined
    : { guarded, free, news: chat.budget };
}

interface ResultsRequest {
  readonly api: ApiClient;
  readonly plan: DemoPlan;
  /** The session that is compared with its workflow. */
  readonly unusual: string;
  readonly sessions: readonly PlayedSession[];
  readonly budget: BudgetComparison | undefined;
}

async function askForResults(
  invocation: Invocation,
  { api, plan, unusual, sessions, budget }: ResultsRequest,
): Promise<DemoResults> {
  const waiting = new Spinner(invocation, 'waiting for the averages, which are computed every five seconds');
  try {
    const workflows = await averagesOver(sessions.length, api, invocation.signal);
    // Again, so that it is compared with all that were finalized after it, too.
    const comparison = await api.post<AssessmentDocument>(`api/v1/sessions/${encodeURIComponent(unusual)}/finalize`);
    const explanation = await api.get<ExplanationDocument>('api/v1/explain', { trace_id: traceToExplain(plan) });
    return { sessions, workflows, comparison, explanation, isLive: unusual !== plan.unusual, budget };
  } finally {
    waiting.stop();
  }
}

/** More than two refreshes: what is shown without them is no lie, only older. */
const AVERAGES_WAIT_MS = 20_000;

async function averagesOver(sessions: number, api: ApiClient, signal: AbortSignal): Promise<WorkflowsDocument> {
  const givingUpAt = Date.now() + AVERAGES_WAIT_MS;
  for (;;) {
    const list = await api.get<WorkflowsDocument>('api/v1/workflows');
    const averaged = list.workflows.reduce((sum, { session_count }) => sum + session_count, 0);
    if (averaged >= sessions || Date.now() > givingUpAt) return list;
    await sleep(200, undefined, { signal });
  }
}

/** Its spans repeat the tokens of those below them, and one of its calls failed: a short trace with much to say. */
const EXPLAINED_FRAMEWORK = 'Strands';

function traceToExplain({ sessions, unusual }: DemoPlan): string {
  const spans = sessions
    .filter(({ framework, sessionId }) => framework === EXPLAINED_FRAMEWORK && sessionId !== unusual)
    .flatMap((chat) => chat.spans);
  const traces = [...Map.groupBy(spans, ({ span }) => span.traceId)].toSorted(([, a], [, b]) => a.length - b.length);
  return traces[0]?.[0] ?? '';
}

function forPrograms(
  service: DemoService,
  { sessions, workflows, comparison, explanation, budget }: DemoResults,
): object {
  return {
    otlp_url: service.otlpUrl,
    api_url: service.apiUrl,
    data_dir: service.dataDir,
    sessions: sessions.flatMap(({ document }) => document ?? []),
    ...workflows,
    comparison,
    explanation,
    ...(budget === undefined ? {} : { budget: budgetForPrograms(budget) }),
  };
}

function budgetForPrograms({ guarded, free, news }: BudgetComparison): object {
  return {
    session_id: guarded.chat.sessionId,
    cost_usd: guarded.document?.cost.usd ?? null,
    session_id_without: free.chat.sessionId,
    cost_usd_without: free.document?.cost.usd ?? null,
    actions: news.map(({ action, reason, level, spentUsd, expectedUsd, percentOfExpected }) => ({
      action,
      reason,
      level,
      spent_usd: spentUsd,
      expected_usd: expectedUsd ?? null,
      percent_of_expected: percentOfExpected ?? null,
    })),
  };
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
}
