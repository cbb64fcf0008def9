import type { SessionPart } from '../../query/session-parts.ts';
import type { SessionCost } from '../../query/session-costs.ts';
import type { AlertConditions, AlertRule, Reading } from '../alert-rule.ts';
import { AlertMeasure } from '../measures.ts';
import type { AlertSources } from './alert-sources.ts';

/** Sessions of a tenant that are looked at in one pass: the latest, and those that are pending or fire. */
const SESSIONS_MAX = 10_000;

const USD = 1e9;

/** A tenant's sessions that move, read once for all rules about sessions. */
export interface MovingSessions {
  readonly costs: readonly SessionCost[];
  /** Ids of those that are over. */
  readonly over: ReadonlySet<string>;
}

export interface MovingQuestion {
  readonly tenant: string;
  /** Sessions that are pending or fire. */
  readonly openSessions: readonly string[];
  readonly nowUs: number;
}

export async function readMovingSessions(
  { queries, idleUs }: AlertSources,
  { tenant, openSessions, nowUs }: MovingQuestion,
): Promise<MovingSessions> {
  const sinceUs = Math.max(0, nowUs - idleUs);
  const [costs, over] = await Promise.all([
    queries.movedSessions(tenant, sinceUs, SESSIONS_MAX),
    queries.finalizedSince(tenant, sinceUs, SESSIONS_MAX),
  ]);
  const known = [...costs.values()];
  // Of more sessions than are looked at, those that somebody was told of have not gone quiet by that.
  const missing = costs.size < SESSIONS_MAX ? [] : openSessions.filter((id) => !costs.has(id));
  const others = await queries.sessionCosts(tenant, missing);
  const moving = [...others.values()].filter(({ bookedUs }) => bookedUs >= sinceUs);
  return { costs: [...known, ...moving], over: new Set(over.keys()) };
}

/** What is expected of each workflow that runs; those of which nothing is known are not in it. */
export async function readExpectations(
  { expectedUsd }: AlertSources,
  tenant: string,
  { costs }: MovingSessions,
): Promise<ReadonlyMap<string, number>> {
  const expectations = new Map<string, number>();
  for (const workflow of new Set(costs.map((cost) => cost.workflow))) {
    const expected = await expectedUsd(tenant, workflow);
    if (expected !== undefined && expected > 0) expectations.set(workflow, expected);
  }
  return expectations;
}

export interface SessionFacts {
  readonly sessions: MovingSessions;
  /** Of all sessions; empty where no rule asks for a part. */
  readonly parts: readonly SessionPart[];
  /** US dollars by workflow; empty where no rule asks for it. */
  readonly expectations: ReadonlyMap<string, number>;
}

export function sessionReadings(rule: AlertRule, { sessions, parts, expectations }: SessionFacts): readonly Reading[] {
  const { where, what } = rule;
  const amounts = isOfPart(where) ? amountsOfParts(parts, where) : undefined;
  return sessions.costs
    .filter(({ workflow }) => where.workflow === undefined || workflow === where.workflow)
    .flatMap((cost): readonly Reading[] => {
      const { sessionId, workflow, bookedUs } = cost;
      const amount = amounts === undefined ? cost : amounts.get(sessionId);
      const value = amount === undefined ? undefined : valueOf(what, { ...cost, ...amount }, expectations);
      if (value === undefined) return [];
      const overSinceMs = sessions.over.has(sessionId) ? bookedUs / 1000 : undefined;
      return [{ subject: { kind: 'session', name: sessionId, workflow }, value, overSinceMs }];
    });
}

export function isOfPart({ agent, model }: AlertConditions): boolean {
  return agent !== undefined || model !== undefined;
}

type Amounts = Pick<SessionCost, 'costNanoUsd' | 'tokens' | 'turns' | 'errors'>;

function amountsOfParts(
  parts: readonly SessionPart[],
  { agent, model }: AlertConditions,
): ReadonlyMap<string, Amounts> {
  const amounts = new Map<string, Amounts>();
  for (const part of parts) {
    if ((agent !== undefined && part.agent !== agent) || (model !== undefined && part.model !== model)) continue;
    const { costNanoUsd, tokens, turns, errors } = amounts.get(part.sessionId) ?? NOTHING;
    amounts.set(part.sessionId, {
      costNanoUsd: costNanoUsd + part.costNanoUsd,
      tokens: tokens + part.tokens,
      turns: turns + part.turns,
      errors: errors + part.errors,
    });
  }
  return amounts;
}

const NOTHING: Amounts = { costNanoUsd: 0n, tokens: 0, turns: 0, errors: 0 };

function valueOf(
  what: AlertMeasure,
  { costNanoUsd, tokens, turns, errors, beganUs, lastUs, workflow }: SessionCost,
  expectations: ReadonlyMap<string, number>,
): number | undefined {
  const usd = Number(costNanoUsd) / USD;
  switch (what) {
    case AlertMeasure.SESSION_COST:
      return usd;
    case AlertMeasure.SESSION_TOKENS:
      return tokens;
    case AlertMeasure.SESSION_DURATION:
      return (lastUs - beganUs) / 1e6;
    case AlertMeasure.SESSION_TURNS:
      return turns;
    case AlertMeasure.SESSION_ERRORS:
      return errors;
    case AlertMeasure.SESSION_PERCENT: {
      const expected = expectations.get(workflow);
      return expected === undefined ? undefined : (usd / expected) * 100;
    }
    default:
      return undefined;
  }
}
