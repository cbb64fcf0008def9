// In: how far a session has come, and where its money and tokens went. Out: what can be done about it, each with its reason in figures.
// Refused: to say anything that the figures do not show; a session that is within its limits and looks normal has nothing to hear.

import { ENFORCED_SESSIONS_MIN } from '../expected/expected-cost.ts';
import { describeScope } from '../policy/scope.ts';
import type { BindingLimit, Evaluation } from './evaluate.ts';
import { BudgetAction, isAtLeast, Level } from './level.ts';
import { sayCount, sayPercent, sayUsd } from './say.ts';

/** What a recommendation is about; stable. */
export const RecommendationCode = {
  /** A limit is reached, and which. */
  LIMIT_REACHED: 'limit_reached',
  /** By its projected cost the session will reach a higher level. */
  LIMIT_AHEAD: 'limit_ahead',
  /** Nothing would ever stop the session. */
  NO_LIMIT: 'no_limit',
  /** Tokens without a price: more was spent than is known. */
  UNPRICED_TOKENS: 'unpriced_tokens',
  DEAREST_AGENT: 'dearest_agent',
  DEAREST_MODEL: 'dearest_model',
  /** Little of the prompts came from a cache. */
  CACHE_UNUSED: 'cache_unused',
  TURNS_BEYOND_NORMAL: 'turns_beyond_normal',
  RETRIES: 'retries',
  FAILED_CALLS: 'failed_calls',
  /** Choosing the next speaker takes a large part. */
  SPEAKER_SELECTION: 'speaker_selection',
  /** What is expected comes from few sessions. */
  FEW_SESSIONS: 'few_sessions',
} as const;
export type RecommendationCode = (typeof RecommendationCode)[keyof typeof RecommendationCode];

/** What somebody can do, and why. */
export interface Recommendation {
  readonly code: RecommendationCode;
  /** One or two sentences with the figures. */
  readonly text: string;
}

/** What an agent or a model spent. */
export interface SpentBy {
  readonly name: string;
  readonly nanoUsd: number;
  readonly turns?: number | undefined;
}

/** Where the money and tokens of a session went. What is not known is left out, and nothing is said of it. */
export interface SpendingFacts {
  readonly agents?: readonly SpentBy[] | undefined;
  readonly models?: readonly SpentBy[] | undefined;
  /** Model that is asked for → model that the policy would ask instead. */
  readonly cheaperModels?: ReadonlyMap<string, string> | undefined;
  readonly inputTokens?: number | undefined;
  readonly cacheReadTokens?: number | undefined;
  /** Share of the prompts that comes from a cache in finished sessions of the workflow. */
  readonly normalCacheShare?: number | undefined;
  readonly turns?: number | undefined;
  /** Of finished sessions of the workflow. */
  readonly normalTurns?: number | undefined;
  readonly calls?: number | undefined;
  readonly retries?: number | undefined;
  readonly failedCalls?: number | undefined;
  readonly speakerSelectionNanoUsd?: number | undefined;
}

/** Below, an agent or model is one of several and not the one to look at. */
const DEAREST_SHARE_MIN = 0.4;
/** Prompts of fewer tokens are hardly worth a cache; providers ask for 1,024 and more in one prompt. */
const CACHE_INPUT_MIN = 10_000;
const CACHE_SHARE_LOW = 0.1;
const CACHE_SHARE_FALLEN = 0.2;
const TURNS_BEYOND = 1.25;
const TROUBLED_CALLS_MIN = 3;
const TROUBLED_SHARE_MIN = 0.1;
const SELECTION_SHARE_MIN = 0.15;

/** What can be done about a session, most pressing first; empty where there is nothing to say. */
export function recommendations(evaluation: Evaluation, facts: SpendingFacts = {}): readonly Recommendation[] {
  const isWatched = evaluation.level !== Level.OK || isAtLeast(evaluation.projectedLevel ?? Level.OK, Level.CRITICAL);
  const found = [
    limitReached(evaluation),
    limitAhead(evaluation),
    noLimit(evaluation),
    unpriced(evaluation),
    turnsBeyondNormal(facts),
    ...(isWatched
      ? [
          dearestAgent(facts, evaluation.spend.nanoUsd),
          dearestModel(facts, evaluation.spend.nanoUsd),
          cacheUnused(facts),
          speakerSelection(facts, evaluation.spend.nanoUsd),
        ]
      : []),
    retries(facts),
    failedCalls(facts),
    fewSessions(evaluation),
  ];
  return found.filter((recommendation) => recommendation !== undefined);
}

