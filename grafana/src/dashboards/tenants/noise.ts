// Who makes more series, errors and gaps than others: what an operator has to talk to a tenant about.

import type { Row } from '../../dashboard.ts';
import { clicked, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { labels } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, quiet, rising, Unit } from '../../style.ts';
import { DAYS_IN_RANGE } from './in-range.ts';

export function noiseRow(): Row {
  return { title: 'Noise: names, failures and gaps', panels: [noise(), series(), refusals()] };
}

function noise() {
  return table({
    title: 'Whose data are noisy?',
    description:
      'What tenants sent on the days of the time range. Hundreds of workflows, agents or tools are ids in place of names: each is a series of its own until they are folded. Calls without tokens are missing in costs: switch usage on in that producer.',
    width: 24,
    height: 8,
    columns: [
      {
        name: 'tenant',
        header: 'Tenant',
        drill: { title: 'Open the overview', to: Uid.OVERVIEW, variables: { tenant: clicked } },
      },
      { name: 'bookings', header: 'Bookings', unit: Unit.COUNT, width: 110 },
      {
        name: 'share',
        header: 'Share',
        unit: Unit.RATIO,
        decimals: 0,
        width: 140,
        bar: { color: Color.COUNT, max: 1 },
      },
      {
        name: 'workflows',
        header: 'Workflows',
        unit: Unit.COUNT,
        decimals: 0,
        width: 110,
        steps: quiet(rising(200, 1000)),
      },
      { name: 'agents', header: 'Agents', unit: Unit.COUNT, width: 100, steps: quiet(rising(200, 1000)) },
      { name: 'models', header: 'Models', unit: Unit.COUNT, width: 100, steps: quiet(rising(100, 500)) },
      { name: 'tools', header: 'Tools', unit: Unit.COUNT, width: 100, steps: quiet(rising(500, 2000)) },
      {
        name: 'failed',
        header: 'Calls and tools failed',
        unit: Unit.RATIO,
        decimals: 1,
        width: 170,
        steps: quiet(rising(0.05, 0.2)),
      },
      {
        name: 'silent',
        header: 'Calls without tokens',
        unit: Unit.RATIO,
        decimals: 1,
        width: 160,
        steps: quiet(rising(0.02, 0.2)),
      },
      {
        name: 'lone',
        header: 'Cost of no session',
        unit: Unit.RATIO,
        decimals: 1,
        width: 150,
        steps: quiet(rising(0.05, 0.5)),
      },
    ],
    queries: [rows(NOISE)],
  });
}

/** Names that few tenants have many of are counted from the sums by day, in which they are. */
const NOISE = sql`
  SELECT
    sums.tenant AS tenant,
    sum(sums.standing) AS bookings,
    bookings / nullIf(sum(bookings) OVER (), 0) AS share,
    uniqExactIf(sums.workflow, sums.workflow != '') AS workflows,
    uniqExactIf(sums.agent, sums.agent != '') AS agents,
    uniqExactIf(sums.model, sums.model != '') AS models,
    uniqExactIf(sums.tool, sums.tool != '') AS tools,
    sum(sums.errors) / nullIf(sum(sums.inferences + sums.tool_calls), 0) AS failed,
    sumIf(sums.inferences, sums.usage_source = 'missing') / nullIf(sum(sums.inferences), 0) AS silent,
    sumIf(sums.nano_usd, sums.is_lone) / nullIf(sum(sums.nano_usd), 0) AS lone
  FROM
  (
    SELECT
      entries.tenant AS tenant,
      entries.workflow AS workflow,
      entries.agent AS agent,
      entries.model AS model,
      entries.tool AS tool,
      entries.usage_source AS usage_source,
      empty(entries.session_id) AS is_lone,
      sum(entries.sign) AS standing,
      sum(entries.sign * entries.inferences) AS inferences,
      sum(entries.sign * entries.tool_calls) AS tool_calls,
      sum(entries.sign * entries.errors) AS errors,
      sum(entries.sign * entries.cost_nano_usd) AS nano_usd
    FROM entries
    WHERE ${DAYS_IN_RANGE}
    GROUP BY
      entries.tenant,
      entries.workflow,
      entries.agent,
      entries.model,
      entries.tool,
      entries.usage_source,
      empty(entries.session_id)
    HAVING standing != 0
  ) AS sums
  GROUP BY tenant
  ORDER BY bookings DESC, tenant
  LIMIT 200`;

function series() {
  return timeSeries({
    title: 'How many workflows have series of their own?',
    description:
      'Workflows by name on /metrics. From `metrics.workflows_max` on (20,000 unless configured) the others are counted under `_other`. One that rises all the time is ids in place of names: the table above says whose. Runbook: TurnmeterWorkflowsFolded.',
    unit: Unit.COUNT,
    decimals: 0,
    colors: { shown: Color.COUNT },
    legend: 'none',
    width: 12,
    height: 8,
    queries: [overTime(`max(turnmeter_workflows${labels([], { state: 'shown' })})`, 'shown')],
  });
}

function refusals() {
  return timeSeries({
    title: 'What was refused or counted under “other”?',
    description:
      'Records a minute that were refused, by reason, and bookings of workflows without series of their own. Whoever sent refused records was told why; which tenant that is, the log of the aggregator says. Runbook: TurnmeterUsageDropped.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    noValue: 'Nothing was refused.',
    width: 12,
    height: 8,
    drills: [{ title: 'Open Pipeline health', to: Uid.PIPELINE, variables: {} }],
    queries: [
      overTime(
        `sum by (reason) (rate(turnmeter_records_refused_total${labels([])}[$__rate_interval])) * 60 > 0`,
        '{{reason}}',
      ),
      overTime(
        `sum(rate(turnmeter_folded_records_total${labels([])}[$__rate_interval])) * 60 > 0`,
        'counted under _other',
      ),
    ],
  });
}
