import type { TokenUsage } from '@turnmeter/pricing';
import { GenAiOperation, MetricLabel, UsageSource } from '@turnmeter/semconv';
import { guarded, warnOnce } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { startInference } from '../emit/start-inference.ts';
import { currentScope, type Scope } from '../session/scope.ts';
import { type AnswerFacts, callsOf, Problem } from '../usage/answer-facts.ts';
import { usageFrom } from '../usage/usage-from.ts';
import { ToldAnswers } from './told-answers.ts';

/** What the answer of a call does not say of itself. */
export interface CallOptions {
  /** Who was asked, as the GenAI conventions name it: `openai`, `anthropic` … @default what the answer's shape tells */
  readonly provider?: string | undefined;
  /** The model that was asked for. */
  readonly model?: string | undefined;
  /** @default `chat`, or what the answer's shape tells */
  readonly operation?: string | undefined;
  /** How long the call took, in milliseconds. @default unknown: the call is in no duration */
  readonly durationMs?: number | undefined;
  /** Whether the tokens are a guess of yours. @default false */
  readonly isEstimated?: boolean | undefined;
}

/**
 * Counts a model call that nobody saw: by the provider's answer, by what {@link usageFrom} read out of it, or by
 * your own count: `{ usage: { input, output }, model }`, where input holds its cached part and output its reasoning. Beside an attached
 * client it counts nothing, since the answer's id is known. Never throws.
 */
export function recordCall(answer: unknown, options: CallOptions = {}, scope: Scope = currentScope()): void {
  const { turn } = scope;
  const report = (): void => {
    guarded('recording a call', () => record(answer, options, scope));
  };
  // The last part of a stream may be told before whoever watches the client has seen its end.
  if (turn !== undefined && turn.openCalls > 0 && scope.inference === undefined) turn.afterCalls.push(report);
  else report();
}

function record(answer: unknown, options: CallOptions, scope: Scope): void {
  const facts = factsOf(answer);
  if (isNoAnswer(facts)) {
    refuse(facts);
    return;
  }
  const told = toldAnswers();
  // Of facts that the app wrote itself the same object may stand for many calls.
  if (facts !== answer && facts.usage !== answer && told.isKnownObject(answer, facts)) return;
  for (const call of callsOf(facts)) {
    if (!told.isCounted(call, scope)) count(call, options, scope);
  }
}

function count(facts: AnswerFacts, options: CallOptions, scope: Scope): void {
  const { durationMs } = options;
  const endMs = Date.now();
  const inference = startInference({
    operation: options.operation ?? facts.operation ?? GenAiOperation.CHAT,
    provider: options.provider ?? facts.provider ?? PROVIDER_UNKNOWN,
    model: options.model ?? facts.model,
    startMs: durationMs === undefined ? undefined : endMs - durationMs,
    scope,
  });
  inference.end({
    facts,
    endMs,
    isUntimed: durationMs === undefined,
    usageSource: options.isEstimated === true ? UsageSource.ESTIMATED : undefined,
  });
  // What was counted here excuses no other report, neither by its id nor by its tokens.
  recorder().answered.isRepeat(facts.responseId);
  const counted = scope.turn?.counted;
  if (counted?.at(-1)?.usage === facts.usage) counted?.pop();
}

/** An answer of a provider, or facts that are read already. */
export function factsOf(answer: unknown): AnswerFacts {
  try {
    if (areFacts(answer)) return answer;
    if (areTokens(answer)) return { usage: answer };
  } catch {
    // A getter or a proxy of the app's threw; the reader knows what to make of that.
  }
  return usageFrom(answer);
}

function areFacts(answer: unknown): answer is AnswerFacts {
  if (typeof answer !== 'object' || answer === null) return false;
  const { usage, responseId, problems } = answer as { readonly [Name in keyof AnswerFacts]?: unknown };
  return usage === undefined ? typeof responseId === 'string' || Array.isArray(problems) : areTokens(usage);
}

/** Our own names of tokens, which no provider uses. */
function areTokens(usage: unknown): usage is TokenUsage {
  if (typeof usage !== 'object' || usage === null) return false;
  const { input, output } = usage as { readonly input?: unknown; readonly output?: unknown };
  return (input !== undefined || output !== undefined) && [input, output].every(isCountOrNone);
}

function isCountOrNone(tokens: unknown): boolean {
  return tokens === undefined || (Number.isSafeInteger(tokens) && Number(tokens) >= 0);
}

/** Nothing in it tells of a call that was answered. */
function isNoAnswer({ usage, responseId, model, calls }: AnswerFacts): boolean {
  return usage === undefined && responseId === undefined && model === undefined && calls === undefined;
}

function refuse({ problems = [] }: AnswerFacts): void {
  const [reason = NO_ANSWER] = problems;
  recorder().instruments.dropped.add(1, { [MetricLabel.REASON]: reason });
  const advice = ADVICE[reason] ?? 'expected the answer of a provider or what usageFrom() gives';
  warnOnce(`recordCall ${reason}`, `recordCall was given what is no answer (${reason}): ${advice}`);
}

const NO_ANSWER = 'no_answer';
const PROVIDER_UNKNOWN = 'unknown';
const ADVICE: Readonly<Record<string, string>> = {
  [Problem.PromiseNotAwaited]: 'wait for the promise first',
  [Problem.StreamNotRead]: 'read the stream to its end and record its last part, the one with the usage',
  [Problem.SeveralAnswers]: 'record each answer by itself',
};

let answers: ToldAnswers | undefined;

function toldAnswers(): ToldAnswers {
  return (answers ??= new ToldAnswers());
}
