// In: a policy as somebody wrote it. Out: what is wrong with it, field by field; nothing if it can be held.
// Refused: what is no number or no name, what could never be reached or always is, and names that are none of ours.

import { type Degrade, type Limits, OnUnavailable, OnUnpriced, type Policy, type PolicyScope } from './policy.ts';
import { describeRing, ringOfModels } from './model-ring.ts';
import { isRecord, type PolicyProblem, shown, unknownFields } from './policy-problem.ts';

/**
 * What is wrong with a policy by itself; `checkRule` also finds what contradicts other policies or the defaults.
 *
 * @returns nothing if the policy can be held
 */
export function checkPolicy(policy: Policy): readonly PolicyProblem[] {
  if (!isRecord(policy)) return [{ field: '', message: `expected an object, received ${shown(policy)}` }];
  const { shares, usd, tokens, expectedUsd, degrade, pauseShare, onUnavailable, onUnpriced } = policy;
  return [
    ...unknownFields(policy, POLICY_FIELDS, ''),
    ...checkLimits(shares, 'shares', SHARE),
    ...checkLimits(usd, 'usd', USD),
    ...checkLimits(tokens, 'tokens', TOKENS),
    ...checkAmount(expectedUsd, 'expectedUsd', USD),
    ...checkDegrade(degrade),
    ...checkPauseShare(pauseShare, shares),
    ...checkOneOf(onUnavailable, 'onUnavailable', Object.values(OnUnavailable)),
    ...checkOneOf(onUnpriced, 'onUnpriced', Object.values(OnUnpriced)),
  ];
}

/** What is wrong with what a policy is said to hold for. */
export function checkScope(scope: PolicyScope): readonly PolicyProblem[] {
  if (!isRecord(scope)) return [{ field: '', message: `expected an object, received ${shown(scope)}` }];
  return [
    ...unknownFields(scope, SCOPE_FIELDS, ''),
    ...SCOPE_FIELDS.flatMap((field) => (scope[field] === undefined ? [] : checkText(scope[field], field))),
  ];
}

/** The fields of a policy, as code writes them. */
export const POLICY_FIELDS: readonly (keyof Policy)[] = [
  'shares',
  'usd',
  'tokens',
  'expectedUsd',
  'degrade',
  'pauseShare',
  'onUnavailable',
  'onUnpriced',
];

/** The fields of a scope. */
export const SCOPE_FIELDS: readonly (keyof PolicyScope)[] = ['tenant', 'workflow', 'agent', 'model'];

/** The three amounts of limits, ascending. */
export const LIMIT_LEVELS: readonly (keyof Limits)[] = ['warning', 'critical', 'stop'];

/** The fields of `degrade`. */
export const DEGRADE_FIELDS: readonly (keyof Degrade)[] = ['at', 'models', 'outputTokensMax', 'agentsMax'];

const TEXT_LENGTH_MAX = 256;
/** More is a list that no one maintains by hand. */
const MODELS_MAX = 1000;

interface AmountKind {
  readonly expected: string;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

// 75 for 75 % is the mistake that people make, and would mean 7,500 %.
const SHARE: AmountKind = {
  expected: 'a share above 0 and up to 50, such as 0.75 for 75 %',
  min: Number.MIN_VALUE,
  max: 50,
  isWhole: false,
};
// Nano-USD are whole, and numbers hold them exactly up to 2^53.
const USD: AmountKind = {
  expected: 'US dollars from 0.000000001 to 9000000',
  min: 1e-9,
  max: 9_000_000,
  isWhole: false,
};
const TOKENS: AmountKind = {
  expected: `a whole number of tokens from 1 to ${Number.MAX_SAFE_INTEGER}`,
  min: 1,
  max: Number.MAX_SAFE_INTEGER,
  isWhole: true,
};
const OUTPUT_TOKENS: AmountKind = {
  ...TOKENS,
  expected: 'a whole number of tokens from 1 to 4294967295',
  max: 2 ** 32 - 1,
};
const AGENTS: AmountKind = { expected: 'a whole number from 1 to 1000', min: 1, max: 1000, isWhole: true };

function checkAmount(value: unknown, field: string, kind: AmountKind): readonly PolicyProblem[] {
  if (value === undefined || isAmount(value, kind)) return [];
  return [{ field, message: `expected ${kind.expected}, received ${shown(value)}` }];
}

function isAmount(value: unknown, { min, max, isWhole }: AmountKind): value is number {
  return typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isSafeInteger(value));
}

