import type { Endpoint, ModelRequest } from './request.ts';
import type { Reply, Script } from './reply.ts';

/** A reply and the calls it is for. A condition that is left out holds for every call. */
export interface Rule {
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly model?: string | undefined;
  readonly endpoint?: Endpoint | undefined;
  readonly streamed?: boolean | undefined;
  /** Which of the calls that meet the other conditions: the n-th, or from the n-th to the m-th; the first is 1. */
  readonly calls?: number | readonly [from: number, to: number] | undefined;
  /** One reply for all calls, or one for each in turn, of which the last is repeated. */
  readonly reply: Reply | readonly Reply[];
}

/** A script as {@link rulesScript} takes it, or a function. */
export type ScriptSource = Script | readonly Rule[];

/** The script that gives each call the reply of the first rule that fits, and an empty reply where none does. */
export function rulesScript(rules: readonly Rule[]): Script {
  const met = new Map<Rule, number>();
  const given = new Map<Rule, number>();
  return (request) => {
    // Every rule counts its calls, whether or not one before it gives the reply.
    const fitting = rules.filter((rule) => meetsConditions(rule, request) && isAmong(count(met, rule), rule.calls));
    const [rule] = fitting;
    return rule === undefined ? {} : replyOf(rule, count(given, rule));
  };
}

function meetsConditions(rule: Rule, request: ModelRequest): boolean {
  return (
    (rule.agent === undefined || rule.agent === request.agent) &&
    (rule.session === undefined || rule.session === request.session) &&
    (rule.model === undefined || rule.model === request.model) &&
    (rule.endpoint === undefined || rule.endpoint === request.endpoint) &&
    (rule.streamed === undefined || rule.streamed === request.streamed)
  );
}

function isAmong(number: number, calls: Rule['calls']): boolean {
  if (calls === undefined) return true;
  const [from, to] = typeof calls === 'number' ? [calls, calls] : calls;
  return number >= from && number <= to;
}

function replyOf({ reply }: Rule, number: number): Reply {
  const list: readonly Reply[] = isList(reply) ? reply : [reply];
  const chosen = list[Math.min(number, list.length) - 1] ?? {};
  return chosen.failTimes !== undefined && number > chosen.failTimes ? withoutFault(chosen) : chosen;
}

// Array.isArray does not narrow readonly arrays.
function isList(reply: Reply | readonly Reply[]): reply is readonly Reply[] {
  return Array.isArray(reply);
}

function withoutFault(reply: Reply): Reply {
  return {
    ...reply,
    status: undefined,
    hang: undefined,
    cutAfterChunks: undefined,
    errorAfterChunks: undefined,
    malformedJson: undefined,
  };
}

function count(counts: Map<Rule, number>, rule: Rule): number {
  const number = (counts.get(rule) ?? 0) + 1;
  counts.set(rule, number);
  return number;
}
