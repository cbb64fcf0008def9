import type { Policy, PolicyRule } from '@turnmeter/budget';
import type { BudgetEvent, BudgetFigures } from './budget-figures.ts';

/** What sessions may cost, and what is done when they cost more. Every field may be left out. */
export interface BudgetOptions extends Omit<Policy, 'usd' | 'tokens'> {
  /**
   * US dollars of one session. A number is where it is stopped; 75 % of it is the warning and 90 % critical.
   * @default `TURNMETER_BUDGET_USD`
   */
  readonly usd?: number | Policy['usd'];
  /** Tokens (input and output) of one session, likewise. @default `TURNMETER_BUDGET_TOKENS` */
  readonly tokens?: number | Policy['tokens'];
}

/** The same for all sessions of a process, with what is to be done. */
export interface GuardOptions extends BudgetOptions {
  /** Policies for some tenants, workflows, agents or models: the narrowest wins, field by field. */
  readonly rules?: readonly PolicyRule[] | undefined;
  /** Is told what the guard does: once for each session and level. What it throws is noted and changes nothing. */
  readonly notify?: ((event: BudgetEvent) => void) | undefined;
  /** Makes a call cheaper, beside `degrade.models`, once a session has come to `degrade.at`. */
  readonly onDegrade?: ((call: DegradableCall) => CheaperCall | undefined) | undefined;
  /**
   * Decides when a session has come to `pauseShare` of its expected cost; calls wait for it. Without it they wait for
   * `resumeSession()`. What it throws stops the session.
   */
  readonly onPause?: ((figures: BudgetFigures) => PauseDecision | Promise<PauseDecision>) | undefined;
  /** How long a session waits for somebody to decide, in milliseconds; then it is stopped. @default 3600000 */
  readonly pauseTimeoutMs?: number | undefined;
  /**
   * How long a call waits for others to end where what they have reserved leaves no room for it, in milliseconds; then it is refused.
   * @default 60000
   */
  readonly waitTimeoutMs?: number | undefined;
  /**
   * How long a session's first call waits for what the aggregator knows of it, in milliseconds; then it goes by what is known here.
   * @default 500
   */
  readonly answerTimeoutMs?: number | undefined;
  /** Where policies, baselines and stops come from, such as `http://127.0.0.1:8318`. @default `TURNMETER_URL` */
  readonly aggregatorUrl?: string | undefined;
  /** @default `TURNMETER_KEY` */
  readonly key?: string | undefined;
  /** Whether an impossible budget ends the start of the app, by a `BudgetConfigError`. @default false: it is said loudly, and calls are refused */
  readonly throwOnInvalid?: boolean | undefined;
}

/** A call that may be made cheaper. */
export interface DegradableCall {
  readonly provider: string;
  readonly model: string | undefined;
  readonly agent: string | undefined;
  readonly figures: BudgetFigures;
}

/** How it is to be made instead; what is left out stays. */
export interface CheaperCall {
  readonly model?: string | undefined;
  readonly outputTokensMax?: number | undefined;
}

/** What somebody decides on a session that has cost a lot: to go on up to its stop, to stop it, or to let it cost so much more. */
export type PauseDecision = 'continue' | 'stop' | { readonly raiseUsd: number };
