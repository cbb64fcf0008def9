// The numbers at the top: what is used up first, then what will be.

import type { Row } from '../../dashboard.ts';
import { stat } from '../../panel/stat.ts';
import { atEnd } from '../../query/prometheus-query.ts';
import { atMost, Color, falling, ofBudget, rising, Unit } from '../../style.ts';
import { budget, firing, LEFT_SECONDS } from './series.ts';

const NO_BUDGETS = 'no budgets';

export function headline(): Row {
  return { panels: [usedUp(), mostUsed(), projected(), burn(), lasts(), alerts()] };
}

function usedUp() {
  return stat({
    title: 'Budgets used up',
    description:
      'Budgets of the day or month of which 100 % or more is spent. Nothing is stopped by it; policies stop sessions. Runbook: TurnmeterBudgetExceeded.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: atMost(1),
    isLoud: true,
    queries: [atEnd(`count(${budget('turnmeter_used:ratio')} >= 1) or vector(0)`, 'used up')],
  });
}

function mostUsed() {
  return stat({
    title: 'Fullest budget',
    description:
      'Used share of the budget that is nearest to its end. Late in a month 90 % may be as planned: what counts is where it ends. Runbook: TurnmeterBudgetNearlyUsed.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: ofBudget,
    noValue: NO_BUDGETS,
    queries: [atEnd(`max(${budget('turnmeter_used:ratio')})`, 'used')],
  });
}

function projected() {
  return stat({
    title: 'Where the month ends',
    description:
      'Spent so far and the rate of the last day until the month ends, over the budget: the highest of all. Red from 110 % on. Nothing on the first day of a month. Runbook: TurnmeterBudgetProjectedOverrun.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: rising(1, 1.1),
    noValue: 'not known yet',
    queries: [atEnd(`max(${budget('turnmeter_projected:ratio')})`, 'projected')],
  });
}

function burn() {
  return stat({
    title: 'Fastest burn, 1 h',
    description:
      'Spending of the last hour over what is planned for an hour, the highest of all monthly budgets. 1 is the plan; from 6 on for hours it is an emergency. Runbook: TurnmeterBudgetBurn.',
    unit: Unit.TIMES,
    decimals: 1,
    steps: rising(1.5, 6),
    noValue: NO_BUDGETS,
    queries: [atEnd(`max(${budget('turnmeter_burn:ratio_rate1h')})`, 'burn')],
  });
}

function lasts() {
  return stat({
    title: 'Next used up in',
    description:
      'Time until the next monthly budget is used up, at the rate of the last six hours; those that are used up already do not count. Red below a day. More than the month has left is as it should be.',
    unit: Unit.SECONDS,
    steps: falling(259_200, 86_400),
    noValue: 'nothing is spent',
    queries: [atEnd(`min((${LEFT_SECONDS}) > 0)`, 'lasts')],
  });
}

function alerts() {
  return stat({
    title: 'Alerts firing',
    description:
      'Firing alerts about money: budgets, tenants, balances, sessions and guards. Which ones, and since when, is in the timeline below; each has a page in docs/runbooks by its name.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: [
      { from: null, color: Color.OK },
      { from: 1, color: Color.CRITICAL },
    ],
    queries: [atEnd(`count(${firing()}) or vector(0)`, 'alerts')],
  });
}
