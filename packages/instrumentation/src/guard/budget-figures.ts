import type { BudgetStatus } from '@turnmeter/budget';
import type { BudgetLevel } from '@turnmeter/semconv';

/** How a session stands by its budget. Money in US dollars for showing, in whole nano-USD for adding up. */
export interface BudgetFigures {
  /** Undefined for calls that belong to no session: those of a process share a budget. */
  readonly session: string | undefined;
  readonly workflow: string | undefined;
  readonly tenant: string | undefined;
  /** Whose part of the session it is, where a limit of one agent or one model binds. */
  readonly agent: string | undefined;
  readonly model: string | undefined;
  readonly level: BudgetLevel;
  readonly status: BudgetStatus;
  readonly spentUsd: number;
  readonly spentNanoUsd: number;
  /** Input and output. */
  readonly spentTokens: number;
  /** The worst that the calls under way can cost. */
  readonly reservedUsd: number;
  readonly reservedNanoUsd: number;
  readonly reservedTokens: number;
  /** The limit that is nearest to what was spent, or was passed: `shares.stop`, `usd.critical`, `kill_switch`, `lease` … */
  readonly bindingLimit: string | undefined;
  /** Of the stop that comes first, where there is one in money. */
  readonly limitUsd: number | undefined;
  readonly limitNanoUsd: number | undefined;
  readonly limitTokens: number | undefined;
  readonly expectedUsd: number | undefined;
  /** Of the expected cost; 100 is what such a session costs. */
  readonly percentOfExpected: number | undefined;
}

/** What the guard did. */
export interface BudgetEvent {
  readonly action: BudgetEventAction;
  /** Which limit made it: `shares.stop`, `usd.critical`, `kill_switch`, `lease` … */
  readonly reason: string;
  readonly figures: BudgetFigures;
  /** For people, in one line. */
  readonly message: string;
}

/** The guard's ladder, and what people decide on it. */
export const BudgetEventAction = {
  NOTIFY: 'notify',
  DEGRADE: 'degrade',
  PAUSE: 'pause',
  RESUME: 'resume',
  STOP: 'stop',
  /** Somebody raised the limit. */
  OVERRIDE: 'override',
} as const;
/** @see {@link BudgetEventAction} */
export type BudgetEventAction = (typeof BudgetEventAction)[keyof typeof BudgetEventAction];

/** `session s-1 of blog-post spent 0.1502 USD (150 % of the expected 0.1 USD)`. */
export function describeFigures(figures: BudgetFigures): string {
  const { session, workflow, agent, model, expectedUsd, percentOfExpected } = figures;
  const whose = [
    session === undefined ? 'what belongs to no session' : `session ${session}`,
    workflow === undefined ? '' : ` of ${workflow}`,
    agent === undefined ? '' : `, agent ${agent}`,
    model === undefined ? '' : `, model ${model}`,
  ].join('');
  const expected =
    expectedUsd === undefined || percentOfExpected === undefined
      ? ''
      : ` (${Math.round(percentOfExpected)} % of the expected ${shownUsd(expectedUsd)})`;
  return `${whose} spent ${shownUsd(figures.spentUsd)}${expected} and ${figures.spentTokens} tokens`;
}

/** Four digits that tell something: 0.0001234 USD, 12.35 USD. */
export function shownUsd(usd: number): string {
  return `${Number(usd.toPrecision(4))} USD`;
}
