// Comes in: a budget as code and environment give it. Goes out: what the guard works with, or all that is wrong with it by the field's or
// the variable's name. Refused: what can never be reached or always is, and names that are none of ours.

import { checkRule, checkPolicy, type Policy, type PolicyProblem, type PolicyRule } from '@turnmeter/budget';
import type { BudgetOptions, GuardOptions } from './guard-options.ts';

/** What the guard works with. */
export interface ResolvedGuardOptions {
  readonly rules: readonly PolicyRule[];
  readonly options: GuardOptions;
  readonly aggregatorUrl: string | undefined;
  readonly key: string | undefined;
}

/** Undefined options: nobody asks for a guard. */
export interface GuardReading {
  readonly resolved: ResolvedGuardOptions | undefined;
  readonly problems: readonly PolicyProblem[];
}

/** Reads what is said of budgets. */
export function readGuardOptions(options: GuardOptions | undefined, env: NodeJS.ProcessEnv): GuardReading {
  const problems: PolicyProblem[] = [];
  const fromEnv = policyOfEnv(env, problems);
  const { policy: given, problems: wrong } = policyOf(options ?? {}, OPTION_NAMES);
  problems.push(...wrong);
  const policy: Policy = { ...fromEnv, ...given };
  const others = options?.rules ?? [];
  const rules = [{ scope: {}, policy }, ...others];
  problems.push(...contradictions([{ scope: {}, policy: withoutUsualShares(policy, options) }, ...others], problems));
  const aggregatorUrl = options?.aggregatorUrl ?? textOf(env['TURNMETER_URL']);
  if (aggregatorUrl !== undefined && !URL.canParse(aggregatorUrl)) {
    problems.push({ field: 'aggregatorUrl', message: 'expected an address such as http://127.0.0.1:8318' });
  }
  const isAsked = options !== undefined || Object.keys(fromEnv).length > 0 || aggregatorUrl !== undefined;
  if (!isAsked) return { resolved: undefined, problems };
  const key = options?.key ?? textOf(env['TURNMETER_KEY']);
  return { resolved: { rules, options: options ?? {}, aggregatorUrl, key }, problems };
}

/** What is wrong with rules beside each other, and is not known yet. */
function contradictions(rules: readonly PolicyRule[], known: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const found = rules.flatMap((rule) =>
    checkRule(
      rule,
      rules.filter((other) => other !== rule),
    ),
  );
  const byField = new Map(found.map((problem) => [problem.field, problem]));
  return [...byField.values()].filter(({ field }) => !known.some((problem) => problem.field === field));
}

/** Of a stop alone nobody has said where the warning is: that it lies above another policy's stop contradicts nobody. */
function withoutUsualShares(policy: Policy, options: GuardOptions | undefined): Policy {
  const { usd, tokens } = policy;
  return {
    ...policy,
    ...(typeof options?.usd === 'object' ? {} : { usd: usd && { stop: usd.stop } }),
    ...(typeof options?.tokens === 'object' ? {} : { tokens: tokens && { stop: tokens.stop } }),
  };
}

/** The policy that a budget's options are, checked. */
export function policyOf(
  options: BudgetOptions,
  otherNames: ReadonlySet<string> = new Set(),
): { readonly policy: Policy; readonly problems: readonly PolicyProblem[] } {
  const policy = Object.fromEntries(
    Object.entries(options)
      .filter(([name, value]) => !otherNames.has(name) && value !== undefined)
      .map(([name, value]) => [
        name,
        (name === 'usd' || name === 'tokens') && typeof value === 'number' ? ladderTo(value, name) : (value as unknown),
      ]),
  ) as Policy;
  return { policy, problems: checkPolicy(policy) };
}

/** Options that are no policy. */
const OPTION_NAMES: ReadonlySet<string> = new Set([
  'rules',
  'notify',
  'onDegrade',
  'onPause',
  'pauseTimeoutMs',
  'waitTimeoutMs',
  'answerTimeoutMs',
  'aggregatorUrl',
  'key',
  'throwOnInvalid',
]);

/** A stop alone, with the usual shares of it before. */
function ladderTo(stop: number, unit: 'usd' | 'tokens'): Policy['usd'] {
  const round = (amount: number): number => (unit === 'tokens' ? Math.max(1, Math.round(amount)) : amount);
  return { warning: round(stop * 0.75), critical: round(stop * 0.9), stop };
}

function policyOfEnv(env: NodeJS.ProcessEnv, problems: PolicyProblem[]): Policy {
  const found: Record<string, unknown> = {};
  for (const [name, read] of VARIABLES) {
    const text = textOf(env[name]);
    if (text === undefined) continue;
    const { policy, problems: wrong } = policyOf(read(text));
    if (wrong.length === 0)
      for (const [field, value] of Object.entries(policy)) found[field] = mergeFields(found[field], value);
    const [first] = wrong;
    if (first !== undefined) problems.push({ field: name, message: asWritten(first.message, text) });
  }
  problems.push(...unknownVariables(env));
  return found;
}

/** What was received is what somebody wrote, not what was made of it. */
function asWritten(message: string, text: string): string {
  const [expected = message] = message.split(', received ');
  return `${expected}, received ${JSON.stringify(text.slice(0, TEXT_LENGTH_MAX))}`;
}

/** Whoever misspells a limit has none. */
function unknownVariables(env: NodeJS.ProcessEnv): readonly PolicyProblem[] {
  const known = VARIABLES.map(([name]) => name);
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && textOf(env[name]) !== undefined)
    .map((field) => ({ field, message: `no such variable; expected one of ${known.join(', ')}` }));
}

/** `degrade` may be said by two variables. */
function mergeFields(one: unknown, other: unknown): unknown {
  return typeof one === 'object' && one !== null && typeof other === 'object' && other !== null
    ? { ...one, ...other }
    : other;
}

type Read = (text: string) => object;

const PREFIX = 'TURNMETER_BUDGET_';
const TEXT_LENGTH_MAX = 100;

const VARIABLES: readonly (readonly [name: string, read: Read])[] = [
  ['TURNMETER_BUDGET_USD', (text) => ({ usd: Number(text) })],
  ['TURNMETER_BUDGET_TOKENS', (text) => ({ tokens: Number(text) })],
  ['TURNMETER_BUDGET_EXPECTED_USD', (text) => ({ expectedUsd: Number(text) })],
  ['TURNMETER_BUDGET_SHARES', (text) => ({ shares: sharesOf(text) })],
  ['TURNMETER_BUDGET_PAUSE_SHARE', (text) => ({ pauseShare: Number(text) })],
  ['TURNMETER_BUDGET_DEGRADE_MODELS', (text) => ({ degrade: { models: modelsOf(text) } })],
  ['TURNMETER_BUDGET_DEGRADE_OUTPUT_TOKENS', (text) => ({ degrade: { outputTokensMax: Number(text) } })],
  ['TURNMETER_BUDGET_ON_UNAVAILABLE', (text) => ({ onUnavailable: text })],
  ['TURNMETER_BUDGET_ON_UNPRICED', (text) => ({ onUnpriced: text })],
];

/** Sample: `0.75,0.9,1.5` */
function sharesOf(text: string): object {
  const [warning, critical, stop, ...more] = text.split(',').map(Number);
  return more.length > 0 || stop === undefined ? { stop: NaN } : { warning, critical, stop };
}

/** Sample: `gpt-5=gpt-5-mini,claude-opus-4-8=claude-haiku-4-5` */
function modelsOf(text: string): object {
  return Object.fromEntries(text.split(',').map((pair) => pair.split('=', 2).map((name) => name.trim())));
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