type Finding = Recommendation | undefined;

function limitReached({ level, action, bindingLimit, expected, spend }: Evaluation): Finding {
  if (bindingLimit === undefined || (level === Level.OK && action === 'none')) return undefined;
  const share =
    isShare(bindingLimit) && expected.nanoUsd !== undefined
      ? `, ${sayPercent(spend.nanoUsd / expected.nanoUsd)} of the ${sayUsd(expected.nanoUsd)} that such a session is expected to cost`
      : '';
  const what = action === BudgetAction.STOP ? 'Make no further calls' : 'Look at the session now';
  return {
    code: RecommendationCode.LIMIT_REACHED,
    text: `${what}: ${saySpent(bindingLimit)}${share}; ${sayLimit(bindingLimit)} is reached.`,
  };
}

function saySpent({ unit, spent, scope }: BindingLimit): string {
  const who =
    scope.agent === undefined && scope.model === undefined
      ? 'the session'
      : describeScope({ agent: scope.agent, model: scope.model });
  return `${who} has spent ${unit === 'nanoUsd' ? sayUsd(spent) : sayCount(spent, 'token')}`;
}

function sayLimit(limit: BindingLimit): string {
  const { name, value, unit, amount, from } = limit;
  const written = isShare(limit) ? `${sayPercent(value)}, ` : '';
  const amountText = unit === 'nanoUsd' ? sayUsd(amount) : sayCount(amount, 'token');
  const whose = from === 'default' ? 'by default' : `of the policy for ${describeScope(from)}`;
  return `${name} (${written}${amountText}, ${whose})`;
}

/** Of the session's expected cost. */
function isShare({ name }: BindingLimit): boolean {
  return name === 'pauseShare' || name.startsWith('shares.');
}

function limitAhead({ level, projectedLevel, projected }: Evaluation): Finding {
  if (projectedLevel === undefined || projected === undefined || isAtLeast(level, projectedLevel)) return undefined;
  const { lowNanoUsd, midNanoUsd, highNanoUsd } = projected;
  return {
    code: RecommendationCode.LIMIT_AHEAD,
    text:
      `It is on its way to ${projectedLevel}: it will probably end at ${sayUsd(midNanoUsd)} ` +
      `(${sayUsd(lowNanoUsd)} to ${sayUsd(highNanoUsd)}).`,
  };
}

function noLimit({ isUnlimited, isHeldBack, expected }: Evaluation): Finding {
  if (!isUnlimited) return undefined;
  const why = isHeldBack
    ? `${sayCount(expected.n, 'finished session')} ${expected.n === 1 ? 'is' : 'are'} too few to stop others by (${ENFORCED_SESSIONS_MIN} are enough)`
    : 'no finished session tells what it should cost';
  return {
    code: RecommendationCode.NO_LIMIT,
    text: `Nothing would stop this session: ${why}, and no policy gives expected_usd, usd.stop or tokens.stop. Set one of them.`,
  };
}

function unpriced({ spend }: Evaluation): Finding {
  const { unpricedTokens = 0, nanoUsd } = spend;
  if (unpricedTokens <= 0) return undefined;
  return {
    code: RecommendationCode.UNPRICED_TOKENS,
    text: `${sayCount(unpricedTokens, 'token')} have no price, so the session has cost more than ${sayUsd(nanoUsd)}: give their model a price.`,
  };
}

function dearestAgent({ agents = [] }: SpendingFacts, total: number): Finding {
  const [first] = agents.toSorted((a, b) => b.nanoUsd - a.nanoUsd);
  if (first === undefined || agents.length < 2 || total <= 0 || first.nanoUsd < DEAREST_SHARE_MIN * total) {
    return undefined;
  }
  const turns = first.turns === undefined ? '' : ` in ${sayCount(first.turns, 'turn')}`;
  return {
    code: RecommendationCode.DEAREST_AGENT,
    text: `${first.name} spent ${sayUsd(first.nanoUsd)}${turns}, ${sayPercent(first.nanoUsd / total)} of all: bound it by a policy of its own, or give it a cheaper model.`,
  };
}

