import { callsOf, type AnswerFacts } from '../usage/answer-facts.ts';

/**
 * Nearer to the wire is better: what calls below told wins over what the framework made of it. Where a framework asked several times
 * within its call, each was billed, and is a call of its own.
 */
export function mergeFacts(own: AnswerFacts, below: readonly AnswerFacts[]): AnswerFacts {
  const told = below.filter(({ usage }) => usage !== undefined);
  const last = told.at(-1);
  if (last === undefined) return own;
  const calls = told.flatMap((facts) => callsOf(facts));
  return { ...own, ...withoutUndefined(last), calls: calls.length > 1 ? calls : undefined };
}

function withoutUndefined(facts: AnswerFacts): AnswerFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as AnswerFacts;
}
