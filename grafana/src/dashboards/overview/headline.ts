// The numbers at the top, read in five seconds by whoever was just paged: money on the left, trouble on the right.

import type { Row } from '../../dashboard.ts';
import { Uid } from '../../link.ts';
import { stat, type StatOptions } from '../../panel/stat.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { atEnd } from '../../query/prometheus-query.ts';
import { labels, recordedLabels } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { atMost, Color, ofBudget, rising, Unit } from '../../style.ts';
import { COST_USD, LAST_DAY, LAST_MONTH } from './in-range.ts';

export function headline(): Row {
  return { panels: [today(), month(), projected(), running(), overStop(), alerts()] };
}

function today() {
  return spent({
    title: 'Spent today',
    description:
      'Exact sum since midnight UTC of the day in which the time range ends. More than on other days: see below which tenant it is, then its workflows.',
    days: LAST_DAY,
  });
}

function month() {
  return spent({
    title: 'Spent this month',
    description:
      'Exact sum since the first of the month, UTC, in which the time range ends; the same figure as in budgets and in the API. What it will be at the end: Budgets and burn.',
    days: LAST_MONTH,
  });
}

function spent({ days, ...options }: Pick<StatOptions, 'title' | 'description'> & { readonly days: string }) {
  return stat({
    ...options,
    unit: Unit.USD_EXACT,
    decimals: 2,
    color: Color.COST,
    queries: [
      rows(sql`
        SELECT ${COST_USD} AS spent
        FROM entries
        WHERE ${days}`),
    ],
  });
}

function projected() {
  return stat({
    title: 'Fullest budget, projected',
    description:
      'Of all monthly budgets of the chosen tenants, the one that will be fullest when the month ends if spending goes on as in the last day. 100 % is the plan. Over it: open Budgets and burn to see whose it is.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: ofBudget,
    noValue: 'no budgets',
    drills: [{ title: 'Open Budgets and burn', to: Uid.BUDGETS, variables: {} }],
    queries: [atEnd(`max(budget:turnmeter_projected:ratio${recordedLabels(['tenant'])})`, 'projected')],
  });
}

function running() {
  return stat({
    title: 'Sessions running',
    description:
      'Sessions that something was booked to within the idle time (15 minutes, unless configured). None, although people are working: look at the strip at the bottom, telemetry may be lost.',
    unit: Unit.COUNT,
    color: Color.PLAIN,
    noValue: '0',
    queries: [
      atEnd(
        `sum(max by (tenant, workflow) (turnmeter_sessions_active${labels(['tenant', 'workflow'])})) or vector(0)`,
        'running',
      ),
    ],
  });
}

function overStop() {
  return stat({
    title: 'Of them past their stop',
    description:
      'Running sessions at or over the level stop of their policy: 150 % of what is expected, unless a policy says otherwise. A guard in the app would have stopped them. Open them from the table below, and stop them by the API or in the app.',
    unit: Unit.COUNT,
    steps: atMost(1),
    queries: [
      atEnd(
        `sum(max by (tenant, workflow) (turnmeter_sessions_over_threshold${labels(['tenant', 'workflow'], { level: 'stop' })})) or vector(0)`,
        'past their stop',
      ),
    ],
  });
}

function alerts() {
  return stat({
    title: 'Alerts firing',
    description:
      'Alerts of Turnmeter that fire now, of the chosen tenants and of the service itself. The table below names them; each leads to its runbook.',
    unit: Unit.COUNT,
    steps: rising(1, 3),
    queries: [
      atEnd(
        'count(ALERTS{alertstate="firing", alertname=~"Turnmeter.+", severity!="info", tenant=~"$tenant|"}) or vector(0)',
        'firing',
      ),
    ],
  });
}
