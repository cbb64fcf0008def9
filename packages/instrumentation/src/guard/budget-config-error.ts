import type { PolicyProblem } from '@turnmeter/budget';

/** A budget that nobody can hold, with all that is wrong with it by the fields' names. */
export class BudgetConfigError extends Error {
  override readonly name = 'BudgetConfigError';
  readonly code = 'budget_invalid';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super(`the budget cannot be held: ${problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}`);
    this.problems = problems;
  }
}
