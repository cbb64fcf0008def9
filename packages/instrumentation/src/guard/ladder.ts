// Comes in: accounts whose spending has changed. Goes out: once for each level, what people and programs are told of it. Refused: saying the
// same twice.

import { trace } from '@opentelemetry/api';
import {
  ATTR_TURNMETER_BUDGET_ACTION,
  ATTR_TURNMETER_BUDGET_LEVEL,
  BudgetLevel,
  EVENT_TURNMETER_BUDGET_CROSSED,
  MetricLabel,
} from '@turnmeter/semconv';
import { ownLabels } from '../emit/identity-attributes.ts';
import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { processState } from '../session/process-state.ts';
import type { Scope } from '../session/scope.ts';
import type { Account } from './account.ts';
import { BudgetEventAction, describeFigures, type BudgetEvent } from './budget-figures.ts';
import { LEVEL_RANK } from './limits.ts';
import { say } from './say.ts';

/** Who is told of what the guard does. */
export type BudgetListener = (event: BudgetEvent) => void;

/** Tells what the guard does. */
export class Ladder {
  readonly #notify: BudgetListener | undefined;
  /** For the aggregator, until it has been told. */
  readonly #note: ((event: BudgetEvent) => void) | undefined;

  constructor(notify: BudgetListener | undefined, note?: (event: BudgetEvent) => void) {
    this.#notify = notify;
    this.#note = note;
  }

  /** Tells of levels that an account has come to since the last time. */
  climbed(account: Account, scope: Scope | undefined): void {
    const { level, name } = account.passed() ?? {};
    if (level === undefined || name === undefined || LEVEL_RANK[level] <= LEVEL_RANK[account.toldLevel]) return;
    account.toldLevel = level;
    const labels = ownLabels({ tenant: account.owner.tenant, workflow: account.owner.workflow });
    recorder().instruments.thresholdCrossings.add(1, { ...labels, [MetricLabel.LEVEL]: level });
    this.tell(BudgetEventAction.NOTIFY, name, account, scope);
    if (level === BudgetLevel.STOP) this.once(BudgetEventAction.STOP, name, account, scope);
  }

  /** Tells of something that goes on from then on. */
  once(action: BudgetEventAction, reason: string, account: Account, scope: Scope | undefined): void {
    if (account.told.has(action)) return;
    account.told.add(action);
    this.tell(action, reason, account, scope);
  }

  tell(action: BudgetEventAction, reason: string, account: Account, scope: Scope | undefined): void {
    const figures = account.figures();
    const message = `${WHAT[action]}: ${describeFigures(figures)} [${reason}]`;
    const event: BudgetEvent = { action, reason, figures, message };
    guarded('telling of a budget', () => {
      const span = scope === undefined ? undefined : trace.getSpan(scope.otel);
      span?.addEvent(EVENT_TURNMETER_BUDGET_CROSSED, {
        [ATTR_TURNMETER_BUDGET_LEVEL]: figures.level,
        [ATTR_TURNMETER_BUDGET_ACTION]: action,
      });
    });
    say(message);
    this.#note?.(event);
    for (const listener of [this.#notify, ...processState().budgetListeners]) {
      if (listener !== undefined) guarded('a listener of budgets', () => listener(event));
    }
  }
}

const WHAT: Readonly<Record<BudgetEventAction, string>> = {
  [BudgetEventAction.NOTIFY]: 'budget',
  [BudgetEventAction.DEGRADE]: 'budget: calls are made cheaper',
  [BudgetEventAction.PAUSE]: 'budget: somebody is asked whether to go on',
  [BudgetEventAction.RESUME]: 'budget: it goes on',
  [BudgetEventAction.STOP]: 'budget: stopped',
  [BudgetEventAction.OVERRIDE]: 'budget: the limit was raised',
};
