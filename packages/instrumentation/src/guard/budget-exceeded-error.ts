import { describeFigures, shownUsd, type BudgetFigures } from './budget-figures.ts';

/** What a refused call is told: no request was sent. Neither clients nor frameworks try it again. */
export class BudgetExceededError extends Error {
  override readonly name = 'BudgetExceededError';
  readonly code = 'budget_exceeded';
  /** `402 Payment Required`: clients and frameworks that go by a status do not retry it, and web frameworks answer with it. */
  readonly status = 402;
  readonly retryable = false;
  readonly isRetryable = false;
  readonly session: string | undefined;
  readonly workflow: string | undefined;
  /** In US dollars. */
  readonly spent: number;
  /** In US dollars; undefined where the limit that binds is none in money. */
  readonly limit: number | undefined;
  /** Which limit binds: `shares.stop`, `usd.stop`, `tokens.stop`, `kill_switch`, `lease`, `pause`, `unavailable`, `unpriced`. */
  readonly bindingLimit: string;
  /** What such a session costs, in US dollars. */
  readonly expected: number | undefined;
  /** Of what such a session costs. */
  readonly percent: number | undefined;
  readonly figures: BudgetFigures;

  constructor(reason: string, figures: BudgetFigures, detail?: string) {
    super(messageOf(reason, figures, detail));
    this.session = figures.session;
    this.workflow = figures.workflow;
    this.spent = figures.spentUsd;
    this.limit = figures.limitUsd;
    this.bindingLimit = reason;
    this.expected = figures.expectedUsd;
    this.percent = figures.percentOfExpected;
    this.figures = figures;
  }
}

/** The refusal in an error, or in what it was caused by: stream helpers of clients throw errors of their own around it. */
export function budgetExceededIn(error: unknown): BudgetExceededError | undefined {
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX && typeof at === 'object' && at !== null; depth++) {
    if ((at as { readonly code?: unknown }).code === 'budget_exceeded' && 'figures' in at)
      return at as BudgetExceededError;
    at = (at as { readonly cause?: unknown }).cause;
  }
  return undefined;
}

const CAUSES_MAX = 5;

function messageOf(reason: string, figures: BudgetFigures, detail: string | undefined): string {
  const limit = reason.startsWith('tokens')
    ? `; the limit is ${figures.limitTokens} tokens`
    : figures.limitUsd === undefined || reason === 'kill_switch'
      ? ''
      : `; the limit is ${shownUsd(figures.limitUsd)}`;
  return `no model is asked: ${describeFigures(figures)}${limit} (${reason})${detail === undefined ? '' : `: ${detail}`}`;
}
