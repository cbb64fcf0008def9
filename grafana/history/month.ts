// The whole made-up month: every session of every workflow, seeded, the same for the same end.

import { type SeededRandom, seededRandom } from '@turnmeter/budget/forecast';
import { beginnings, DAY_MS, HOUR_MS } from './calendar.ts';
import type { WorkflowHabit } from './habits.ts';
import { planSession, type SessionPlan } from './session.ts';
import { type EndedSpan, spansOf } from './spans.ts';
import { WORKFLOWS } from './workflows.ts';

/** A calendar month and some days before it, and three weeks of other Mondays to compare one with. */
export const HISTORY_DAYS = 35;
/** How long sessions begin after the end of the history: those that run while the service is looked at. */
const AFTER_MS = HOUR_MS / 4;
/** How long nothing has come for a session before it is finalized: the service's default. */
export const IDLE_MS = 15 * 60_000;

export interface Month {
  readonly nowMs: number;
  /** Sessions that are over, in the order in which they ended. */
  readonly over: readonly SessionPlan[];
  /** Those that run at the end of the history, begin later, or may go on for all that the service knows. */
  readonly recent: readonly SessionPlan[];
}

export function planMonth(nowMs: number): Month {
  const sessions = WORKFLOWS.flatMap((habit, index) => planWorkflow(habit, seededRandom(7919 * (index + 1)), nowMs));
  const over = sessions.filter(({ endMs }) => endMs <= nowMs - IDLE_MS).toSorted((a, b) => a.endMs - b.endMs);
  return { nowMs, over, recent: sessions.filter(({ endMs }) => endMs > nowMs - IDLE_MS) };
}

function planWorkflow(habit: WorkflowHabit, random: SeededRandom, nowMs: number): readonly SessionPlan[] {
  const span = { fromMs: nowMs - HISTORY_DAYS * DAY_MS, toMs: nowMs + AFTER_MS, nowMs };
  const plans = beginnings(habit, random, span).map((beganMs) =>
    planSession(habit, { id: idOf(habit, random), beganMs, nowMs, isOutlier: false }, random),
  );
  const { outlierMinutesAgo } = habit;
  if (outlierMinutesAgo === undefined) return plans;
  const beganMs = nowMs - outlierMinutesAgo * 60_000;
  return [...plans, planSession(habit, { id: idOf(habit, random), beganMs, nowMs, isOutlier: true }, random)];
}

/** `contract-review` → `cr-3f9c21d0` */
function idOf({ workflow }: WorkflowHabit, random: SeededRandom): string {
  const initials = workflow.split('-').map((word) => word[0]);
  return `${initials.join('')}-${hexOf(random)(8)}`;
}

/** Spans of sessions by tenant, in the order in which they end. */
export function spansByTenant(
  sessions: readonly SessionPlan[],
  seed: number,
): ReadonlyMap<string, readonly EndedSpan[]> {
  const hex = hexOf(seededRandom(seed));
  const byTenant = Map.groupBy(sessions, ({ tenant }) => tenant);
  return new Map(
    [...byTenant].map(([tenant, own]) => [
      tenant,
      own.flatMap((session) => spansOf(session, hex)).toSorted((a, b) => a.endMs - b.endMs),
    ]),
  );
}

function hexOf(random: SeededRandom): (digits: number) => string {
  const digit = (): string => Math.floor(random.uniform() * 16).toString(16);
  return (digits) => Array.from({ length: digits }, digit).join('');
}
