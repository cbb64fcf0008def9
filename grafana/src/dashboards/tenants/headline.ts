// The numbers at the top: all chosen tenants together.

import type { Row } from '../../dashboard.ts';
import { Uid } from '../../link.ts';
import { stat } from '../../panel/stat.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { atEnd } from '../../query/prometheus-query.ts';
import { recordedLabels } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { atMost, Color, rising, Unit } from '../../style.ts';
import { before, BOTH, DAYS_AND_BEFORE, FORGOTTEN_DAYS, HOURS_IN_RANGE, now } from './in-range.ts';

export function headline(): Row {
  return { panels: [spent(), growth(), spending(), fresh(), over(), unpriced()] };
}

function spent() {
  return stat({
    title: 'Spent in all',
    description:
      'Exact cost of the hours in the time range, of the chosen tenants together. Whose it is: the table below.',
    unit: Unit.USD_EXACT,
    decimals: 2,
    color: Color.COST,
    queries: [
      rows(sql`
        SELECT sum(cost_nano_usd) / 1e9 AS cost
        FROM workflow_hour_totals
        WHERE ${HOURS_IN_RANGE}`),
    ],
  });
}

function growth() {
  return stat({
    title: 'Growth in a week',
    description:
      'Cost of the time range over that of the same hours a week earlier, less 1. Red from twice as much on: sort the table below by growth, and see whether that tenant knows.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: rising(0.3, 1),
    noValue: 'nothing to compare with',
    queries: [
      rows(sql`
        SELECT ${now('cost_nano_usd')} / nullIf(${before('cost_nano_usd')}, 0) - 1 AS growth
        FROM workflow_hour_totals
        WHERE ${BOTH}`),
    ],
  });
}

function spending() {
  return stat({
    title: 'Active tenants',
    description:
      'Tenants with bookings in the hours of the time range. Fewer than usual: has a producer stopped sending? See Pipeline health.',
    unit: Unit.COUNT,
    decimals: 0,
    queries: [
      rows(sql`
        SELECT uniqExact(tenant) AS tenants
        FROM
        (
          SELECT tenant
          FROM workflow_hour_totals
          WHERE ${HOURS_IN_RANGE}
          GROUP BY tenant
          HAVING sum(standing_entries) != 0
        )`),
    ],
  });
}

function fresh() {
  return stat({
    title: 'New tenants',
    description: `Tenants that were first seen in the time range, and not once in the ${FORGOTTEN_DAYS} days before. One that nobody knows is a key that is used for another tenant, or a misspelled name.`,
    unit: Unit.COUNT,
    decimals: 0,
    queries: [
      rows(sql`
        SELECT count() AS tenants
        FROM
        (
          SELECT entries.tenant AS tenant
          FROM entries
          WHERE ${DAYS_AND_BEFORE}
          GROUP BY tenant
          HAVING min(entries.started_at) >= $__fromTime
        )`),
    ],
  });
}

function over() {
  return stat({
    title: 'Over a budget',
    description:
      'Tenants that have used up a budget of their day or month, or one of a workflow. Runbook: TurnmeterBudgetExceeded.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: atMost(1),
    isLoud: true,
    drills: [{ title: 'Open Budgets and burn', to: Uid.BUDGETS, variables: {} }],
    queries: [
      atEnd(
        `count(max by (tenant) (budget:turnmeter_used:ratio${recordedLabels(['tenant'])}) >= 1) or vector(0)`,
        'over',
      ),
    ],
  });
}

function unpriced() {
  return stat({
    title: 'Tokens without price',
    description:
      'Share of tokens without a price, of all chosen tenants. While it is not 0, costs are a lower bound. Whose, and which models: the table below, then Agents and models. Runbook: TurnmeterUnpricedTokens.',
    unit: Unit.RATIO,
    decimals: 1,
    steps: rising(0.000_001, 0.01),
    noValue: 'no tokens',
    queries: [
      rows(sql`
        SELECT sum(unpriced_tokens) / nullIf(sum(input_tokens + output_tokens), 0) AS unpriced
        FROM workflow_hour_totals
        WHERE ${HOURS_IN_RANGE}`),
    ],
  });
}