function dearestModel({ models = [], cheaperModels }: SpendingFacts, total: number): Finding {
  const [first] = models.toSorted((a, b) => b.nanoUsd - a.nanoUsd);
  if (first === undefined || total <= 0 || first.nanoUsd < DEAREST_SHARE_MIN * total) return undefined;
  const instead = cheaperModels?.get(first.name);
  // Of the only model there is nothing to say, unless there is another to go to.
  if (instead === undefined && models.length < 2) return undefined;
  const what =
    instead === undefined ? 'name a cheaper one for it in the policy (degrade.models)' : `ask ${instead} instead`;
  return {
    code: RecommendationCode.DEAREST_MODEL,
    text: `${first.name} took ${sayUsd(first.nanoUsd)}, ${sayPercent(first.nanoUsd / total)} of all: ${what}.`,
  };
}

function cacheUnused({ inputTokens = 0, cacheReadTokens, normalCacheShare }: SpendingFacts): Finding {
  if (cacheReadTokens === undefined || inputTokens < CACHE_INPUT_MIN) return undefined;
  const share = cacheReadTokens / inputTokens;
  const hasFallen = normalCacheShare !== undefined && share < normalCacheShare - CACHE_SHARE_FALLEN;
  if (!hasFallen && (normalCacheShare !== undefined || share >= CACHE_SHARE_LOW)) return undefined;
  const normal = normalCacheShare === undefined ? '' : `, where ${sayPercent(normalCacheShare)} are normal`;
  return {
    code: RecommendationCode.CACHE_UNUSED,
    text: `${sayPercent(share)} of ${sayCount(inputTokens, 'prompt token')} came from a cache${normal}: keep the beginning of prompts the same from call to call.`,
  };
}

function turnsBeyondNormal({ turns, normalTurns }: SpendingFacts): Finding {
  if (turns === undefined || normalTurns === undefined || turns <= TURNS_BEYOND * normalTurns) return undefined;
  return {
    code: RecommendationCode.TURNS_BEYOND_NORMAL,
    text: `It is at turn ${turns.toLocaleString('en-US')}, where such sessions normally have ${Math.round(normalTurns).toLocaleString('en-US')}: see whether agents hand over to each other in circles, or bound the number of rounds.`,
  };
}

function speakerSelection({ speakerSelectionNanoUsd = 0 }: SpendingFacts, total: number): Finding {
  if (total <= 0 || speakerSelectionNanoUsd < SELECTION_SHARE_MIN * total) return undefined;
  return {
    code: RecommendationCode.SPEAKER_SELECTION,
    text: `Choosing the next speaker took ${sayUsd(speakerSelectionNanoUsd)}, ${sayPercent(speakerSelectionNanoUsd / total)} of all: choose by a cheaper model, or in a fixed order.`,
  };
}

function retries({ retries: count = 0, calls = 0 }: SpendingFacts): Finding {
  if (count < TROUBLED_CALLS_MIN || count < TROUBLED_SHARE_MIN * calls) return undefined;
  return {
    code: RecommendationCode.RETRIES,
    text: `Clients sent ${sayCount(count, 'request')} again${calls > 0 ? ` in ${sayCount(calls, 'call')}` : ''}: see which errors or timeouts they retry.`,
  };
}

function failedCalls({ failedCalls: count = 0, calls = 0 }: SpendingFacts): Finding {
  if (count < TROUBLED_CALLS_MIN || count < TROUBLED_SHARE_MIN * calls) return undefined;
  return {
    code: RecommendationCode.FAILED_CALLS,
    text: `${sayCount(count, 'call')}${calls > 0 ? ` of ${calls.toLocaleString('en-US')}` : ''} failed: what they had sent is paid for again with each attempt.`,
  };
}

function fewSessions({ level, expected, bindingLimit }: Evaluation): Finding {
  if (level === Level.OK || bindingLimit === undefined || !isShare(bindingLimit)) return undefined;
  if (expected.confidence !== 'low' || expected.nanoUsd === undefined) return undefined;
  return {
    code: RecommendationCode.FEW_SESSIONS,
    text: `The expected ${sayUsd(expected.nanoUsd)} come from ${sayCount(expected.n, 'finished session')} only: declare expected_usd in the policy if you know better.`,
  };
}