function checkLimits(limits: unknown, field: string, kind: AmountKind): readonly PolicyProblem[] {
  if (limits === undefined) return [];
  if (!isRecord(limits)) {
    return [{ field, message: `expected an object with ${LIMIT_LEVELS.join(', ')}, received ${shown(limits)}` }];
  }
  const wrong = LIMIT_LEVELS.flatMap((level) => checkAmount(limits[level], `${field}.${level}`, kind));
  return [
    ...unknownFields(limits, LIMIT_LEVELS, `${field}.`),
    ...wrong,
    ...(wrong.length > 0 ? [] : checkOrder(limits, field)),
  ];
}

/** Each amount is at most the next one that is given. */
function checkOrder(limits: Limits, field: string): readonly PolicyProblem[] {
  const given = LIMIT_LEVELS.flatMap((level) => {
    const value = limits[level];
    return value === undefined ? [] : [{ level, value }];
  });
  return given.flatMap(({ level, value }, place) => {
    const next = given[place + 1];
    return next === undefined || value <= next.value
      ? []
      : [
          {
            field: `${field}.${level}`,
            message: `expected at most ${field}.${next.level}, which is ${next.value}, received ${value}`,
          },
        ];
  });
}

function checkDegrade(degrade: unknown): readonly PolicyProblem[] {
  if (degrade === undefined) return [];
  if (!isRecord(degrade)) {
    const expected = `an object with some of ${DEGRADE_FIELDS.join(', ')}`;
    return [{ field: 'degrade', message: `expected ${expected}, received ${shown(degrade)}` }];
  }
  return [
    ...unknownFields(degrade, DEGRADE_FIELDS, 'degrade.'),
    ...checkOneOf(degrade['at'], 'degrade.at', ['warning', 'critical']),
    ...checkModels(degrade['models']),
    ...checkAmount(degrade['outputTokensMax'], 'degrade.outputTokensMax', OUTPUT_TOKENS),
    ...checkAmount(degrade['agentsMax'], 'degrade.agentsMax', AGENTS),
  ];
}

function checkModels(models: unknown): readonly PolicyProblem[] {
  const field = 'degrade.models';
  if (models === undefined) return [];
  if (!isRecord(models) || Object.keys(models).length > MODELS_MAX) {
    const expected = `an object of at most ${MODELS_MAX} models, each with the model that is asked instead`;
    return [{ field, message: `expected ${expected}, received ${shown(models)}` }];
  }
  const problems = Object.entries(models).flatMap(([asked, instead]) => {
    const entry = `${field}.${asked.slice(0, TEXT_LENGTH_MAX)}`;
    return [...checkText(asked, entry), ...checkText(instead, entry)];
  });
  if (problems.length > 0) return problems;
  const ring = ringOfModels(new Map(Object.entries(models as Readonly<Record<string, string>>)));
  return ring === undefined ? [] : [{ field: `${field}.${ring[0]}`, message: describeRing(ring) }];
}

function checkText(value: unknown, field: string): readonly PolicyProblem[] {
  if (isText(value)) return [];
  const expected = `a text of 1 to ${TEXT_LENGTH_MAX} characters without control characters`;
  return [{ field, message: `expected ${expected}, received ${shown(value)}` }];
}

function isText(value: unknown): boolean {
  if (typeof value !== 'string' || value.trim() === '' || value.length > TEXT_LENGTH_MAX) return false;
  // Names that nobody can read are nobody's, and databases do not take all of them.
  return value.isWellFormed() && !/\p{Cc}/u.test(value);
}

/** A guard that stops at the stop limit never comes to a pause above it. */
function checkPauseShare(value: unknown, shares: unknown): readonly PolicyProblem[] {
  const problems = checkAmount(value, 'pauseShare', SHARE);
  const stop = isRecord(shares) ? shares['stop'] : undefined;
  if (problems.length > 0 || typeof value !== 'number' || !isAmount(stop, SHARE) || value <= stop) return problems;
  const message = `expected at most shares.stop, which is ${stop}, received ${value}`;
  return [{ field: 'pauseShare', message }];
}

function checkOneOf(value: unknown, field: string, known: readonly string[]): readonly PolicyProblem[] {
  if (value === undefined || (typeof value === 'string' && known.includes(value))) return [];
  return [{ field, message: `expected one of ${known.join(', ')}, received ${shown(value)}` }];
}
