import type { Charge } from '@turnmeter/pricing';
import type { AnswerFacts } from './answer-facts.ts';
import type { Notes } from './notes.ts';

/** The facts that are known, and what was wrong. Anything undefined is left out. */
export function buildFacts(found: AnswerFacts, notes: Notes): AnswerFacts {
  const facts: { -readonly [Key in keyof AnswerFacts]: AnswerFacts[Key] } = {};
  if (found.usage !== undefined) facts.usage = found.usage;
  if (found.model !== undefined) facts.model = found.model;
  if (found.responseId !== undefined) facts.responseId = found.responseId;
  if (found.finishReasons !== undefined) facts.finishReasons = found.finishReasons;
  if (found.serviceTier !== undefined) facts.serviceTier = found.serviceTier;
  if (found.charges !== undefined) facts.charges = found.charges;
  if (found.provider !== undefined) facts.provider = found.provider;
  if (found.operation !== undefined) facts.operation = found.operation;
  if (found.reportedCost !== undefined) facts.reportedCost = found.reportedCost;
  if (found.calls !== undefined) facts.calls = found.calls;
  const { problems } = notes;
  if (problems !== undefined) facts.problems = problems;
  return facts;
}

/** A charge for so many units; none for none. */
export function chargeFor(kind: string, quantity: number | undefined): readonly Charge[] | undefined {
  return quantity === undefined || quantity === 0 ? undefined : [{ kind, quantity }];
}

/** Several lists of charges as one. */
export function joinCharges(...lists: readonly (readonly Charge[] | undefined)[]): readonly Charge[] | undefined {
  const charges = lists.flatMap((list) => list ?? []);
  return charges.length === 0 ? undefined : charges;
}
