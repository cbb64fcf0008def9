// Prepaid balances: what is left, and when it runs out.

import type { Row } from '../../dashboard.ts';
import { merged, valueColumns } from '../../panel/merged.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { labelRows, overTime } from '../../query/prometheus-query.ts';
import { recordedLabels } from '../../query/selected.ts';
import { Color, falling, quiet, Unit } from '../../style.ts';
import { ofChosen } from './series.ts';

export function balancesRow(): Row {
  return { title: 'Balances: what is prepaid, and how long it lasts', panels: [balances(), free()] };
}

const BY = 'max by (tenant, account)';
const DAY = 86_400;
/** As told by TurnmeterBalanceExhaustion. */
const LASTS = quiet(falling(3 * DAY, DAY / 4));

const FREE_USD = `${BY} (${ofChosen('turnmeter_balance_free_usd')})`;
const SPENT_USD = `${BY} (clamp_min(delta(${ofChosen('turnmeter_balance_spent_usd')}[1d]), 0))`;
const FREE_TOKENS = `${BY} (${ofChosen('turnmeter_balance_free_tokens')})`;
const SPENT_TOKENS = `${BY} (clamp_min(delta(${ofChosen('turnmeter_balance_spent_tokens')}[1d]), 0))`;
const USD_LAST = `${BY} (account:turnmeter_balance_left_1d:seconds${recordedLabels(['tenant'])})`;
const TOKENS_LAST = `${FREE_TOKENS} * ${DAY} / (${SPENT_TOKENS} > 0)`;

function balances() {
  return table({
    title: 'When do balances run out?',
    description:
      'Prepaid balances in US dollars or tokens, what was spent of them in the last day, and how long they last at that. Below 3 days: grant more, or tell the tenant. Runbook: TurnmeterBalanceExhaustion.',
    width: 14,
    height: 8,
    noValue: 'There are no balances.',
    columns: [
      { name: 'tenant', header: 'Tenant' },
      { name: 'account', header: 'Account' },
      { name: 'Value #A', header: 'Free', unit: Unit.USD_EXACT, decimals: 2, width: 100 },
      { name: 'Value #B', header: 'Spent in a day', unit: Unit.USD_EXACT, decimals: 2, width: 120 },
      { name: 'Value #C', header: 'Free tokens', unit: Unit.TOKENS, width: 100 },
      { name: 'Value #D', header: 'Tokens in a day', unit: Unit.TOKENS, width: 120 },
      { name: 'Value #E', header: 'Lasts', unit: Unit.SECONDS, decimals: 1, width: 110, steps: LASTS },
    ],
    transformations: merged(['tenant', 'account', ...valueColumns(5)]),
    queries: [
      labelRows(FREE_USD),
      labelRows(SPENT_USD),
      labelRows(FREE_TOKENS),
      labelRows(SPENT_TOKENS),
      labelRows(`${USD_LAST} or ${TOKENS_LAST}`),
    ],
  });
}

function free() {
  return timeSeries({
    title: 'How fast do balances fall?',
    description:
      'What can still be spent of balances in US dollars, the twelve largest. Steps up are grants. A line that steepens is a workflow that spends more: see whose in Tenants.',
    unit: Unit.USD,
    color: Color.COST,
    noValue: 'There are no balances in US dollars.',
    width: 10,
    height: 8,
    queries: [overTime(`topk(12, ${FREE_USD})`, '{{tenant}} {{account}}')],
  });
}
