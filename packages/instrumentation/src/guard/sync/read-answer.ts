// Comes in: what an aggregator answered, or whatever else is at that address. Goes out: what of it can be used. Refused: amounts that are
// none, policies that cannot be held; each by itself, so that one of them does not make the others vanish.

import { readPolicyDocument, type CostBaseline, type PolicyRule, type PolicyScope } from '@turnmeter/budget';
import { isObject, listOr, numberOr, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';

/** What a guard learns. */
export interface SyncAnswer {
  readonly rules: readonly PolicyRule[];
  readonly baselines: readonly CostBaseline[];
  readonly sessions: ReadonlyMap<string, SessionAnswer>;
  /** Why, by workflow. */
  readonly stoppedWorkflows: ReadonlyMap<string, string>;
  readonly nextSyncMs: number;
}

/** What others spend of a session, and what this process may. */
export interface SessionAnswer {
  readonly countedNanoUsd: number;
  readonly countedTokens: number;
  readonly elsewhereNanoUsd: number;
  readonly elsewhereTokens: number;
  readonly elsewhereReservedNanoUsd: number;
  readonly elsewhereReservedTokens: number;
  readonly leasedNanoUsd: number | undefined;
  readonly leasedTokens: number | undefined;
  /** Why it is to stop. */
  readonly stop: string | undefined;
}

/** Stands for the tenant that the aggregator answers for, whatever its name is here. */
export const TOLD_TENANT = '*';

/** Undefined where it is no answer to a guard. */
export function readAnswer(body: unknown): SyncAnswer | undefined {
  if (!isObject(body) || !Array.isArray(body['policies']) || !Array.isArray(body['sessions'])) return undefined;
  const sessions = listOr(body['sessions']).flatMap((each) => {
    const session = objectOr(each);
    const id = session['session_id'];
    return typeof id === 'string' ? [[id, sessionOf(session)] as const] : [];
  });
  return {
    rules: listOr(body['policies']).flatMap((document) => ruleOf(document) ?? []),
    baselines: listOr(body['baselines']).flatMap((document) => baselineOf(objectOr(document)) ?? []),
    sessions: new Map(sessions),
    stoppedWorkflows: new Map(
      listOr(body['stopped_workflows']).flatMap((each) => {
        const { workflow } = objectOr(each);
        return typeof workflow === 'string' ? [[workflow, orderOf(objectOr(each))] as const] : [];
      }),
    ),
    nextSyncMs: Math.min(NEXT_MS_MAX, Math.max(NEXT_MS_MIN, numberOr(body['next_sync_ms']) ?? NEXT_MS)),
  };
}

/** Why something is to stop, and who says so. */
export function orderOf({ reason, by }: JsonObject): string {
  const why = textOr(reason) ?? 'no reason given';
  const who = textOr(by);
  return who === undefined ? why : `${why} (${who})`;
}

const NEXT_MS = 2000;
/** However often the aggregator wants to hear of it. */
const NEXT_MS_MIN = 250;
const NEXT_MS_MAX = 60_000;

function sessionOf(session: JsonObject): SessionAnswer {
  const { stop } = session;
  return {
    countedNanoUsd: amountOf(session['counted_nano_usd']) ?? 0,
    countedTokens: amountOf(session['counted_tokens']) ?? 0,
    elsewhereNanoUsd: amountOf(session['elsewhere_nano_usd']) ?? 0,
    elsewhereTokens: amountOf(session['elsewhere_tokens']) ?? 0,
    elsewhereReservedNanoUsd: amountOf(session['elsewhere_reserved_nano_usd']) ?? 0,
    elsewhereReservedTokens: amountOf(session['elsewhere_reserved_tokens']) ?? 0,
    leasedNanoUsd: amountOf(session['leased_nano_usd']),
    leasedTokens: amountOf(session['leased_tokens']),
    stop: isObject(stop) ? orderOf(stop) : undefined,
  };
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function ruleOf(document: unknown): PolicyRule | undefined {
  const { rule } = readPolicyDocument(document);
  if (rule === undefined) return undefined;
  const { tenant, ...others } = rule.scope;
  const scope: PolicyScope = tenant === undefined ? others : { ...others, tenant: TOLD_TENANT };
  return { scope, policy: rule.policy };
}

function baselineOf(document: JsonObject): CostBaseline | undefined {
  const { workflow, version, n } = document;
  if (typeof workflow !== 'string' || typeof n !== 'number') return undefined;
  return {
    workflow,
    version: typeof version === 'string' ? version : undefined,
    n,
    meanNanoUsd: numberOr(document['mean_nano_usd']),
    sdNanoUsd: numberOr(document['sd_nano_usd']),
  };
}
